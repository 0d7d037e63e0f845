"""Locks and counts of seats. One order everywhere: persons by key, then runs by key, then enrolments."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import at_work, offer_clock
from courses.models import Enrolment, Run, SeatShare
from courses.queries import busy_source, run_clashes, spans_of
from courses.seat_rules import Rules, Share, Tally, Where, first_that_fits
from courses.states import HOLDING, EnrolmentState, RunState
from schools import agenda, wording
from schools.errors import Refused
from schools.models import Person, School

FIRST_IN_LINE = 20
"""Mostly the next seat goes to one of so many; the rest of a long line is read only where it goes to none of them."""
REGION = Coalesce("school__region_id", "signup__school_request__region_id")
"""Where an enrolment comes from; of a school that is not on record yet the contact named the region."""


def able() -> Q:
    """Who could take a seat now: nobody who has left, and guests only once the link in their mail was used."""
    staff = Q(signup__isnull=True) & at_work.works(timezone.localdate())
    return Q(person__archived_at=None) & (staff | Q(signup__verified_at__isnull=False))


def lock(*, person_id: int, run_id: int) -> tuple[Person, Run]:
    """Lock the person, then the run, until the transaction ends.

    The person comes first, so that two runs that overlap cannot both confirm the same person.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person_id)
    return person, Run.objects.select_for_update(no_key=True).get(pk=run_id)


def lock_run(run_id: int) -> Run:
    """Lock the run, with its course at hand."""
    return Run.objects.select_for_update(no_key=True, of=("self",)).select_related("course").get(pk=run_id)


def tally(run: Run, *, now: datetime) -> Tally:
    """The seats given and the rules they go by. Exact only under the run's lock."""
    shares = list(SeatShare.objects.filter(run=run).select_related("school"))
    rules = Rules(
        capacity=run.capacity,
        school_cap=run.school_limit,
        region_cap=run.region_limit,
        schools={
            row.school.pk: Share(row.floor, row.cap, row.held, row.school.region_id) for row in shares if row.school
        },
        regions={one.region_id: Share(one.floor, one.cap) for one in shares if one.region_id},
        keeps=run.holds_back(now),
    )
    given = Tally(rules)
    rows = Enrolment.objects.filter(run=run, state__in=HOLDING).order_by()
    if not shares and run.school_limit is None and run.region_limit is None:
        given.take(Where(), count=rows.count())
        return given
    for school, region, held, count in rows.values_list("school_id", REGION, "of_held").annotate(n=Count("pk")):
        given.take(Where(school, region), held=held, count=count)
    return given


def free(run: Run) -> int:
    """Seats that a move may still give to somebody, never below 0. Exact only under the run's lock."""
    return tally(run, now=timezone.now()).free


def where(enrolment: Enrolment) -> Where:
    """Where the applicant comes from, for the rules: the school of the day of application, and its region."""
    row = Enrolment.objects.filter(pk=enrolment.pk) if enrolment.pk else None
    if row is not None and enrolment.signup_id:
        return Where(enrolment.school_id, row.values_list(REGION, flat=True).get())
    return where_of(enrolment.school_id)


def where_of(school_id: int | None) -> Where:
    """The same of somebody who has no row yet."""
    if school_id is None:
        return Where()
    return Where(school_id, School.objects.values_list("region_id", flat=True).get(pk=school_id))


def take_number(run: Run) -> int:
    """The next place in arrival order, under the run's lock. Numbers are never used twice."""
    return take_numbers(run, 1)[0]


def take_numbers(run: Run, count: int) -> range:
    """The next places in arrival order for several people at once, as `take_number`."""
    numbers = range(run.next_number, run.next_number + count)
    run.next_number = numbers.stop
    run.save(update_fields=["next_number"])
    return numbers


@dataclass(frozen=True, slots=True)
class Chance:
    """The state that somebody gets, and whether `waiting.fill` has to look who is the next for a free seat."""

    state: str
    contested: bool = False


def chance(enrolment: Enrolment, *, now: datetime) -> Chance:
    """What an approved enrolment gets: a seat if one fits and nobody waits before it, else a place in the list.

    Under the locks of person and run. While an intake only gathers, everybody waits for the allocation.
    """
    run = enrolment.run
    if run.intake and run.intake.gathers:
        return Chance(EnrolmentState.POOLED)
    given = tally(run, now=now)
    if not given.free or given.why_not(where(enrolment), held=enrolment.of_held):
        return Chance(EnrolmentState.WAITING)
    if has_parallel_seat(enrolment.person_id, run):
        return Chance(EnrolmentState.WAITING)
    out_of_held = enrolment.of_held and given.left_to_name(enrolment.school_id) > 0
    if not out_of_held and _waits_before(run, given, enrolment.number):
        return Chance(EnrolmentState.WAITING, contested=True)
    return Chance(EnrolmentState.CONFIRMED)


def _waits_before(run: Run, given: Tally, number: int) -> bool:
    """True if somebody with a lower number waits who could have a seat by the rules."""
    return first_that_fits(given, in_line(run.pk, below=number)) is not None


def in_line(run_id: int, *, below: int | None = None) -> Iterator[tuple[int, Where, bool]]:
    """Those who wait, in order: key, where from, and whether they fill a held seat."""
    rows = Enrolment.objects.filter(able(), run=run_id, state=EnrolmentState.WAITING)
    if below is not None:
        rows = rows.filter(number__lt=below)
    line = rows.order_by("number").values_list("pk", "school_id", REGION, "of_held")
    first = list(line[:FIRST_IN_LINE])
    for key, school, region, held in first:
        yield key, Where(school, region), held
    if len(first) == FIRST_IN_LINE:
        for key, school, region, held in line[FIRST_IN_LINE:]:
            yield key, Where(school, region), held


def has_parallel_seat(person_id: int, run: Run) -> bool:
    """True if the person has a seat in another run of the same intake; under the person's lock."""
    return bool(with_parallel_seat([person_id], run))


def with_parallel_seat(people: Collection[int], run: Run) -> dict[int, Enrolment]:
    """Those of the people who have a seat in another run of the same intake, with it; under their locks."""
    if run.intake_id is None:
        return {}
    rows = Enrolment.objects.filter(person__in=people, run__intake=run.intake_id, state__in=HOLDING).exclude(run=run)
    return {row.person_id: row for row in rows.select_related("run__course")}


def refuse_parallel(person: Person, run: Run) -> None:
    """Raises Refused, naming the run, if the person has a seat in a parallel one; under the person's lock."""
    if own := with_parallel_seat([person.pk], run).get(person.pk):
        when = wording.date_range(own.run.starts_on, own.run.ends_on) if own.run.starts_on else ""
        text = _("There is a place in a parallel run already: %(run)s. One person takes part in one of them only.")
        raise Refused(text % {"run": f"{own.run.course}, {when}" if when else str(own.run.course)})


def room_for_guests(run: Run, *, coming: int, whence: Where, proved: bool, now: datetime) -> int:
    """How many of the newcomers from there get a seat at once; none while somebody waits. Under the run's lock.

    Whoever has not proved the address yet (`proved`) comes after all who wait; the others come only after those
    who could take a seat now.
    """
    given = tally(run, now=now)
    if not given.free:
        return 0
    waiting = Enrolment.objects.filter(run=run, state=EnrolmentState.WAITING)
    if _waits_before(run, given, run.next_number) or (not proved and waiting.exists()):
        return 0
    return min(coming, given.open_to(whence))


def refuse_other_share(giver: Enrolment, taker: Enrolment) -> None:
    """Raises Refused unless the seats of both count for the same school, and so for the same region.

    Then a seat that passes from one to the other leaves the tally as it was: every cap, promise and held seat
    is kept as well, or as badly, as before, and whoever waits loses nothing.
    """
    if giver.school_id is None or giver.school_id != taker.school_id:
        raise Refused(_("A place can be handed only to a colleague who works at the same school."))


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
    faults = [fault for run in Run.objects.select_related("intake").order_by("pk").iterator() for fault in _of(run)]
    return [*faults, *_two_places()]


def _of(run: Run) -> Iterator[str]:
    rows, given = Enrolment.objects.filter(run=run), tally(run, now=timezone.now())
    highest = rows.aggregate(top=Max("number"))["top"] or 0
    if given.taken > run.capacity:
        yield f"run {run.uid}: {given.taken} seats given, {run.capacity} exist"
    if highest >= run.next_number:
        yield f"run {run.uid}: number {highest} given, the next would be {run.next_number}"
    if run.intake and run.intake.gathers and rows.filter(state=EnrolmentState.WAITING).exists():
        yield f"run {run.uid}: somebody waits in line while places are still to be allocated"
    gives = run.state == RunState.PUBLISHED and not offer_clock.over(run, now=timezone.now())
    if given.free and gives and could_sit(run):
        yield f"run {run.uid}: a seat is free while somebody who could take it waits"


def could_sit(run: Run) -> bool:
    """Somebody waits whom neither the rules nor other events of their own keep from a free seat."""
    given = tally(run, now=timezone.now())
    fitting = [key for key, where, held in in_line(run.pk) if given.why_not(where, held=held) is None]
    return any(
        not run_clashes(person=row.person, run=run).exists() and not has_parallel_seat(row.person_id, run)
        for row in Enrolment.objects.filter(pk__in=fitting).select_related("person")
    )


def _two_places() -> list[str]:
    """People with places in two runs of one intake."""
    rows = Enrolment.objects.filter(run__intake__isnull=False, state__in=HOLDING).order_by()
    twice = rows.values("person", "run__intake").annotate(n=Count("pk")).filter(n__gt=1)
    return [f"person {row['person']}: {row['n']} places in parallel runs" for row in twice]
