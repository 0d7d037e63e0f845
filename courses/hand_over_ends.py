"""How long a hand-over may go on, and how it ends. Whoever loses a place by it, or an application, is written to."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from courses import hand_over_letters, hand_over_queries, moves, offer_clock, seats
from courses.models import Enrolment, EnrolmentMove, HandOver, Run
from courses.states import HANDING, HOLDING, EnrolmentState, HandOverState, RunState, Verb
from schools import audit, outbox
from schools.access import SYSTEM, Actor

S, H = EnrolmentState, HandOverState
VERBS = {
    H.ASKED: "ask",
    H.AGREED: "agree",
    H.DONE: "pass",
    H.REFUSED: "refuse",
    H.DECLINED: "decline",
    H.TAKEN_BACK: "take_back",
    H.LAPSED: "lapse",
    H.FALLEN: "fall",
}
"""How the ledger calls what led there: «hand_over.agree»."""
AT_MOST = timedelta(days=7)
"""Longer nobody is kept waiting for the colleague's answer."""
DECIDED = (S.PENDING, S.RETURNED)
"""Where the colleague's application stands while approval is awaited."""


def answer_until(run: Run, *, now: datetime) -> datetime:
    """By when the colleague answers: the clock of offers where the run has one, and the withdrawal deadline."""
    ends = [now + AT_MOST, offer_clock.until(run, now=now), run.cancel_until, begins(run)]
    return min(end for end in ends if end)


def begins(run: Run) -> datetime | None:
    """Midnight of the first day, where the run happens; None while it has no dates."""
    return datetime.combine(run.starts_on, time.min, tzinfo=ZoneInfo(run.zone)) if run.starts_on else None


def fate(row: HandOver, *, now: datetime) -> str | None:
    """The state in which the hand-over has to end by now; None while it can go on. Exact only under the run's lock.

    Whoever agreed in time may be approved of until the first day begins: slow approvers cost nobody the place.
    """
    if row.run.state != RunState.PUBLISHED or row.enrolment.state != S.CONFIRMED:
        return H.FALLEN
    if row.taker and row.taker.state not in DECIDED:
        return {S.DECLINED: H.DECLINED, S.WITHDRAWN: H.REFUSED}.get(EnrolmentState(row.taker.state), H.FALLEN)
    if row.taker and row.taker.school_id != row.enrolment.school_id:
        return H.FALLEN  # it went along to another school, for which there is no place
    if not row.run.still_ahead(now):
        return H.LAPSED
    if row.state == H.ASKED and (row.until <= now or not row.run.may_withdraw(now)):
        return H.LAPSED
    return None if _both_are_there(row, now) else H.FALLEN


def _both_are_there(row: HandOver, now: datetime) -> bool:
    today, school = timezone.localdate(now), row.enrolment.school_id
    if not all(hand_over_queries.works_at(key, school, today=today) for key in (row.to_id, row.enrolment.person_id)):
        return False
    return not Enrolment.objects.filter(run=row.run_id, person=row.to_id, state__in=HOLDING).exists()


def settle(*, run_id: int | None = None, among: Q | None = None) -> int:
    """End every hand-over (of the run, `among` these) that cannot go on; returns how many. Safe to run at any time."""
    now, ended = timezone.now(), 0
    rows = hand_over_queries.loaded().filter(state__in=HANDING, **({"run": run_id} if run_id else {}))
    for row in rows.filter(among or Q()).order_by("pk"):
        if fate(row, now=now):
            ended += _settle(row, now)
    return ended


@transaction.atomic
def _settle(row: HandOver, now: datetime) -> bool:
    run = seats.lock_run(row.run_id)
    fresh = locked(row, run)
    state = fate(fresh, now=now) if fresh.state in HANDING else None
    if state:
        end(fresh, state, actor=SYSTEM, now=now)
    return state is not None


def locked(row: HandOver, run: Run) -> HandOver:
    """The hand-over and its applications as they are now; the caller holds the run's lock."""
    keys = HandOver.objects.filter(pk=row.pk).values_list("enrolment", "taker").get()
    rows = Enrolment.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[key for key in keys if key])
    found = {one.pk: one for one in rows.select_related("person", "school").order_by("pk")}
    fresh = HandOver.objects.select_for_update(no_key=True, of=("self",)).select_related("to").get(pk=row.pk)
    fresh.run, fresh.enrolment = run, found[fresh.enrolment_id]
    fresh.taker = found[fresh.taker_id] if fresh.taker_id else None
    for one in found.values():
        one.run = run
    return fresh


def end(row: HandOver, state: str, *, actor: Actor, now: datetime, answer: str = "") -> None:
    """Write down how it ended, and to whom that matters; under the locks.

    An application that was made for it goes as well; one that the colleague had before stays as it was.
    """
    before, row.state, row.settled_at = row.state, state, now
    row.answer = answer or row.answer
    row.save(update_fields=["state", "settled_at", "answer", "taker"])
    record(row, before, actor=actor, note=answer)
    if state != H.DONE:
        _give_up_application(row, now)
    outbox.supersede(about=row)
    hand_over_letters.tell(row)


def record(row: HandOver, before: str | None, *, actor: Actor, note: str = "") -> None:
    """One line in the ledger: who brought the hand-over from one state into the next."""
    audit.record(
        actor=actor,
        verb=f"hand_over.{VERBS[H(row.state)]}",
        subject=row,
        changes={"state": (before, str(HandOverState(row.state)))},
        note=note,
        school=row.enrolment.school_id,
        person=row.to,
    )


def _give_up_application(row: HandOver, now: datetime) -> None:
    if row.taker is None or row.taker.state not in DECIDED or not hand_over_queries.is_made_for(row):
        return
    row.taker.person = row.to
    moves.make(row.taker, Verb.WITHDRAW, S.WITHDRAWN, actor=SYSTEM, now=now)
    # The letter about the hand-over says it; nobody is asked any more to approve of what is gone.
    EnrolmentMove.objects.filter(enrolment=row.taker, told_at=None).update(told_at=now)
    outbox.supersede(about=row.taker)
