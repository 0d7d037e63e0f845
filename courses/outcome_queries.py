"""Reads of what allocations gave the people of a school, and for whom a contact may appeal."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import QuerySet

from courses import allocation_telling
from courses.models import AllocationOutcome, Appeal, Enrolment, Signup
from courses.states import HOLDING, EnrolmentState
from schools.alphabet import in_order


def appealable(signup: Signup, rows: Iterable[Enrolment], *, now: datetime) -> dict[str, AllocationOutcome]:
    """For whom of these people of the sign-up its contact may appeal now: outcomes by the uid of the enrolment.

    Those who wait and have no place in the intake, once, until the last day. Nothing is read where nobody waits, or
    nothing was allocated; else four queries.
    """
    waiting = [row for row in rows if row.state == EnrolmentState.WAITING]
    if not waiting or signup.verified_at is None or signup.run.intake_id is None:
        return {}
    people = [row.person_id for row in waiting]
    mine = AllocationOutcome.objects.filter(allocation__intake=signup.run.intake_id, enrolment__person__in=people)
    mine = mine.filter(allocation_telling.of_contact(signup))
    found = {
        row.enrolment.person_id: row for row in mine.filter(run=None).select_related("allocation", "edit", "enrolment")
    }
    if not found or not allocation_telling.may_still_appeal(next(iter(found.values())).allocation, now=now):
        return {}
    seated = Enrolment.objects.filter(person__in=found, run__intake=signup.run.intake_id, state__in=HOLDING)
    asked = Appeal.objects.filter(allocation__intake=signup.run.intake_id, enrolment__person__in=found)
    out = {*seated.values_list("person", flat=True), *asked.values_list("enrolment__person", flat=True)}
    return {row.uid: found[row.person_id] for row in waiting if row.person_id in found and row.person_id not in out}


def of_schools(schools: Collection[int]) -> QuerySet[AllocationOutcome]:
    """Outcomes of applications from these schools, the allocation published last first, in Kazakh order of names."""
    rows = AllocationOutcome.objects.filter(enrolment__school__in=schools, allocation__published_at__isnull=False)
    loaded = rows.select_related("allocation", "enrolment__person", "enrolment__school", "enrolment__run__course")
    order = in_order("enrolment__person__surname", "enrolment__person__given_name")
    return (
        loaded.select_related("run", "edit")
        .prefetch_related("enrolment__school__names")
        .order_by("-allocation__published_at", "-allocation", *order, "pk")
    )
