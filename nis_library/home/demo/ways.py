"""The way of an application, move by move, as the verbs of courses would have made it."""

from dataclasses import dataclass
from functools import cache

from courses.states import HOLDING, EnrolmentState, Verb
from schools.states import Role

S = EnrolmentState
APPLICANT, NOMINATOR, ORGANISER, PORTAL, TRAINER = "applicant", "nominator", "organiser", "portal", "trainer"


@dataclass(frozen=True, slots=True)
class Leg:
    """One move: the state it leads to, the step then awaited, and who makes it."""

    verb: str
    state: str
    step: int
    who: str


@cache
def guest_way(state: str) -> list[Leg]:
    """The moves of a guest: signed up, confirmed by the link, and what came of it. Their links name nobody."""
    if state == S.WAITING:
        return [Leg(Verb.SIGN_UP, S.WAITING, 0, PORTAL)]
    seat = [Leg(Verb.SIGN_UP, S.OFFERED, 0, PORTAL), Leg(Verb.CONFIRM, S.CONFIRMED, 0, PORTAL)]
    rest = _after_the_seat(state, queued=False)
    return seat + [Leg(leg.verb, leg.state, 0, PORTAL if leg.who == APPLICANT else leg.who) for leg in rest]


@cache
def way(chain: tuple[str, ...], state: str, *, at: int = 1, queued: bool = False, nominated: bool = False) -> list[Leg]:
    """The moves to `state` under an approval chain (roles in order).

    `at` is the step at which it stands, was declined or returned; `queued` led through the waiting list, from where it
    may also be withdrawn or cancelled, and to a place that is offered.
    """
    legs = []
    if nominated or state in (S.NOMINATED, S.REFUSED):
        legs.append(Leg(Verb.NOMINATE, S.NOMINATED, 0, NOMINATOR))
        if state == S.NOMINATED:
            return legs
        if state == S.REFUSED:
            return [*legs, Leg(Verb.REFUSE, S.REFUSED, 0, APPLICANT)]
    first = Verb.ACCEPT if legs else Verb.APPLY
    gathered = S.POOLED if state == S.POOLED else S.CONFIRMED
    seat = S.WAITING if queued or state == S.WAITING else gathered
    if not chain:
        legs.append(Leg(first, seat, 0, APPLICANT))
    else:
        legs.append(Leg(first, S.PENDING, 1, APPLICANT))
        ends = {S.DECLINED: Verb.DECLINE, S.RETURNED: Verb.RETURN}
        for number, role in enumerate(chain, start=1):
            if number == at and state == S.PENDING:
                return legs
            if number == at and state in ends:
                return [*legs, Leg(ends[S(state)], state, 0, role)]
            last = number == len(chain)
            legs.append(Leg(Verb.APPROVE, seat if last else S.PENDING, 0 if last else number + 1, role))
    return legs + _after_the_seat(state, queued=queued)


def _after_the_seat(state: str, *, queued: bool) -> list[Leg]:
    legs = []
    if state == S.OFFERED:
        return [Leg(Verb.OFFER, S.OFFERED, 0, PORTAL)]
    if queued and state in HOLDING:
        legs.append(Leg(Verb.CONFIRM, S.CONFIRMED, 0, PORTAL))
    if state == S.WITHDRAWN:
        legs.append(Leg(Verb.WITHDRAW, S.WITHDRAWN, 0, APPLICANT))
    if state == S.COMPLETED:
        legs.append(Leg(Verb.COMPLETE, S.COMPLETED, 0, TRAINER))
    if state == S.NOT_COMPLETED:
        legs.append(Leg(Verb.FAIL, S.NOT_COMPLETED, 0, TRAINER))
    if state == S.CANCELLED:
        legs.append(Leg(Verb.CANCEL, S.CANCELLED, 0, ORGANISER))
    return legs


def decider_at(chain: tuple[str, ...], step: int) -> str:
    """The role that decides a step."""
    return Role(chain[step - 1]) if step else ""
