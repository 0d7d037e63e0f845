"""Everything that an allocation goes by, read from the tables. As many queries for one applicant as for thousands."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Max, QuerySet, Sum
from django.utils import timezone

from courses import commitments
from courses.allocation_types import Applicant, GroupShare, Inputs, Rules, RunSeats
from courses.models import Enrolment, Intake, Run, SchoolCredit, SeatShare
from courses.queries import hours_by_person, window_start
from courses.seats import REGION, able
from courses.states import HOLDING, SEATED, EnrolmentState
from schools.models import Membership, Region, School
from schools.queries import in_force
from schools.states import Role

POOLED = EnrolmentState.POOLED


@dataclass(frozen=True, slots=True)
class Wish:
    """One application that awaits the allocation."""

    pk: int
    uid: str
    person: int
    run: int
    wish: int
    number: int
    school: int | None
    region: int | None
    request: int | None
    of_held: bool


@dataclass(frozen=True, slots=True)
class Pool:
    """Who awaits the allocation: wishes by person, the dearest first, and the applications that fill held places."""

    wishes: dict[int, list[Wish]]
    named: list[Wish]


def pooled(intake: Intake, runs: Collection[Run], *, now: datetime) -> Pool:
    """Those who could take a place now. A held place is its school's already: who fills one competes with nobody."""
    rows = Enrolment.objects.filter(able(), run__intake=intake, state=POOLED).order_by("person", "wish", "pk")
    columns = ("pk", "uid", "person_id", "run_id", "wish", "number", "school_id", "whence", "request", "of_held")
    found = rows.annotate(whence=REGION, request=F("signup__school_request")).values_list(*columns)
    wishes = [Wish(*row) for row in found]
    left = left_to_name(runs, now)
    named: dict[int, Wish] = {}
    for one in sorted(wishes, key=lambda one: (one.number, one.pk)):
        if one.of_held and one.school and one.person not in named and left[one.run, one.school] > 0:
            left[one.run, one.school] -= 1
            named[one.person] = one
    others: dict[int, list[Wish]] = defaultdict(list)
    for one in wishes:
        if one.person not in named:
            others[one.person].append(one)
    return Pool(dict(others), list(named.values()))


def gather(intake: Intake, *, rules: Rules, seed: str, now: datetime) -> Inputs:
    """What `allocation.allocate` takes. Applicants go by the uid of their dearest application."""
    runs = list(intake.runs.order_by("pk"))
    names = _Names(runs)
    facts = _Facts(runs, pooled(intake, runs, now=now), timezone.localdate(now), target=rules.target_hours)
    applicants = tuple(facts.applicant(person, wishes, names) for person, wishes in facts.pool.wishes.items())
    return Inputs(tuple(_seats(runs, names, now)), applicants, rules, seed)


class _Names:
    """The words by which an allocation knows runs, schools and regions."""

    def __init__(self, runs: Collection[Run]) -> None:
        self.runs = {run.pk: run.uid for run in runs}
        self.schools = dict(School.objects.filter(pk__in=_schools(runs)).values_list("pk", "uid"))
        self.regions = dict(Region.objects.values_list("pk", "iso"))

    def school(self, school: int | None, request: int | None) -> str:
        """A school that is not on record yet goes by the request to record it."""
        return self.schools[school] if school is not None else f"request-{request or 0}"

    def region(self, region: int | None) -> str:
        return self.regions.get(region, "") if region is not None else ""


class _Facts:
    """What the tables say of the applicants and their schools."""

    def __init__(self, runs: Collection[Run], pool: Pool, today: date, *, target: int) -> None:
        self.pool, self.today, self.target = pool, today, target
        people = list(pool.wishes)
        schools = {wishes[0].school for wishes in pool.wishes.values() if wishes[0].school}
        since = window_start(today)
        elsewhere = Enrolment.objects.filter(state__in=SEATED).exclude(run__in=runs).order_by()
        self.hours = hours_by_person(people, today)
        self.last = dict(elsewhere.filter(person__in=people).values_list("person").annotate(last=Max("run__ends_on")))
        in_window = elsewhere.filter(school__in=schools, run__ends_on__gte=since)
        self.places = dict(in_window.values_list("school").annotate(n=Count("pk")))
        held = Membership.objects.filter(in_force(today), role=Role.LIBRARIAN, school__in=schools).order_by()
        self.people = dict(held.values_list("school").annotate(n=Count("person", distinct=True)))
        credits = SchoolCredit.objects.filter(school__in=schools).order_by().values_list("school")
        self.credits = dict(credits.annotate(total=Sum("change")))
        self.commitments = commitments.of_people(people, on=today)

    def applicant(self, person: int, wishes: list[Wish], names: _Names) -> Applicant:
        first = wishes[0]
        past = self.commitments.get(person, commitments.NONE)
        school = first.school or 0
        return Applicant(
            key=first.uid,
            school=names.school(first.school, first.request),
            region=names.region(first.region),
            wishes=tuple(names.runs[one.run] for one in wishes),
            hours_missing=max(0, self.target - self.hours.get(person, 0)),
            months_since_last=months_between(self.last.get(person), self.today),
            credit=max(0, self.credits.get(school, 0)),
            school_places=self.places.get(school, 0),
            school_people=max(1, self.people.get(school, 0)),
            kept=past.kept,
            broken=past.late + past.absent,
        )


def _schools(runs: Collection[Run]) -> QuerySet[Enrolment, Any]:
    return Enrolment.objects.filter(run__in=runs, school__isnull=False).order_by().values("school")


def months_between(day: date | None, today: date) -> int | None:
    """Whole months from that day to today; 0 where it is still to come, None where there is none."""
    if day is None:
        return None
    return max(0, (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day))


def _shares(runs: Collection[Run]) -> dict[int, list[SeatShare]]:
    found: dict[int, list[SeatShare]] = defaultdict(list)
    for share in SeatShare.objects.filter(run__in=runs).select_related("school__region", "region").order_by("pk"):
        found[share.run_id].append(share)
    return found


def left_to_name(runs: Collection[Run], now: datetime) -> Counter[tuple[int, int]]:
    """Of every run and school the held places that nobody fills yet."""
    keeping = [run.pk for run in runs if run.holds_back(now)]
    held = SeatShare.objects.filter(run__in=keeping, held__gt=0, school__isnull=False)
    left = Counter({(run, school): number for run, school, number in held.values_list("run", "school", "held")})
    filled = Enrolment.objects.filter(run__in=keeping, state__in=HOLDING, of_held=True, school__isnull=False).order_by()
    for run, school, number in filled.values_list("run", "school").annotate(n=Count("pk")):
        left[run, school] -= number
    return left


def _seats(runs: Collection[Run], names: _Names, now: datetime) -> list[RunSeats]:
    shares, taken = _shares(runs), _taken(runs, names)
    left = left_to_name(runs, now)
    found = []
    for run in runs:
        keeps, mine = run.holds_back(now), shares[run.pk]
        for share in mine:
            if share.school:
                place = (share.school.uid, share.school.region.iso)
                taken[run.pk] += [place] * max(0, left[run.pk, share.school.pk])
        found.append(
            RunSeats(
                key=run.uid,
                places=run.capacity,
                school_cap=run.school_limit,
                region_cap=run.region_limit,
                shares=tuple(_share(share, keeps) for share in mine),
                taken=tuple(taken[run.pk]),
            )
        )
    return found


def _share(share: SeatShare, keeps: bool) -> GroupShare:
    """Held places count as the school's own beside what is promised; after the merge date only caps stand."""
    floor = share.floor + share.held if keeps else 0
    if share.school:
        return GroupShare("school", share.school.uid, floor, share.cap)
    return GroupShare("region", share.region.iso if share.region else "", floor, share.cap)


def _taken(runs: Collection[Run], names: _Names) -> dict[int, list[tuple[str, str]]]:
    rows = Enrolment.objects.filter(run__in=runs, state__in=HOLDING).order_by("pk")
    taken: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for run, school, request, region in rows.values_list("run", "school", "signup__school_request", REGION):
        taken[run].append((names.school(school, request), names.region(region)))
    return taken
