"""The yearly report: what is counted, what is frozen, who may build."""

import gzip
import hashlib
import json
from datetime import UTC, date, datetime

import pytest

from courses.models import Enrolment
from courses.states import CourseKind, Format
from courses.states import EnrolmentState as S
from nis_library.reports import build, figures
from nis_library.reports.models import YearlyReport
from nis_library.reports.periods import Period, latest
from nis_library.reports.rows import frozen
from nis_library.reports.states import PeriodKind
from schools import jobs
from schools.errors import Refused
from schools.models import Job
from schools.states import JobState
from tests import make
from tests.courses import rows

pytestmark = pytest.mark.django_db
YEAR = Period(PeriodKind.CALENDAR, 2024)
TODAY = date(2026, 11, 23)


def finished(cast, member, day, *, state=S.COMPLETED, school=None, **course):
    """A course of 16 hours that ended on that day, with this one participant."""
    start = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    run = rows.run(start=start, days=1, course=rows.course(**course))
    school = None if member is cast.guest else school or cast.school
    return Enrolment.objects.create(run=run, person=member.person, school=school, number=1, state=state)


@pytest.fixture
def year(cast):
    finished(cast, cast.librarian, date(2024, 1, 1))
    finished(cast, cast.librarian, date(2024, 12, 31), kind=CourseKind.SEMINAR, hours=6, format=Format.ONLINE)
    finished(cast, cast.stranger, date(2024, 5, 5), school=cast.other_school, hours=40)
    finished(cast, cast.colleague, date(2023, 12, 31))
    finished(cast, cast.colleague, date(2025, 1, 1))
    finished(cast, cast.colleague, date(2024, 3, 3), state=S.NOT_COMPLETED)


def test_totals_count_the_period_to_its_last_day_and_nothing_else(year):
    assert figures.totals(YEAR) == {
        "completed": 3,
        "people": 2,
        "hours": 62,
        "courses": 2,
        "seminars": 1,
        "schools": 2,
    }
    assert figures.totals(YEAR.before)["completed"] == 1


def test_an_academic_year_runs_from_september_to_august(year):
    assert figures.totals(Period(PeriodKind.ACADEMIC, 2023))["completed"] == 3
    assert figures.totals(Period(PeriodKind.ACADEMIC, 2024))["completed"] == 2
    assert latest(PeriodKind.ACADEMIC, today=date(2026, 8, 31)) == Period(PeriodKind.ACADEMIC, 2025)
    assert Period(PeriodKind.ACADEMIC, 2026).label == "2026/27"


def test_schools_keep_who_applied_from_them_and_coverage_counts_present_staff(cast, year):
    found = {row["key"]: row for row in figures.by_school(YEAR, today=TODAY)}
    assert {key: (row["people"], row["hours"], row["librarians"], row["covered"]) for key, row in found.items()} == {
        "semey": (1, 22, 2, 1),
        "almaty-chb": (1, 40, 1, 1),
    }


def test_people_of_other_schools_stand_in_one_row_and_every_school_reached_counts(cast, year):
    for _ in range(2):
        village = make.school(in_network=False, kind="general", direction="")
        finished(cast, cast.stranger, date(2024, 6, 6), school=village, hours=8)
    found = {row["key"]: row for row in figures.by_school(YEAR, today=TODAY)}
    assert {key: (row["completed"], row["hours"]) for key, row in found.items()} == {
        "semey": (2, 22),
        "almaty-chb": (1, 40),
        "-": (2, 16),
    }
    assert figures.totals(YEAR)["schools"] == 4
    codes = [code for _run, people in figures.rows_behind(YEAR) for _enrolment, _person, code in people]
    assert sorted(codes) == ["-", "-", "almaty-chb", "semey", "semey"]


def test_months_stand_all_twelve_and_add_up(year):
    months = figures.by_month(YEAR)
    assert [row["key"] for row in months][:2] == ["2024-01", "2024-02"]
    assert [row["completed"] for row in months] == [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]


def test_every_breakdown_adds_up_to_the_total(cast, year):
    finished(cast, cast.guest, date(2024, 7, 7), hours=8)
    counted = figures.compute(YEAR, today=TODAY)
    for name in ("schools", "topics", "formats", "kinds", "months"):
        assert sum(row["hours"] for row in counted[name]) == counted["totals"]["hours"]


def built(cast):
    job = build.order(period=YEAR, owner=cast.hq.person, actor=cast.hq.actor)
    jobs.run(job.pk)
    return YearlyReport.objects.get(job=job)


def test_a_report_is_frozen_with_the_rows_behind_it(cast, year):
    report = built(cast)
    text = gzip.decompress((build.folder() / report.rows_name).read_bytes())
    assert hashlib.sha256(text).hexdigest() == report.rows_sha256
    lines = [json.loads(line) for line in text.splitlines()]
    assert len(lines) == report.rows_count == 3
    assert sum(line["hours"] for line in lines) == report.figures["totals"]["hours"] == 62
    Enrolment.objects.all().update(state=S.NOT_COMPLETED)
    report.refresh_from_db()
    assert report.figures["totals"]["hours"] == 62


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_the_file_has_one_line_for_each_completion_by_last_day(cast, year, monkeypatch, at_once):
    """Reports stay readable for as long as they are kept, so their lines may only gain keys."""
    finished(cast, cast.guest, date(2024, 5, 5), hours=8)
    shared = Enrolment.objects.get(run__ends_on=date(2024, 12, 31)).run
    Enrolment.objects.create(run=shared, person=cast.stranger.person, number=2, state=S.COMPLETED)
    Enrolment.objects.create(run=shared, person=cast.trainer.person, number=3, state=S.WITHDRAWN)
    monkeypatch.setattr(figures, "RUNS_AT_ONCE", at_once)
    report = built(cast)
    expected = [
        {
            "enrolment": row.pk,
            "person": row.person_id,
            "school": row.school.code if row.school else "-",
            "run": row.run.uid,
            "ends_on": row.run.ends_on.isoformat(),
            "hours": row.run.course.hours,
            "format": row.run.course.format,
            "kind": row.run.course.kind,
            "topic": row.run.course.topic.code,
        }
        for row in figures.completed(YEAR).order_by("run__ends_on", "run", "pk")
    ]
    assert len(expected) == report.rows_count == 5
    text = gzip.decompress((build.folder() / report.rows_name).read_bytes()).decode()
    compact = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in expected]
    assert text.splitlines() == compact
    assert frozen(report) == expected


def test_building_again_makes_a_new_issue_beside_the_old(cast, year):
    first = built(cast)
    finished(cast, cast.colleague, date(2024, 6, 6))
    second = built(cast)
    assert [(row.issue, row.figures["totals"]["completed"]) for row in (first, second)] == [(1, 3), (2, 4)]


def test_a_job_that_runs_twice_makes_one_report(cast, year):
    report = built(cast)
    build.work(Job.objects.get(pk=report.job_id))
    assert YearlyReport.objects.count() == 1


def test_a_cancelled_job_leaves_no_report(cast, year):
    job = build.order(period=YEAR, owner=cast.hq.person, actor=cast.hq.actor)
    jobs.cancel(job=job, actor=cast.hq.actor)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, YearlyReport.objects.count()) == (JobState.CANCELLED, 0)


@pytest.mark.parametrize("who", ["librarian", "director", "finance", "trainer", "auditor"])
def test_only_hq_and_administrators_build(cast, who):
    with pytest.raises(Refused):
        build.order(period=YEAR, owner=getattr(cast, who).person, actor=getattr(cast, who).actor)


@pytest.mark.parametrize("year_number", [2010, 2999])
def test_years_without_data_are_refused(cast, year_number):
    with pytest.raises(Refused):
        build.order(period=Period(PeriodKind.CALENDAR, year_number), owner=cast.hq.person, actor=cast.hq.actor)
