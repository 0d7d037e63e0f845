"""The waiting list: a freed seat goes to the lowest number that fits."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access, moves, seats
from courses.models import Enrolment, Run
from courses.queries import run_clashes, with_seats
from courses.states import HOLDING, EnrolmentState, RunState, Verb
from schools import audit
from schools.access import SYSTEM, Actor
from schools.errors import Refused, Stale


def fill(*, run_id: int) -> int:
    """Give every free seat of the run to the waiting list, in order of number; returns how many.

    Each seat is its own transaction with the usual order of locks, the person first. A newcomer cannot
    slip in between, since nobody is confirmed while a lower number waits. Those whose dates have come to
    clash are passed over and keep their number. Safe to run at any time and any number of times.
    """
    given = 0
    passed: set[int] = set()
    while True:
        candidate = _candidates(run_id).exclude(pk__in=passed).first()
        if candidate is None:
            return given
        outcome = _try(candidate, passed)
        if outcome == "full":
            return given
        if outcome == "given":
            given += 1
        elif outcome == "passed":
            passed.add(candidate.pk)


def _candidates(run_id: int) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(
        seats.ABLE, run_id=run_id, state=EnrolmentState.WAITING, run__state=RunState.PUBLISHED
    ).order_by("number")


def runs_to_fill() -> list[int]:
    """Keys of runs that have both a waiting list and a free seat."""
    waiting_runs = Enrolment.objects.filter(seats.ABLE, state=EnrolmentState.WAITING).values("run")
    runs = with_seats(Run.objects.filter(pk__in=waiting_runs, state=RunState.PUBLISHED)).order_by("pk")
    return [run.pk for run in runs if run.free > 0]


@transaction.atomic
def _try(candidate: Enrolment, passed: set[int]) -> str:
    """One candidate, under the locks: «given», «passed» (the dates clash), «full», or «moved» (look again)."""
    person, run = seats.lock(person_id=candidate.person_id, run_id=candidate.run_id)
    row = _candidates(run.pk).exclude(pk__in=passed).select_related("school").first()
    if row is None or (row.pk, row.person_id) != (candidate.pk, person.pk):
        return "moved"
    if not seats.free(run):
        return "full"
    row.person, row.run = person, run
    if run_clashes(person=person, run=run).exists():
        return "passed"
    moves.make(row, Verb.CONFIRM, EnrolmentState.CONFIRMED, actor=SYSTEM, now=timezone.now())
    return "given"


def set_capacity(*, run: Run, capacity: int, actor: Actor) -> Run:
    """Change the number of places. Nobody is dropped when it shrinks; new seats go to the waiting list.

    Raises Refused for somebody who does not organise runs, or for a number below 1.
    """
    if not access.may_manage_courses(actor):
        raise Refused(_("Only coordinators can change the number of places."))
    if capacity < 1:
        raise Refused(_("A run needs at least one place."))
    with transaction.atomic():
        run = seats.lock_run(run.pk)
        if run.capacity != capacity:
            audit.record(actor=actor, verb="run.capacity", subject=run, changes={"capacity": (run.capacity, capacity)})
            run.capacity = capacity
            run.save(update_fields=["capacity"])
    fill(run_id=run.pk)
    return run


@transaction.atomic
def override(*, enrolment: Enrolment, actor: Actor, reason: str, add_place: bool = False) -> Enrolment:
    """Give a waiting person a seat out of turn. The reason is kept, and the person reads it.

    With `add_place` a full run gets one place more for it; the number of places is never exceeded.

    Raises Refused without a reason, if all places are taken, or if the person's time is taken; Stale if the
    person no longer waits.
    """
    if not access.may_manage_courses(actor):
        raise Refused(_("Only coordinators organise courses."))
    if not reason.strip():
        raise Refused(_("Write a word of reason: the applicant will read it."))
    person, run = seats.lock(person_id=enrolment.person_id, run_id=enrolment.run_id)
    rows = Enrolment.objects.select_for_update(no_key=True, of=("self",)).select_related("school")
    row = rows.get(pk=enrolment.pk)
    if row.state != EnrolmentState.WAITING or row.person_id != person.pk or run.state != RunState.PUBLISHED:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    row.person, row.run = person, run
    if busy := run_clashes(person=person, run=run).first():
        day = f"{busy.start.astimezone():%d.%m.%Y}"
        raise Refused(_("On %(day)s this person is taken by another confirmed event.") % {"day": day})
    make_room(run, actor, add_place)
    passed = _candidates(run.pk).filter(number__lt=row.number).count()
    moves.make(row, Verb.CONFIRM, EnrolmentState.CONFIRMED, actor=actor, now=timezone.now(), note=reason)
    audit.record(
        actor=actor,
        verb="enrolment.override",
        subject=row,
        changes={"people_passed": (None, passed)},
        note=reason,
        school=row.school,
        person=person,
    )
    return row


def make_room(run: Run, actor: Actor, add_place: bool) -> None:
    """Raises Refused if no seat is free and none may be added; under the run's lock."""
    if seats.free(run):
        return
    if not add_place:
        raise Refused(_("All places are taken. Add a place for this person, or free one first."))
    held = Enrolment.objects.filter(run=run, state__in=HOLDING).count()
    changes = {"capacity": (run.capacity, held + 1)}
    audit.record(actor=actor, verb="run.capacity", subject=run, changes=changes)
    run.capacity = held + 1
    run.save(update_fields=["capacity"])
