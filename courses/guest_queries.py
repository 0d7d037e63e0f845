"""What a guest sees of a sign-up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q

from courses import fair_time, outcome_queries
from courses.models import Certificate, Enrolment, Signup
from courses.states import OPEN, SEATED, CertificateState, EnrolmentState, RunState

S = EnrolmentState


@dataclass(frozen=True, slots=True)
class Standing:
    """One person of a sign-up: where they stand, their place in the queue, and what can still be done.

    `late`: cancelling is recorded, since the deadline has passed.
    """

    row: Enrolment
    queue: int | None
    may_cancel: bool
    late: bool
    may_change: bool
    may_appeal: bool = False


def people_of(signup: Signup) -> list[Enrolment]:
    """The rows that count: of each person the last."""
    rows = signup.enrolments.select_related("person", "run").order_by("number")
    return list({row.person_id: row for row in rows}.values())


def _queue(signup: Signup, rows: Sequence[Enrolment]) -> dict[int, int]:
    """Place in the queue by number, for those of `rows` who wait; nothing is read where nobody does."""
    mine = [row.number for row in rows if row.state == S.WAITING]
    if not mine:
        return {}
    waiting = Enrolment.objects.filter(run=signup.run_id, state=S.WAITING, number__lte=max(mine)).order_by("number")
    return {number: place for place, number in enumerate(waiting.values_list("number", flat=True), start=1)}


def standing(signup: Signup, *, now: datetime) -> dict[str, object]:
    """What the page of a sign-up shows of its people."""
    rows = people_of(signup)
    open_now = [row for row in rows if row.state in OPEN]
    late, queue = signup.run.withdraws_late(now), _queue(signup, rows)
    may_cancel, in_time = late or signup.run.may_withdraw(now), fair_time.ends(rows, now=now)
    appealable = outcome_queries.appealable(signup, rows, now=now)
    recorded = {row.pk for row in rows if late and row.state == S.CONFIRMED} - in_time.keys()
    return {
        "people": [
            Standing(
                row,
                queue.get(row.number),
                may_cancel=row.state in OPEN and (may_cancel or row.state != S.CONFIRMED),
                late=row.pk in recorded,
                may_change=row.state in OPEN,
                may_appeal=row.uid in appealable,
            )
            for row in rows
        ],
        "offered": _offered(signup, open_now),
        "asks": signup.verified_at is None and bool(open_now),
        "late": signup.verified_at is None and not open_now and any(row.state == S.EXPIRED for row in rows),
        "may_cancel": bool(open_now) and may_cancel,
        "cancels_late": bool(recorded),
        "decided": bool(rows) and not open_now,
        "still_open": signup.run.is_open(now),
    }


def _offered(signup: Signup, rows: Sequence[Enrolment]) -> dict[str, object] | None:
    """Places that became free for these people, and until when the first of them is kept."""
    ends = [row.offer_until for row in rows if row.state == S.OFFERED and row.offer_until]
    return {"count": len(ends), "until": min(ends)} if ends and signup.verified_at else None


def theirs(signup: Signup) -> Q:
    """Whom the link speaks for: its own people, and once the address is proved all whom it stands for."""
    if signup.verified_at is None or not signup.email:
        return Q(signup=signup)
    return Q(signup=signup) | Q(signup__email=signup.email, signup__verified_at__isnull=False)


def attended(signup: Signup, *, today: date) -> list[Enrolment]:
    """Seminars of the past in which people of this proved address had a place, with their certificates.

    The newest first. Nothing while the address is not proved.
    """
    if signup.verified_at is None or not signup.email:
        return []
    rows = Enrolment.objects.filter(
        signup__email=signup.email, signup__verified_at__isnull=False, state__in=SEATED, run__ends_on__lt=today
    ).exclude(run__state=RunState.CANCELLED)
    valid = Certificate.objects.filter(state=CertificateState.VALID)
    return list(
        rows.select_related("person", "run__course", "run__host")
        .prefetch_related("run__host__names", Prefetch("certificates", queryset=valid, to_attr="valid"))
        .order_by("-run__starts_on", "person__surname", "id")
    )
