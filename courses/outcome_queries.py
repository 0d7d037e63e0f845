"""Reads of what allocations gave the people of a school."""

from collections.abc import Collection

from django.db.models import QuerySet

from courses.models import AllocationOutcome
from schools.alphabet import in_order


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
