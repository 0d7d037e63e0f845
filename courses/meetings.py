"""The meetings of a run, rewritten as a whole: a row keeps its key where the organiser kept the row."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from courses.models import Attendance, Meeting, Run
from courses.plans import MeetingPlan
from courses.zones import local_day, shifted
from schools.errors import Refused

ASIDE = timedelta(days=365 * 1000)
"""Rows that change places are first put so far away, since two meetings may not start at the same time."""
FIELDS = ["starts_at", "ends_at", "day", "hours"]


def rewrite(run: Run, wanted: Sequence[MeetingPlan]) -> None:
    """Make the run's meetings those that are wanted. `was` says which present one a wanted one succeeds.

    Raises Refused if two start at the same time, or if one is dropped for which attendance was taken.
    """
    starts = [plan.starts_at for plan in wanted]
    if len(set(starts)) != len(starts):
        raise Refused(_("Two meetings start at the same time."))
    present = dict(enumerate(run.meetings.order_by("starts_at", "id"), start=1))
    kept = {plan.was: plan for plan in wanted if plan.was is not None and plan.was in present}
    _drop([row for order, row in present.items() if order not in kept])
    changed = [
        _fill(present[order], plan, run.zone) for order, plan in kept.items() if _differs(present[order], plan, run)
    ]
    Meeting.objects.filter(pk__in=[row.pk for row in changed]).update(
        starts_at=F("starts_at") + ASIDE, ends_at=F("ends_at") + ASIDE
    )
    Meeting.objects.bulk_update(changed, FIELDS)
    fresh = [plan for plan in wanted if not any(plan is one for one in kept.values())]
    Meeting.objects.bulk_create(_fill(Meeting(run=run), plan, run.zone) for plan in fresh)


def copy(source: Run, target: Run, days: int) -> None:
    """The same meetings some days later, at the same time on the clock."""
    Meeting.objects.bulk_create(
        Meeting(
            run=target,
            starts_at=shifted(row.starts_at, days, source.zone),
            ends_at=shifted(row.ends_at, days, source.zone),
            day=row.day + timedelta(days=days),
            hours=row.hours,
        )
        for row in source.meetings.order_by("starts_at", "id")
    )


def _drop(rows: list[Meeting]) -> None:
    keys = [row.pk for row in rows]
    if Attendance.objects.filter(meeting__in=keys).exists():
        raise Refused(_("Attendance was taken at a meeting that you remove. Keep that meeting."))
    Meeting.objects.filter(pk__in=keys).delete()


def _fill(row: Meeting, plan: MeetingPlan, zone: str) -> Meeting:
    row.starts_at, row.ends_at, row.hours = plan.starts_at, plan.ends_at, plan.hours
    row.day = local_day(plan.starts_at, zone)
    return row


def _differs(row: Meeting, plan: MeetingPlan, run: Run) -> bool:
    wanted = (plan.starts_at, plan.ends_at, plan.hours, local_day(plan.starts_at, run.zone))
    return (row.starts_at, row.ends_at, row.hours, row.day) != wanted
