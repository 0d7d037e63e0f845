"""Locks and counts of seats. One order everywhere: persons by key, then runs by key, then enrolments."""

from django.db.models import Count, Max, Q, prefetch_related_objects
from django.utils.translation import gettext as _

from courses.models import Enrolment, Run
from courses.queries import busy_source, run_clashes, spans_of
from courses.states import HOLDING, EnrolmentState
from schools import agenda
from schools.errors import Refused
from schools.models import Person

ABLE = Q(signup__isnull=True) | Q(signup__verified_at__isnull=False)
"""Who could take a seat now: guests only once the link in their mail was used."""


def lock(*, person_id: int, run_id: int) -> tuple[Person, Run]:
    """Lock the person, then the run, until the transaction ends.

    The person comes first, so that two runs that overlap cannot both confirm the same person.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person_id)
    return person, Run.objects.select_for_update(no_key=True).get(pk=run_id)


def lock_run(run_id: int) -> Run:
    """Lock the run, with its course at hand."""
    return Run.objects.select_for_update(no_key=True, of=("self",)).select_related("course").get(pk=run_id)


def free(run: Run) -> int:
    """Seats that a move may still give, never below 0. Exact only under the run's lock."""
    return max(0, run.capacity - Enrolment.objects.filter(run=run, state__in=HOLDING).count())


def take_number(run: Run) -> int:
    """The next place in arrival order, under the run's lock. Numbers are never used twice."""
    return take_numbers(run, 1)[0]


def take_numbers(run: Run, count: int) -> range:
    """The next places in arrival order for several people at once, as `take_number`."""
    numbers = range(run.next_number, run.next_number + count)
    run.next_number = numbers.stop
    run.save(update_fields=["next_number"])
    return numbers


def seat_or_queue(run: Run, number: int) -> str:
    """What an approved enrolment gets: a seat if one is free and nobody waits before it, else the list."""
    before = ABLE & Q(state=EnrolmentState.WAITING, number__lt=number)
    return EnrolmentState.CONFIRMED if _room(run, before) else EnrolmentState.WAITING


def room_for_guests(run: Run, *, proved: bool) -> int:
    """How many newcomers get a seat at once; none while somebody waits. Under the run's lock.

    Whoever has not proved the address yet (`proved`) comes after all who wait; the others come only after those
    who could take a seat now.
    """
    waiting = Q(state=EnrolmentState.WAITING)
    return _room(run, waiting & ABLE if proved else waiting)


def _room(run: Run, before: Q) -> int:
    """Free seats, unless somebody stands `before`: then none."""
    rows = Enrolment.objects.filter(Q(state__in=HOLDING) | before, run=run).order_by()
    counts = dict(rows.values_list("state").annotate(n=Count("pk")))
    if counts.pop(EnrolmentState.WAITING, 0):
        return 0
    return max(0, run.capacity - sum(counts.values()))


def refuse_clash(person: Person, run: Run, *, own: Enrolment | None = None) -> None:
    """Raises Refused with the day, if the run meets while the person's time is already taken.

    What the person's `own` enrolment takes does not count. The run keeps the meetings that are read.
    """
    prefetch_related_objects([run], "meetings")
    busy = agenda.first_clash(person=person, spans=spans_of(run), but=busy_source(own.pk) if own else "")
    if busy:
        raise Refused(
            _("On %(day)s your time is already taken by another confirmed event.")
            % {"day": f"{busy.start.astimezone():%d.%m.%Y}"}
        )


def verify() -> list[str]:
    """What stands against the promises about seats, one sentence each; an empty list if all is well."""
    faults = []
    for run in Run.objects.order_by("pk").iterator():
        rows = Enrolment.objects.filter(run=run)
        held = rows.filter(state__in=HOLDING).count()
        waiting = rows.filter(ABLE, state=EnrolmentState.WAITING)
        highest = rows.aggregate(top=Max("number"))["top"] or 0
        if held > run.capacity:
            faults.append(f"run {run.uid}: {held} seats given, {run.capacity} exist")
        if highest >= run.next_number:
            faults.append(f"run {run.uid}: number {highest} given, the next would be {run.next_number}")
        if held < run.capacity and any(not run_clashes(person=row.person, run=run).exists() for row in waiting):
            faults.append(f"run {run.uid}: a seat is free while somebody who could take it waits")
    return faults
