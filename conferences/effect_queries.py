"""The chain of effect: from trips over reports and promises to seminars, the people who came, and what they did next.

A seminar counts once it was held: it is over, was not called off, and somebody came (`chain_queries.came`). The first
generation are seminars that came from a trip. The next are those that came from these, and those which people who had
come there led later on the same topic. People, schools and regions are counted once, however often they came; the
school is that of the day. All in a fixed number of statements, for one trip and for all of them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Prefetch, QuerySet

from conferences import lineage
from conferences.coming_back_states import WrittenState
from conferences.effect_costs import Cost, cost_of
from conferences.effect_scopes import Scope
from conferences.models import Promise, Traveller, Trip, WrittenReport
from courses import chain_queries
from courses.chain_queries import COUNTS, TAUGHT, Reach
from courses.models import Enrolment, Run, RunTrainer
from courses.states import RunState


@dataclass(slots=True)
class Seminar:
    """One run of the chain, by `trip` or by the run `parent` (keys); `led`: by somebody who had come there."""

    run: Run
    generation: int
    trip: int
    parent: int | None
    led: bool = False
    reach: Reach = field(default_factory=Reach)
    held: bool = False


@dataclass(slots=True)
class Effect:
    """What came of some trips. `first` and `whole` count people of the first and of all generations once."""

    trips: list[Trip]
    seminars: dict[int, Seminar]
    promises: list[Promise]
    reports: dict[int, WrittenReport]
    first: Reach
    whole: Reach
    regions: dict[int, int]
    cost: Cost

    @property
    def held(self) -> list[Seminar]:
        return [row for row in self.seminars.values() if row.held]

    @property
    def first_held(self) -> list[Seminar]:
        return [row for row in self.held if row.generation == 1]

    @property
    def later_held(self) -> list[Seminar]:
        return [row for row in self.held if row.generation > 1]

    @property
    def travellers(self) -> set[int]:
        return {row.person_id for trip in self.trips for row in trip.travellers.all()}

    @property
    def schools(self) -> set[int]:
        return {row.school_id for trip in self.trips for row in trip.travellers.all() if row.school_id}


def effect_of(scope: Scope, *, today: date) -> Effect:
    """The chain under these trips, the latest trip first."""
    trips = list(_with_parts(scope.trips))
    pks = [trip.pk for trip in trips]
    seminars = _seminars(pks, today)
    held = [pk for pk, row in seminars.items() if row.held]
    first = [pk for pk in held if seminars[pk].generation == 1]
    return Effect(
        trips=trips,
        seminars=seminars,
        promises=list(promises_of(pks)),
        reports={row.trip_id: row for row in reports_of(pks)},
        first=_reach(first),
        whole=_reach(held),
        regions=people_by_region(held),
        cost=cost_of(pks),
    )


def _with_parts(trips: QuerySet[Trip]) -> QuerySet[Trip]:
    travellers = Traveller.objects.select_related("person", "school").prefetch_related("school__names")
    rows = trips.select_related("edition__series", "presentation", "run__course")
    return rows.prefetch_related(Prefetch("travellers", travellers)).order_by("-starts_on", "-pk")


def promises_of(trips: Collection[int]) -> QuerySet[Promise]:
    rows = Promise.objects.filter(trip__in=trips).select_related("person", "trip", "run__course", "region")
    return rows.order_by("due_on", "pk")


def reports_of(trips: Collection[int]) -> QuerySet[WrittenReport]:
    return WrittenReport.objects.filter(trip__in=trips, state=WrittenState.PUBLISHED)


def _seminars(trips: Collection[int], today: date) -> dict[int, Seminar]:
    """Each run once, at its nearest; those that came from a trip before those that were led by people who had come."""
    places: dict[int, tuple[int, int, int | None, bool]] = {}
    for trip, descent in lineage.of_trips(trips).items():
        for pk, generation in descent.generation.items():
            if pk not in places or generation < places[pk][0]:
                places[pk] = (generation, trip, descent.parent[pk], False)
    for pk, parent in _led_later(list(places), today).items():
        if pk not in places:
            generation, trip, *_rest = places[parent]
            places[pk] = (generation + 1, trip, parent, True)
    runs = (
        Run.objects.select_related("course", "host__region", "region").prefetch_related("host__names").in_bulk(places)
    )
    reached = reach_by_run(runs)
    found = {}
    for pk in sorted(runs, key=lambda pk: (places[pk][0], runs[pk].starts_on or date.max, pk)):
        reach = reached.get(pk, Reach())
        found[pk] = Seminar(runs[pk], *places[pk], reach=reach, held=bool(reach.people) and is_over(runs[pk], today))
    return found


def is_over(run: Run, today: date) -> bool:
    """Over and not called off."""
    if run.ends_on is None or run.ends_on > today:
        return False
    return run.state == RunState.CLOSED or (run.state == RunState.PUBLISHED and run.ends_on < today)


def _led_later(runs: Collection[int], today: date) -> dict[int, int]:
    """Runs that people who came to one of these led afterwards, on its topic; each with the run they had come to."""
    if not runs:
        return {}
    came = chain_queries.came().filter(
        run__in=runs, person__in=RunTrainer.objects.filter(person__isnull=False).values("person")
    )
    learned: dict[tuple[int, int], list[tuple[date, int]]] = defaultdict(list)
    for person, topic, day, run in came.values_list("person", "run__course__topic", "run__ends_on", "run"):
        if day is not None:
            learned[person, topic].append((day, run))
    taught = RunTrainer.objects.filter(
        person__in={person for person, _topic in learned}, run__state__in=TAUGHT, run__ends_on__lte=today
    )
    found: dict[int, int] = {}
    for person, topic, day, run in taught.order_by("run__starts_on", "run").values_list(
        "person", "run__course__topic", "run__starts_on", "run"
    ):
        before = [pair for pair in learned.get((person or 0, topic), ()) if day is not None and pair[0] < day]
        if before:
            found.setdefault(run, max(before)[1])
    return found


def reach_by_run(runs: Iterable[int]) -> dict[int, Reach]:
    rows = chain_queries.came().filter(run__in=list(runs)).values("run").annotate(**COUNTS)
    return {pk: Reach(*counts) for pk, *counts in rows.values_list("run", *COUNTS)}


def _reach(runs: Collection[int]) -> Reach:
    return Reach(**chain_queries.came().filter(run__in=runs).aggregate(**COUNTS))


def people_by_region(runs: Collection[int]) -> dict[int, int]:
    """How many people of each region (by key) came, each once."""
    rows = chain_queries.came().filter(run__in=runs, school__isnull=False)
    return dict(rows.values_list("school__region").annotate(n=Count("person", distinct=True)))


def people_by_school(runs: Collection[int]) -> dict[int, int]:
    """How many people of each school (by key) came, each once."""
    rows = chain_queries.came().filter(run__in=runs, school__isnull=False)
    return dict(rows.values_list("school").annotate(n=Count("person", distinct=True)))


def those_who_came(runs: Collection[int]) -> QuerySet[Enrolment]:
    """Everybody's part in these runs, by name; a person who came twice has two rows."""
    rows = chain_queries.came().filter(run__in=runs).select_related("person", "school__region", "run__course")
    return rows.prefetch_related("school__names").order_by("person__surname", "person__given_name", "person", "run")


def branches(seminars: Mapping[int, Seminar]) -> dict[tuple[str, int], list[Seminar]]:
    """The seminars under each trip and each seminar, for drawing a tree: keys are («trip», pk) and («run», pk)."""
    found: dict[tuple[str, int], list[Seminar]] = defaultdict(list)
    for row in seminars.values():
        found["trip" if row.parent is None else "run", row.trip if row.parent is None else row.parent].append(row)
    return found
