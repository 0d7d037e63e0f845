"""The waiting list: a freed seat goes to the lowest number that fits."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import access, at_work, moves, offer_clock, seats
from courses.models import Enrolment, Run
from courses.queries import run_clashes, with_seats
from courses.seat_rules import Obstacle, Tally, Where, first_that_fits
from courses.states import EnrolmentState, RunState, Verb
from schools import audit
from schools.access import SYSTEM, Actor
from schools.errors import Refused, Stale
from schools.models import Person

NO_ROOM = {
    Obstacle.FULL: gettext_lazy("All places are taken. Add a place for this person, or free one first."),
    Obstacle.KEPT: gettext_lazy(
        "The places that are free are kept for other schools. Add a place for this person, or change the seat rules."
    ),
    Obstacle.SCHOOL_CAP: gettext_lazy("This school has its most places already. Add a place for this person."),
    Obstacle.REGION_CAP: gettext_lazy("This region has its most places already. Add a place for this person."),
}


def fill(*, run_id: int) -> int:
    """Give every free seat of the run to the waiting list, in order of number; returns how many.

    A seat goes to the lowest number that fits every rule: those whom a rule keeps from it, whose dates have come to
    clash or who have a place in a parallel run are passed over and keep their number. Where the run's offers
    have a clock the seat is offered, else it is given at once.

    One transaction under the run's lock gives them all. Locks come person first, so here each person's lock is
    only tried: if somebody else holds it, the usual order waits for it, with a transaction for that one seat. A
    newcomer cannot slip in between, since nobody is confirmed while a lower number waits. Safe to run at any time
    and any number of times; where nobody waits it locks nothing.
    """
    given, passed = 0, set[int]()
    if not Enrolment.objects.filter(run=run_id, state=EnrolmentState.WAITING).exists():
        return given
    while True:
        count, engaged = _give(run_id, passed)
        given += count
        if engaged is None:
            return given
        given += _try(engaged, passed)


@transaction.atomic
def _give(run_id: int, passed: set[int]) -> tuple[int, Enrolment | None]:
    """Give seats while there are any; how many, and whose turn it is if the person is engaged elsewhere just now.

    Those whose turn it was and who have no time go to `passed`.
    """
    given, now = 0, timezone.now()
    run = seats.lock_run(run_id)
    while row := _next(run, passed, now):
        person = Person.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=row.person_id).first()
        if person is None:
            return given, row
        if person.archived_at:
            continue  # has left this very moment
        given += _offer(row, person, run, passed, now)
    return given, None


def _next(run: Run, passed: set[int], now: datetime) -> Enrolment | None:
    """Whose turn it is: the lowest number that could have a seat by the rules. Exact only under the run's lock."""
    if run.state != RunState.PUBLISHED or (run.intake and run.intake.gathers) or offer_clock.over(run, now=now):
        return None
    given = seats.tally(run, now=now)
    if not given.free:
        return None
    line = (one for one in seats.in_line(run.pk) if one[0] not in passed)
    key = first_that_fits(given, line)
    return Enrolment.objects.select_related("school").get(pk=key) if key is not None else None


def runs_to_fill() -> list[int]:
    """Keys of runs that have both a waiting list and a free seat."""
    waiting_runs = Enrolment.objects.filter(seats.able(), state=EnrolmentState.WAITING).values("run")
    runs = with_seats(Run.objects.filter(pk__in=waiting_runs, state=RunState.PUBLISHED)).order_by("pk")
    return [run.pk for run in runs if run.free > 0]


@transaction.atomic
def _try(candidate: Enrolment, passed: set[int]) -> bool:
    """One candidate, under the locks in their usual order; False if it is not their turn any more, or never was."""
    now = timezone.now()
    person, run = seats.lock(person_id=candidate.person_id, run_id=candidate.run_id)
    row = _next(run, passed, now)
    if row is None or (row.pk, row.person_id) != (candidate.pk, person.pk):
        return False
    return _offer(row, person, run, passed, now)


def _offer(row: Enrolment, person: Person, run: Run, passed: set[int], now: datetime) -> bool:
    """Give or offer the seat, under the locks; False if the person has no time for it, and is passed over."""
    row.person, row.run = person, run
    if run_clashes(person=person, run=run).exists() or seats.has_parallel_seat(person.pk, run):
        passed.add(row.pk)
        return False
    if until := offer_clock.until(run, now=now):
        moves.make(row, Verb.OFFER, EnrolmentState.OFFERED, actor=SYSTEM, now=now, offer_until=until)
    else:
        moves.make(row, Verb.CONFIRM, EnrolmentState.CONFIRMED, actor=SYSTEM, now=now)
    return True


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

    It may pass others over and go beyond the most for a school or region, never beyond the number of places, nor
    into those that are kept for others. With `add_place` the run gets one place more for it where none fits.

    Raises Refused for oneself, without a reason, if no place fits, or if the person's time is taken; Stale if the
    person no longer waits.
    """
    if not access.may_manage_courses(actor):
        raise Refused(_("Only coordinators organise courses."))
    if actor.person_id == enrolment.person_id:
        raise Refused(_("Nobody gives a place to themselves."))
    if not reason.strip():
        raise Refused(_("Write a word of reason: the applicant will read it."))
    now = timezone.now()
    row = _locked_waiting(enrolment)
    run, person = row.run, row.person
    whence = seats.where(row)
    before = make_room(run, whence, actor=actor, add_place=add_place, now=now)
    changes: dict[str, tuple[object, object]] = {
        "people_passed": (None, sum(1 for _one in seats.in_line(run.pk, below=row.number)))
    }
    if broken := before.why_not(whence):
        changes["rule"] = (None, broken)
    moves.make(row, Verb.CONFIRM, EnrolmentState.CONFIRMED, actor=actor, now=now, note=reason)
    audit.record(
        actor=actor,
        verb="enrolment.override",
        subject=row,
        changes=changes,
        note=reason,
        school=row.school,
        person=person,
    )
    return row


def _locked_waiting(enrolment: Enrolment) -> Enrolment:
    """The row under the locks, if the person still waits and has time for it."""
    person, run = seats.lock(person_id=enrolment.person_id, run_id=enrolment.run_id)
    rows = Enrolment.objects.select_for_update(no_key=True, of=("self",)).select_related("school")
    row = rows.get(pk=enrolment.pk)
    if row.state != EnrolmentState.WAITING or row.person_id != person.pk or run.state != RunState.PUBLISHED:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    row.person, row.run = person, run
    if row.signup_id is None:
        at_work.refuse_left(person, run)
    if busy := run_clashes(person=person, run=run).first():
        day = f"{busy.start.astimezone():%d.%m.%Y}"
        raise Refused(_("On %(day)s this person is taken by another confirmed event.") % {"day": day})
    if seats.has_parallel_seat(person.pk, run):
        raise Refused(_("This person has a place in a parallel run already."))
    return row


def make_room(run: Run, whence: Where, *, actor: Actor, add_place: bool, now: datetime) -> Tally:
    """Seats as they are, with room for one more from there beyond any cap; under the run's lock.

    Raises Refused if none is free, or the free ones are kept for others, and none may be added.
    """
    given = seats.tally(run, now=now)
    obstacle = given.why_not(whence, caps=False)
    if obstacle is None:
        return given
    if not add_place:
        raise Refused(NO_ROOM[obstacle])
    capacity = max(run.capacity, given.taken) + 1
    audit.record(actor=actor, verb="run.capacity", subject=run, changes={"capacity": (run.capacity, capacity)})
    run.capacity = capacity
    run.save(update_fields=["capacity"])
    return seats.tally(run, now=now)
