"""What coordinators do with runs: create, edit, copy, publish, throw a draft away. Moving is in `moving.py`."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from courses import access, demand_fates, deriving, gates, meetings, notices, plans, seats
from courses.models import Course, Material, Run, RunTrainer, SeatShare
from courses.organising import changed_by_another, lock_course
from courses.states import CourseState, NoticeKind, RunState
from courses.zones import shifted
from schools import audit
from schools.access import Actor
from schools.errors import Refused, Stale

FIXED_ONCE_PUBLISHED = ("starts_on", "ends_on", "zone", "capacity")
"""Of a published run these have verbs of their own: `moving.move_run` and `waiting.set_capacity`."""
TOLD = ("host", "place_kk", "place_ru", "place_en")
"""Changes that participants may be told of."""


@transaction.atomic
def create_run(*, course: Course, plan: plans.RunPlan, actor: Actor) -> Run:
    """A new draft of a run. Raises Refused for strangers, and for a course in the archive."""
    refuse_strangers(actor)
    course = lock_course(course)
    if course.state == CourseState.ARCHIVED:
        raise Refused(_("This course is in the archive. Bring it back before you plan a run."))
    run = Run(course=course, **_known(plan.facts))
    gates.refuse_disorder(run)
    run.save(force_insert=True)
    _write_lists(run, plan)
    audit.record(actor=actor, verb="run.create", subject=run, changes=_written(run))
    return run


@transaction.atomic
def edit_run(*, run: Run, plan: plans.RunPlan, seen: str, actor: Actor, tell: bool = False) -> Run:
    """Write what changed. `seen` is the `version` that the editor had before the eyes.

    Of a published run, dates and places are changed by their own verbs, and everything that publication asks
    for must still stand. With `tell` everybody in a published run hears of a new venue.

    Raises Stale if somebody else saved in between, Refused for a run that is over or called off, Incomplete.
    """
    refuse_strangers(actor)
    run = seats.lock_run(run.pk)
    before = plans.of_run(run)
    if plans.version(before) != seen:
        raise Stale(changed_by_another())
    refuse_finished(run)
    _write(run, plan)
    after = plans.of_run(run)
    changes = plans.differences(before, after)
    if run.state == RunState.PUBLISHED:
        gates.refuse_incomplete(gates.run_faults(run))
        if tell and any(name in changes for name in TOLD):
            notices.announce(run, NoticeKind.CHANGED, actor=actor, before=before)
    if changes:
        audit.record(actor=actor, verb="run.edit", subject=run, changes=changes)
    return run


@transaction.atomic
def publish_run(*, run: Run, actor: Actor) -> Run:
    """Show the run to everyone and let people apply. Raises Incomplete with each fault, Stale if no draft."""
    refuse_strangers(actor)
    lock_course(run.course)
    run = seats.lock_run(run.pk)
    if run.state != RunState.DRAFT:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    gates.refuse_incomplete(gates.run_faults(run))
    run.state = RunState.PUBLISHED
    run.save(update_fields=["state"])
    changes = {"state": (RunState.DRAFT, RunState.PUBLISHED)}
    audit.record(actor=actor, verb="run.publish", subject=run, changes=changes)
    demand_fates.published(run)
    return run


@transaction.atomic
def copy_run(*, run: Run, starts_on: date | None, actor: Actor) -> Run:
    """A new draft like `run` that starts on another day; nobody's enrolment is copied.

    Meetings, registration window and deadlines keep their weekday distance and their time on the clock. What is
    promised to schools and regions is promised anew; what schools held they hold anew themselves. A copy without a
    day, or of a run without one, is to be announced: it has no meetings and no deadlines.
    """
    refuse_strangers(actor)
    if lock_course(run.course).state == CourseState.ARCHIVED:
        raise Refused(_("This course is in the archive. Bring it back before you plan a run."))
    source = Run.objects.get(pk=run.pk)
    days = (starts_on - source.starts_on).days if starts_on and source.starts_on else None
    facts = plans.facts_of(source, plans.RUN_FACTS)
    facts |= _moved_times(source, days) if days is not None else dict.fromkeys(plans.TIMES[3:])
    facts |= {"starts_on": starts_on, "ends_on": starts_on} if days is None else {}
    copy = Run.objects.create(course_id=source.course_id, **facts)
    if days is not None:
        meetings.copy(source, copy, days)
    trainers = [RunTrainer(run=copy, person_id=row.person_id, name=row.name) for row in source.trainers.order_by("id")]
    RunTrainer.objects.bulk_create(trainers)
    papers = [Material(run=copy, title=row.title, url=row.url) for row in source.materials.order_by("id")]
    Material.objects.bulk_create(papers)
    _copy_shares(source, copy)
    deriving.copy(source, copy)
    audit.record(actor=actor, verb="run.copy", subject=copy, changes=_written(copy), note=source.uid)
    return copy


@transaction.atomic
def discard_run(*, run: Run, actor: Actor) -> None:
    """Throw a draft away. Raises Refused for a run that was ever published: such a run is called off instead."""
    refuse_strangers(actor)
    run = seats.lock_run(run.pk)
    if run.state != RunState.DRAFT or run.enrolments.exists():
        raise Refused(_("Only a draft can be deleted."))
    audit.record(actor=actor, verb="run.discard", subject=run, changes={"state": (RunState.DRAFT, None)})
    demand_fates.discarded(run, actor=actor)
    run.delete()


def version(run: Run) -> str:
    """What an editor saw, as a token for `edit_run` and `moving.move_run`."""
    return plans.version(plans.of_run(run))


def refuse_strangers(actor: Actor) -> None:
    """Raises Refused for an actor who does not organise runs."""
    if not access.may_manage_courses(actor):
        raise Refused(_("Only coordinators organise courses."))


def refuse_finished(run: Run) -> None:
    """Raises Refused for a run that is over or called off."""
    if run.state not in (RunState.DRAFT, RunState.PUBLISHED):
        raise Refused(_("This run is over or called off: it can no longer be changed."))


def _write(run: Run, plan: plans.RunPlan) -> None:
    facts = _known(plan.facts)
    if run.state == RunState.PUBLISHED:
        facts = {name: value for name, value in facts.items() if name not in FIXED_ONCE_PUBLISHED}
        plan = plans.RunPlan(facts, None, plan.trainers, plan.materials)
    for name, value in facts.items():
        setattr(run, name, value)
    gates.refuse_disorder(run)
    run.save(update_fields=list(facts))
    _write_lists(run, plan)


def _write_lists(run: Run, plan: plans.RunPlan) -> None:
    if plan.meetings is not None:
        meetings.rewrite(run, plan.meetings)
    if plan.trainers is not None:
        run.trainers.all().delete()
        RunTrainer.objects.bulk_create(RunTrainer(run=run, person=row.person, name=row.name) for row in plan.trainers)
    if plan.materials is not None:
        run.materials.all().delete()
        Material.objects.bulk_create(Material(run=run, title=row.title, url=row.url) for row in plan.materials)


def _copy_shares(source: Run, copy: Run) -> None:
    rows = source.shares.filter(Q(floor__gt=0) | Q(cap__isnull=False)).order_by("id")
    SeatShare.objects.bulk_create(
        SeatShare(run=copy, school_id=row.school_id, region_id=row.region_id, floor=row.floor, cap=row.cap)
        for row in rows
    )


def _moved_times(source: Run, days: int) -> dict[str, Any]:
    now = plans.facts_of(source, plans.TIMES)
    moments = {name: now[name] and shifted(now[name], days, source.zone) for name in plans.TIMES[3:]}
    return {name: now[name] + timedelta(days=days) for name in plans.TIMES[:2]} | moments


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(facts) - set(plans.RUN_FACTS):
        raise ValueError(f"not facts of a run: {sorted(unknown)}")
    return dict(facts)


def _written(run: Run) -> dict[str, tuple[Any, Any]]:
    """What a new run says; what is empty is left out of the ledger."""
    return {name: (None, value) for name, value in plans.of_run(run).items() if value not in ("", None, [])}
