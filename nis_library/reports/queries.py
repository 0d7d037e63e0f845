"""Reads of reports that pages share."""

from django.db.models import QuerySet

from nis_library.reports.models import YearlyReport
from nis_library.reports.states import JOB_KIND
from schools.models import Job, School
from schools.states import JobState


def listed() -> QuerySet[YearlyReport]:
    """All reports, the newest year and issue first, without the heavy figures."""
    return YearlyReport.objects.select_related("built_by").defer("figures")


def under_way() -> QuerySet[Job]:
    """Reports that workers build at this moment."""
    return Job.objects.filter(kind=JOB_KIND, state__in=[JobState.QUEUED, JobState.RUNNING]).select_related("owner")


def issues_of(report: YearlyReport) -> QuerySet[YearlyReport]:
    """Every issue of the same period."""
    return listed().filter(kind=report.kind, year=report.year)


def codes_of(school_ids: frozenset[int]) -> set[str]:
    return set(School.objects.filter(pk__in=school_ids).values_list("code", flat=True))
