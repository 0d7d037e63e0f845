"""Building a yearly report: count, keep the rows behind the figures, freeze."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nis_library.reports import access, figures
from nis_library.reports.models import YearlyReport
from nis_library.reports.periods import FIRST_YEAR, Period
from nis_library.reports.states import JOB_KIND
from schools import audit, jobs
from schools.access import SYSTEM, Actor
from schools.errors import Refused
from schools.models import Job, Person

FOLDER = "reports"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=date.isoformat).encode


def order(*, period: Period, owner: Person | None, actor: Actor) -> Job:
    """Put a report before the workers; returns the job to watch.

    Raises Refused for others than HQ and administrators, and for years without data.
    """
    if not access.may_build(actor):
        raise Refused(_("Only HQ and administrators build reports."))
    if period.year < FIRST_YEAR or period.start > timezone.localdate():
        raise Refused(_("There is no report for this period."))
    return jobs.start(kind=JOB_KIND, owner=owner, params={"period": period.kind, "year": period.year}, actor=actor)


@jobs.kind(JOB_KIND, title=gettext_lazy("Yearly report"), leads_to=access.page_of_job)
def work(job: Job) -> None:
    """The job itself. Safe to run twice: a report that the job has made already is left as it is."""
    if YearlyReport.objects.filter(job=job).exists():
        return
    period = Period(job.params["period"], int(job.params["year"]))
    jobs.advance(job, 0, 0, _("Counting"))
    counted = figures.compute(period, today=timezone.localdate())
    total = counted["totals"]["completed"]
    path = folder() / f"{job.uid}.jsonl.gz"
    digest, count = _keep_rows(job, period, path, total)
    jobs.advance(job, count, count, _("Freezing"))
    _freeze(job, period, counted, path.name, digest, count)


def folder() -> Path:
    """Where the rows behind reports are kept: private, part of the backup."""
    path = Path(settings.DATA_DIR) / FOLDER
    path.mkdir(parents=True, exist_ok=True)
    return path


def _keep_rows(job: Job, period: Period, path: Path, total: int) -> tuple[str, int]:
    """Write the rows; returns the SHA-256 of their text and how many there are."""
    digest, count = hashlib.sha256(), 0
    with gzip.GzipFile(path, "wb", compresslevel=5, mtime=0) as file:
        for run, people in figures.rows_behind(period):
            piece = _lines(run, people).encode()
            digest.update(piece)
            file.write(piece)
            count += len(people)
            jobs.advance(job, count, max(total, count), _("Keeping the rows"))
    return digest.hexdigest(), count


def _lines(run: Mapping[str, object], people: Iterable[tuple[int, int, str]]) -> str:
    """A JSON object for each completed enrolment; what they share, the run, is encoded once."""
    rest = _encode(run).removeprefix("{")
    return "".join(
        f'{{"enrolment":{enrolment},"person":{person},"school":{_encode(school)},{rest}\n'
        for enrolment, person, school in people
    )


@transaction.atomic
def _freeze(job: Job, period: Period, counted: figures.Figures, name: str, digest: str, count: int) -> YearlyReport:
    # The oldest job of this kind is the lock: reports take their issue numbers one after the other.
    Job.objects.select_for_update(no_key=True).filter(kind=JOB_KIND).order_by("pk").first()
    last = YearlyReport.objects.filter(kind=period.kind, year=period.year).aggregate(top=Max("issue"))["top"]
    report = YearlyReport.objects.create(
        kind=period.kind,
        year=period.year,
        issue=(last or 0) + 1,
        figures=counted,
        rows_name=name,
        rows_sha256=digest,
        rows_count=count,
        built_by=job.owner,
        job=job,
    )
    actor = Actor(person_id=job.owner_id, name=job.owner.full_name) if job.owner else SYSTEM
    audit.record(
        actor=actor,
        verb="report.freeze",
        subject=report,
        changes={"rows_sha256": (None, digest), "issue": (None, report.issue)},
    )
    return report
