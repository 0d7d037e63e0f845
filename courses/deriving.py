"""Naming what a run came from, and taking it back."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses import access, chain_queries
from courses.models import Course, Derivation, Run
from courses.states import CourseState, RunState
from schools import audit
from schools.access import Actor
from schools.errors import Refused

MOST_SOURCES = 12
Source = Course | Run


@transaction.atomic
def derive(*, run: Run, source: Source, actor: Actor) -> Derivation:
    """Say that `run` passes on what was learned in a course or an earlier run. Named already: nothing happens.

    Raises Refused for strangers, for what was never taught or begins later, and where the run itself led there.
    """
    run = _lock(run, source)
    _refuse_strangers(run, actor)
    if standing := run.sources.filter(**_named(source)).first():
        return standing
    _refuse_untaught(run, source)
    if run.sources.count() >= MOST_SOURCES:
        raise Refused(_("At most %(most)s sources can be named.") % {"most": MOST_SOURCES})
    if chain_queries.descends(run, source):
        raise Refused(_("This came from the run itself: it cannot be its source too."))
    row = Derivation.objects.create(run=run, **_named(source))
    audit.record(actor=actor, verb="run.derive", subject=run, changes={"source": (None, _words(source))})
    return row


@transaction.atomic
def forget(*, run: Run, source: Source, actor: Actor) -> None:
    """Take a source back. Not named (any more): nothing happens. Raises Refused for strangers."""
    run = _lock(run, source)
    _refuse_strangers(run, actor)
    if run.sources.filter(**_named(source)).delete()[0]:
        audit.record(actor=actor, verb="run.forget_source", subject=run, changes={"source": (_words(source), None)})


def copy(source: Run, copy: Run) -> None:
    """Name for the copy of a run what the run names; nothing can come from a run that is new."""
    rows = source.sources.order_by("id")
    Derivation.objects.bulk_create(
        Derivation(run=copy, source_course_id=row.source_course_id, source_run_id=row.source_run_id) for row in rows
    )


def _lock(run: Run, source: Source) -> Run:
    """The run as it is now. Both runs are locked, by pk, then every row of the table.

    Two chains that meet share a run, so no two verbs write rows that would close a circle together.
    """
    pks = {run.pk, source.pk} if isinstance(source, Run) else {run.pk}
    runs = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("course").filter(pk__in=pks)
    locked = {row.pk: row for row in runs.order_by("pk")}
    list(Derivation.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    return locked[run.pk]


def _refuse_strangers(run: Run, actor: Actor) -> None:
    trainers: set[int | None] = set(run.trainers.values_list("person_id", flat=True))
    if not access.may_teach(actor, run, trainer_ids=trainers):
        raise Refused(_("Only coordinators and the run's trainers say where it came from."))


def _refuse_untaught(run: Run, source: Source) -> None:
    if isinstance(source, Course):
        if source.pk == run.course_id:
            raise Refused(_("This is the course of the run itself."))
        if source.state == CourseState.DRAFT:
            raise Refused(_("This course is still a draft: nobody has learned in it yet."))
        return
    if source.pk == run.pk:
        raise Refused(_("A run cannot come from itself."))
    if source.state in (RunState.DRAFT, RunState.CANCELLED):
        raise Refused(_("This run is a draft or was called off: nobody has learned in it."))
    if not chain_queries.earlier(source, run):
        raise Refused(_("This run begins later: nothing can have come from it yet."))


def _named(source: Source) -> dict[str, Source]:
    return {"source_course" if isinstance(source, Course) else "source_run": source}


def _words(source: Source) -> str:
    """How the ledger names a source."""
    return f"{'course' if isinstance(source, Course) else 'run'} {source.uid}: {source}"
