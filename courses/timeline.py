"""What happened to an enrolment, what comes next and who has it now."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from courses.models import Enrolment, EnrolmentMove
from courses.states import OPEN, EnrolmentState, RunState, Verb
from schools.states import Role

REFUSALS = (Verb.DECLINE, Verb.REFUSE, Verb.WITHDRAW, Verb.CANCEL, Verb.PASS, Verb.LATE, Verb.EXPIRE, Verb.HAND_OVER)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a timeline. `state` is done, no, now or next."""

    title: str
    state: str
    at: datetime | date | None = None
    who: str = ""
    note: str = ""


def steps(enrolment: Enrolment) -> list[Step]:
    """The whole way of an enrolment whose moves, run and chain steps are loaded."""
    past = [_past(move) for move in enrolment.moves.all()]
    if enrolment.state not in OPEN or enrolment.run.state == RunState.CANCELLED:
        return past
    return [*past, *_ahead(enrolment)]


def _past(move: EnrolmentMove) -> Step:
    title = str(Verb(move.verb).label)
    if move.state == EnrolmentState.CONFIRMED and move.verb != Verb.CONFIRM:
        title = _("%(move)s, place confirmed") % {"move": title}
    elif move.state == EnrolmentState.POOLED:
        title = _("%(move)s, awaiting the allocation of places") % {"move": title}
    elif move.state == EnrolmentState.WAITING:
        title = _("%(move)s, put on the waiting list") % {"move": title}
    return Step(
        title=title,
        state="no" if move.verb in REFUSALS else "done",
        at=move.at,
        who=move.actor.short_name if move.actor else _("the portal"),
        note=move.note,
    )


def deciding(role: str) -> str:
    """Who has the application now, as a sentence."""
    return _("The school director decides") if role == Role.DIRECTOR else _("HQ decides")


def _ahead(enrolment: Enrolment) -> list[Step]:
    state = enrolment.state
    last = Step(title=_("Place confirmed"), state="next")
    if state == EnrolmentState.PENDING:
        now = Step(title=deciding(enrolment.decider), state="now", at=enrolment.step_due)
        later = [
            Step(title=deciding(step.role), state="next")
            for step in enrolment.run.chain.steps.all()
            if step.order > enrolment.step
        ]
        return [now, *later, last]
    if state == EnrolmentState.RETURNED:
        return [Step(title=_("You change the application and send it again"), state="now"), last]
    if state == EnrolmentState.NOMINATED:
        return [Step(title=_("The nominated colleague accepts or refuses"), state="now"), last]
    if state == EnrolmentState.POOLED:
        return [Step(title=_("Places are allocated after the deadline"), state="now", at=enrolment.run.closes_at), last]
    if state == EnrolmentState.OFFERED:
        return [Step(title=_("You take the place, or leave it"), state="now", at=enrolment.offer_until), last]
    if state == EnrolmentState.WAITING:
        return [Step(title=_("Waiting for a free place"), state="now"), last]
    starts = Step(title=_("The course starts"), state="next", at=enrolment.run.starts_on)
    return [starts] if enrolment.run.starts_on else []
