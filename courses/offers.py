"""An offered seat: taken, not taken, or lost when its clock runs out. Each moves it on to the next at once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access, at_work, moves, offer_clock, seats, waiting
from courses.enrolling import fresh
from courses.models import Enrolment, EnrolmentMove
from courses.states import EnrolmentState, RunState, Verb
from schools.access import SYSTEM, Actor
from schools.errors import Refused, Stale

S = EnrolmentState


@transaction.atomic
def take(*, enrolment: Enrolment, actor: Actor) -> Enrolment:
    """Say yes to the offered seat. While nobody has taken it back, a late yes counts too.

    Raises Stale if the offer is gone, Refused for others, and if the person has left or the time is taken.
    """
    row, now = _offered(enrolment, actor), timezone.now()
    if row.signup_id is None:
        at_work.refuse_left(row.person, row.run)
    seats.refuse_clash(row.person, row.run, own=row)
    moves.make(row, Verb.CONFIRM, S.CONFIRMED, actor=actor, now=now)
    return row


def decline(*, enrolment: Enrolment, actor: Actor, note: str = "") -> Enrolment:
    """Leave the offered seat to the next in line. Whoever applies again stands at the end.

    Raises as `take` does.
    """
    with transaction.atomic():
        row = _offered(enrolment, actor)
        moves.make(row, Verb.PASS, S.WITHDRAWN, actor=actor, now=timezone.now(), note=note)
    waiting.fill(run_id=row.run_id)
    return row


def _offered(enrolment: Enrolment, actor: Actor) -> Enrolment:
    person, run = seats.lock(person_id=enrolment.person_id, run_id=enrolment.run_id)
    row = fresh(enrolment, person, run)
    if not access.is_applicant(actor, row):
        raise Refused(_("Only the applicant can do this."))
    if row.state != S.OFFERED:
        raise Stale(_("This place is no longer offered. The present status is shown."))
    return row


def start_clock(rows: Sequence[Enrolment], *, now: datetime) -> None:
    """The letter about these offers is being written: their time runs from now, whatever held the letter up.

    Of a held seat that waits for a guest's first link the sign-up keeps the clock. Inside the caller's transaction.
    """
    for row in rows:
        until = offer_clock.until(row.run, now=now)
        if row.state != S.OFFERED or not (row.offer_until and until and until > row.offer_until):
            continue
        # Only what is still offered: the applicant may be answering at this very moment.
        if Enrolment.objects.filter(pk=row.pk, state=S.OFFERED).update(offer_until=until):
            row.offer_until = until


def expire_due(*, limit: int = 200) -> int:
    """Take back what was not taken in time and give it to those who wait; returns how many rows expired."""
    now = timezone.now()
    runs = _overdue(now).order_by("run").values_list("run", flat=True).distinct()[:limit]
    return sum(_expire(run_id, now) for run_id in list(runs))


def _overdue(now: datetime) -> QuerySet[Enrolment]:
    """Offers and unproved sign-ups whose time is over. One whose letter is not written yet has all its time still."""
    untold = EnrolmentMove.objects.filter(enrolment=OuterRef("pk"), told_at=None)
    held = Q(state=S.OFFERED, offer_until__lte=now)
    queued = Q(state__in=(S.WAITING, S.POOLED), signup__verified_at=None, signup__hold_until__lte=now)
    return Enrolment.objects.filter(held | queued, ~Exists(untold), run__state=RunState.PUBLISHED)


def _expire(run_id: int, now: datetime) -> int:
    with transaction.atomic():
        run = seats.lock_run(run_id)
        overdue = _overdue(now).filter(run=run).select_for_update(no_key=True, of=("self",)).order_by("pk")
        rows = list(overdue.select_related("person", "school", "signup"))
        for row in rows:
            row.run = run
            moves.make(row, Verb.EXPIRE, S.EXPIRED, actor=SYSTEM, now=now)
    waiting.fill(run_id=run_id)
    return len(rows)
