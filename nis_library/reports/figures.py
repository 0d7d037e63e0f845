"""The figures of a year, as pure reads. The definitions are those that stand in the report itself.

Completed: enrolments in state «completed» whose run ended inside the period.
People trained: different persons among them. Hours: academic hours (45 minutes) of their courses, summed.
Courses: runs of courses and placements with somebody completed; seminars: those of seminars and webinars.
School: the one of NIS from which the person applied, also if the person has moved since; people of all other
schools stand in one row. The total of schools counts every school reached.
Coverage: of the librarians whom a school has on the last day of the period (today, while it runs), the share
who completed something in the period, whatever school they applied from.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from courses.models import Enrolment, Run, Topic
from courses.states import CourseKind, EnrolmentState, Format
from nis_library.reports.periods import Period
from schools.models import Membership, School
from schools.queries import in_force
from schools.states import Role, SchoolKind

LANGUAGES = ("kk", "ru", "en")
COURSES = (CourseKind.COURSE, CourseKind.PLACEMENT)
SEMINARS = (CourseKind.SEMINAR, CourseKind.WEBINAR)
RUNS_AT_ONCE = 100
"""Whose people are read together: memory does not grow with the year."""
Figures = dict[str, Any]
ELSEWHERE = "-"
"""Key of the row for people who work at no school of NIS."""
ELSEWHERE_NAMES = {"kk": "Басқа мектептер", "ru": "Другие школы", "en": "Other schools"}


def completed(period: Period) -> QuerySet[Enrolment]:
    """The enrolments that every figure of the period counts."""
    return Enrolment.objects.filter(
        state=EnrolmentState.COMPLETED, run__ends_on__gte=period.start, run__ends_on__lte=period.end
    ).order_by()


MEASURES = {
    "completed": Count("pk"),
    "people": Count("person", distinct=True),
    "hours": Coalesce(Sum("run__course__hours"), 0),
}


def _of_ours(field: str) -> Case:
    """This field of the school where it is one of NIS, else nothing: there are thousands of others."""
    return Case(When(school__kind=SchoolKind.NIS, then=F(field)))


def compute(period: Period, *, today: date) -> Figures:
    """All figures of the period beside those of the period before."""
    return {
        "totals": totals(period),
        "before": totals(period.before),
        "schools": by_school(period, today=today),
        "topics": by_topic(period),
        "formats": _by_list(period, "run__course__format", Format.values),
        "kinds": _by_list(period, "run__course__kind", CourseKind.values),
        "months": by_month(period),
    }


def totals(period: Period) -> dict[str, int]:
    """Completed, people, hours, courses, seminars and schools of the period."""
    return completed(period).aggregate(
        **MEASURES,
        courses=Count("run", distinct=True, filter=Q(run__course__kind__in=COURSES)),
        seminars=Count("run", distinct=True, filter=Q(run__course__kind__in=SEMINARS)),
        schools=Count("school", distinct=True),
    )


def _grouped(period: Period, key: str) -> dict[Any, dict[str, int]]:
    rows = completed(period).annotate(ours=_of_ours("school")).values(key).annotate(**MEASURES)
    return {row.pop(key): row for row in rows}


def _by_list(period: Period, key: str, values: list[str]) -> list[dict[str, object]]:
    found = _grouped(period, key)
    return [{"key": value, **found.get(value, dict.fromkeys(MEASURES, 0))} for value in values]


def by_topic(period: Period) -> list[dict[str, object]]:
    found = _grouped(period, "run__course__topic")
    return [
        {"key": topic.code, "names": _names(topic, "name"), **found[topic.pk]}
        for topic in Topic.objects.all()
        if topic.pk in found
    ]


def by_month(period: Period) -> list[dict[str, object]]:
    """Every month of the period, also those in which nothing ended. Months are local days of the runs."""
    found: dict[tuple[int, int], Any] = {
        (row["run__ends_on__year"], row["run__ends_on__month"]): row
        for row in completed(period).values("run__ends_on__year", "run__ends_on__month").annotate(**MEASURES)
    }
    return [
        {
            "key": f"{year}-{month:02d}",
            **{name: found[year, month][name] if (year, month) in found else 0 for name in MEASURES},
        }
        for year, month in period.months
    ]


def by_school(period: Period, *, today: date) -> list[dict[str, object]]:
    """Schools of the network on the period's last day, and others that have completions, with coverage.

    People who applied from no school of NIS stand in a row of their own, so that the rows add up.
    """
    day = min(period.end, today)
    found = _grouped(period, "ours")
    librarians, covered = _coverage(period, day)
    network = set(School.objects.filter(in_network(day)).values_list("pk", flat=True))
    schools = School.objects.filter(pk__in=network | {pk for pk in found if pk}).prefetch_related("names")
    rows: list[dict[str, object]] = [
        {
            "key": school.code,
            "names": {code: school.short_name(on=day, language=code) for code in LANGUAGES},
            "librarians": librarians.get(school.pk, 0),
            "covered": covered.get(school.pk, 0),
            **found.get(school.pk, dict.fromkeys(MEASURES, 0)),
        }
        for school in schools.order_by("code")
    ]
    if None in found:
        rows.append({"key": ELSEWHERE, "names": ELSEWHERE_NAMES, "librarians": 0, "covered": 0, **found[None]})
    return rows


def in_network(day: date) -> Q:
    """Schools that belonged to the NIS network on that day."""
    return Q(network_periods__valid_from__lte=day) & (
        Q(network_periods__valid_to__isnull=True) | Q(network_periods__valid_to__gte=day)
    )


def _coverage(period: Period, day: date) -> tuple[dict[int, int], dict[int, int]]:
    staff = Membership.objects.filter(in_force(day), role=Role.LIBRARIAN).order_by()
    trained = completed(period).values("person")
    rows = staff.values("school").annotate(
        all=Count("person", distinct=True), covered=Count("person", distinct=True, filter=Q(person__in=trained))
    )
    return ({row["school"]: row["all"] for row in rows}, {row["school"]: row["covered"] for row in rows})


def rows_behind(period: Period) -> Iterator[tuple[dict[str, object], list[tuple[int, int, str]]]]:
    """What every figure opens, in a fixed order: each run with somebody completed, as a mapping, and these people
    as keys of enrolment and person and code of school. Names are not kept here: they are looked up when rows are
    shown, so that a person can be erased without touching a report.
    """
    fields = {
        "run": "uid",
        "ends_on": "ends_on",
        "hours": "course__hours",
        "format": "course__format",
        "kind": "course__kind",
        "topic": "course__topic__code",
    }
    runs = Run.objects.filter(ends_on__gte=period.start, ends_on__lte=period.end).order_by("ends_on", "pk")
    facts = {pk: dict(zip(fields, row, strict=True)) for pk, *row in runs.values_list("pk", *fields.values())}
    keys = list(facts)
    for first in range(0, len(keys), RUNS_AT_ONCE):
        some = keys[first : first + RUNS_AT_ONCE]
        people = defaultdict(list)
        rows = completed(period).filter(run__in=some).order_by("pk")
        for run, enrolment, person, school in rows.values_list("run_id", "pk", "person_id", _of_ours("school__code")):
            people[run].append((enrolment, person, school or ELSEWHERE))
        yield from ((facts[run], people[run]) for run in some if run in people)


def _names(row: object, field: str) -> dict[str, str]:
    return {code: getattr(row, f"{field}_{code}") for code in LANGUAGES}
