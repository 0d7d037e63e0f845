"""The yearly report over all enrolments, against its own counts as bare SQL."""

import resource
import sys
import time

from django.db import connection
from django.utils import timezone

from courses.models import Enrolment
from nis_library.reports import build, figures
from nis_library.reports.models import YearlyReport
from nis_library.reports.periods import Period
from nis_library.reports.states import PeriodKind
from schools import jobs
from schools.access import Actor
from schools.models import Person
from schools.states import Role
from tests.bench import sizes, statements, web
from tests.bench.measure import Line, less_is_better


def peak() -> float:
    """The most memory that this process has had, in MiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def timed(act: object) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def counts(period: Period) -> list[statements.Statement]:
    """The statements of the report that count, without those that only fetch names."""
    with statements.recorded() as found:
        figures.compute(period, today=timezone.localdate())
    return [one for one in found if "COUNT(" in one.sql]


def send(found: list[statements.Statement]) -> None:
    with connection.cursor() as cursor:
        for one in found:
            cursor.execute(one.sql, one.params)
            cursor.fetchall()


def measure() -> Line:
    owner = Person.objects.filter(memberships__role=Role.HQ).order_by("pk")[0]
    actor = Actor(owner.pk, owner.full_name, frozenset({(str(Role.HQ), None)}), is_authenticated=True)
    period = Period(PeriodKind.CALENDAR, timezone.localdate().year - 1)
    before = peak()

    def report() -> None:
        job = build.order(period=period, owner=owner, actor=actor)
        jobs.run(job.pk)
        if not YearlyReport.objects.filter(job=job).exists():
            raise RuntimeError("the report was not built")

    report()
    most, counting = peak(), counts(period)
    value, limit = web.side_by_side(sizes.ROUNDS, lambda: timed(report), lambda: timed(lambda: send(counting)))
    rows = YearlyReport.objects.order_by("-pk")[0].rows_count
    note = (
        f"scale {sizes.REPORT_SCALE}: {Enrolment.objects.count()} enrolments, {rows} rows behind the report; "
        f"peak memory {most:.0f} MiB, {before:.0f} MiB before the first; "
        f"the limit is its {len(counting)} counting statements alone"
    )
    return less_is_better("report_build", value, "s", limit, note)
