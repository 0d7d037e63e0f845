"""How long an offered seat waits for its answer."""

from datetime import datetime, timedelta

from django.utils import timezone

from courses.models import Enrolment, Run, Signup
from courses.states import EnrolmentState
from schools import norms

SOON = timedelta(hours=1)
"""Even right before the start there is so much time to open the mail."""


def until(run: Run, *, now: datetime) -> datetime | None:
    """When an offer that is made now ends; None where the run gives free seats at once.

    The run's own number of hours, fewer in the last days before the start (norms `offer_hours_near`,
    `offer_near_days`), and not beyond the first meeting.
    """
    if not run.offer_hours:
        return None
    norm = norms.values(("offer_hours_near", "offer_near_days"), on=timezone.localdate(now))
    first, hours = first_meeting(run), run.offer_hours
    if first and first - now <= timedelta(days=norm["offer_near_days"]):
        hours = min(hours, norm["offer_hours_near"])
    return limited(now + timedelta(hours=hours), first, now=now)


def over(run: Run, *, now: datetime) -> bool:
    """True once no seat goes to the waiting list any more: after the end; offers end with the first meeting."""
    if run.ends_on and run.day_there(now) > run.ends_on:
        return True
    first = first_meeting(run) if run.offer_hours else None
    return first is not None and first <= now


def limited(end: datetime, first: datetime | None, *, now: datetime) -> datetime:
    """The end of a clock: not beyond the start, never under an hour."""
    return max(now + SOON, min(end, first)) if first else end


def shorten(run: Run, *, now: datetime) -> None:
    """The run begins earlier than it did: no offer and no held seat waits for its answer beyond the new start.

    Under the run's lock; locks enrolments, then sign-ups, by key.
    """
    first = first_meeting(run)
    if first is None:
        return
    end = max(now + SOON, first)
    offered = Enrolment.objects.filter(run=run, state=EnrolmentState.OFFERED, offer_until__gt=end)
    rows = list(offered.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    Enrolment.objects.filter(pk__in=rows).update(offer_until=end)
    unproved = Signup.objects.filter(run=run, verified_at=None, hold_until__gt=end)
    held = list(unproved.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    Signup.objects.filter(pk__in=held).update(hold_until=end)


def first_meeting(run: Run) -> datetime | None:
    return run.meetings.order_by("starts_at").values_list("starts_at", flat=True).first()
