"""Importing a file of schools: keep it, show what would happen, write it in the background.

Nothing is removed by a file: schools that it does not name are only told. Rows with errors are left out and kept.
What is written stays, and the work may be done twice: whatever stands already is found the same.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schools import audit, directory, jobs
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Job, Region, School, SchoolImport, SchoolName
from schools.school_plans import Kind, Plan, SchoolRow, digest, plan, regions_by_iso
from schools.school_search import tidy_index
from schools.states import SchoolSource

KIND = "school_import"
KEPT = timedelta(days=30)
AT_ONCE = 250


def keep(*, name: str, entries: list[SchoolRow], actor: Actor) -> SchoolImport:
    """Keep what a file said with its dry run. Raises Refused for an account that belongs to no person."""
    if actor.person_id is None:
        raise Refused(_("This account belongs to no person: schools are imported in somebody's name."))
    now = timezone.now()
    old = SchoolImport.objects.filter(applied_at=None, dropped_at=None, created_at__lt=now - KEPT)
    old.update(rows=[], plans=[], gone=[], dropped_at=now)
    found = SchoolImport(owner_id=actor.person_id, file_name=name[-120:], rows=[asdict(one) for one in entries])
    _plan_anew(found)
    found.save()
    return found


def plans_of(found: SchoolImport) -> list[Plan]:
    """The dry run as it was shown."""
    return [Plan(values=row["values"], **one) for row, one in zip(found.rows, found.plans, strict=True)]


@transaction.atomic
def start(*, found: SchoolImport, actor: Actor) -> Job:
    """Put the work before the workers. Raises Stale where it is done, set aside or at work already."""
    found = SchoolImport.objects.select_for_update(no_key=True, of=("self",)).select_related("job").get(pk=found.pk)
    if not found.is_open or (found.job and not found.job.is_over):
        raise Stale(_("This file has been dealt with already."))
    found.job = jobs.start(kind=KIND, owner=found.owner, params={"import": found.uid}, actor=actor)
    found.save(update_fields=["job"])
    return found.job


@transaction.atomic
def drop(*, found: SchoolImport, actor: Actor) -> None:
    """Set a file aside. Raises Stale where it is done, set aside or at work already."""
    found = SchoolImport.objects.select_for_update(no_key=True, of=("self",)).select_related("job").get(pk=found.pk)
    if not found.is_open or (found.job and not found.job.is_over):
        raise Stale(_("This file has been dealt with already."))
    found.dropped_at, found.rows, found.plans, found.gone = timezone.now(), [], [], []
    found.save(update_fields=["dropped_at", "rows", "plans", "gone"])


def register() -> None:
    """Let workers know this kind of work."""
    jobs.kind(KIND, title=gettext_lazy("Import of schools"), leads_to=_leads_to, keeps=True)(write_all)


def write_all(job: Job) -> None:
    """Write new and changed rows, some in each transaction. Raises JobError where the dry run holds no more."""
    found = SchoolImport.objects.get(uid=job.params["import"])
    if not found.is_open:
        return
    jobs.advance(job, 0, len(found.rows), _("Comparing with the directory"))
    plans, _gone = plan(_entries(found))
    actor = _actor(job)
    if found.started_at is None:
        if digest(plans) != found.shown:
            _plan_anew(found)
            found.save(update_fields=["plans", "gone", "shown", "counts"])
            raise jobs.JobError(_("The directory has changed since the dry run. Look at the rows once more."))
        found.started_at = timezone.now()
        found.save(update_fields=["started_at"])
    todo = [one for one in plans if one.kind in (Kind.NEW, Kind.CHANGED)]
    done = len(plans) - len(todo)
    for some in _pieces(todo):
        jobs.advance(job, done, len(plans), _("Writing schools"))
        try:
            _write(some, regions_by_iso(), actor)
        except (IntegrityError, Refused) as meanwhile:
            raise jobs.JobError(_("The directory was changed meanwhile. Start the import again.")) from meanwhile
        done += len(some)
    tidy_index()
    _finish(found, plans, actor)


@transaction.atomic
def _write(plans: list[Plan], regions: dict[str, Region], actor: Actor) -> None:
    new = [one for one in plans if one.kind == Kind.NEW]
    rows = [directory.new_school(_complete(one.values, regions), source=SchoolSource.IMPORTED) for one in new]
    School.objects.bulk_create([school for school, _name in rows])
    SchoolName.objects.bulk_create([name for _school, name in rows])
    deeds = [
        audit.Deed(
            school,
            {column: (None, value) for column, value in one.values.items() if value not in ("", None)},
            school=school,
        )
        for one, (school, _name) in zip(new, rows, strict=True)
    ]
    audit.record_many(actor=actor, verb="school.add", deeds=deeds)
    for one in plans:
        if one.kind == Kind.CHANGED:
            values = {column: after for column, (_before, after) in one.changes.items()}
            if "region" in values:
                values["region"] = regions[values["region"]]
            directory.correct_school(school=School(pk=one.school), values=values, actor=actor)


def _complete(values: dict[str, Any], regions: dict[str, Region]) -> dict[str, Any]:
    """What is there in one language alone stands for Kazakh too, which every school has."""
    facts = {**values, "region": regions[values["region"]]}
    for part in ("name", "city", "district"):
        facts[f"{part}_kk"] = facts.get(f"{part}_kk") or facts.get(f"{part}_ru") or ""
    return facts


def _finish(found: SchoolImport, plans: list[Plan], actor: Actor) -> None:
    faulty = [one for one in plans if one.kind == Kind.ERROR]
    numbers = {one.number for one in faulty}
    found.rows = [row for row in found.rows if row["number"] in numbers]
    found.plans, found.applied_at = [_without_values(one) for one in faulty], timezone.now()
    with transaction.atomic():
        found.save(update_fields=["rows", "plans", "applied_at"])
        audit.record(actor=actor, verb="school.import", subject=found, changes={"counts": (None, found.counts)})


def _plan_anew(found: SchoolImport) -> None:
    plans, found.gone = plan(_entries(found))
    found.plans, found.shown = [_without_values(one) for one in plans], digest(plans)
    found.counts = Counter(str(one.kind) for one in plans)


def _without_values(one: Plan) -> dict[str, Any]:
    """They stand in the row already."""
    return {column: value for column, value in asdict(one).items() if column != "values"}


def _entries(found: SchoolImport) -> list[SchoolRow]:
    return [SchoolRow(**row) for row in found.rows]


def _pieces(plans: list[Plan]) -> Iterator[list[Plan]]:
    for start_at in range(0, len(plans), AT_ONCE):
        yield plans[start_at : start_at + AT_ONCE]


def _actor(job: Job) -> Actor:
    """The owner with the roles of this moment. Raises JobError where these do not suffice any more."""
    actor = jobs.owner_as_actor(job)
    if not actor.runs_network:
        raise jobs.JobError(_("Only HQ and administrators keep the directory."))
    return actor


def _leads_to(job: Job) -> str:
    return reverse("schools:school_import", args=[job.params["import"]])
