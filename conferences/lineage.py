"""Which runs came from which trips, generation after generation, read in three statements for any number of trips.

A run that names a trip (TripDerivation) is of its first generation; so is one that names the course run which the
trip led to. What names those (`courses.models.Derivation`) is of the next. A run that names a course comes from each
earlier run of that course, as `courses.chain_queries` has it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from conferences.models import Trip, TripDerivation
from courses.chain_queries import TAUGHT, WITH_DRAFTS
from courses.models import Derivation, Run

__all__ = ["TAUGHT", "WITH_DRAFTS", "Descent", "of_trips"]


@dataclass(frozen=True, slots=True)
class Fact:
    """As much of a run as lines of descent need."""

    pk: int
    course: int
    starts_on: date

    def __lt__(self, other: "Fact") -> bool:
        return (self.starts_on, self.pk) < (other.starts_on, other.pk)


@dataclass(slots=True)
class Descent:
    """What one trip led to: each run once, with its generation and the run by which it came (None: the trip)."""

    generation: dict[int, int] = field(default_factory=dict)
    parent: dict[int, int | None] = field(default_factory=dict)

    @property
    def runs(self) -> Collection[int]:
        return self.generation.keys()

    def of(self, generation: int) -> list[int]:
        return [pk for pk, depth in self.generation.items() if depth == generation]


def of_trips(trips: Iterable[int], *, states: Collection[str] = TAUGHT) -> dict[int, Descent]:
    """The descent of each of these trips (by key), over runs in `states`."""
    wanted = list(trips)
    if not wanted:
        return {}
    visited = Trip.objects.filter(pk__in=wanted, run__isnull=False)
    columns = ("run", "run__course", "run__starts_on")
    roots = {trip: _fact(pk, course, day) for trip, pk, course, day in visited.values_list("pk", *columns)}
    named: dict[int, list[Fact]] = defaultdict(list)
    rows = TripDerivation.objects.filter(trip__in=wanted, run__state__in=states)
    for trip, pk, course, day in rows.values_list("trip", *columns):
        named[trip].append(_fact(pk, course, day))
    edges = _Edges(Derivation.objects.filter(run__state__in=states))
    return {pk: _descent(roots.get(pk), named[pk], edges) for pk in wanted}


def _fact(pk: int, course: int, starts_on: date | None) -> Fact:
    return Fact(pk, course, starts_on or date.max)


class _Edges:
    """Who names whom, looked up by what is named."""

    def __init__(self, rows: QuerySet[Derivation]) -> None:
        self.by_run: dict[int, list[Fact]] = defaultdict(list)
        self.by_course: dict[int, list[Fact]] = defaultdict(list)
        columns = ("source_run", "source_course", "run", "run__course", "run__starts_on")
        for source_run, source_course, pk, course, day in rows.values_list(*columns):
            if source_run is not None:
                self.by_run[source_run].append(_fact(pk, course, day))
            elif source_course is not None:
                self.by_course[source_course].append(_fact(pk, course, day))

    def after(self, run: Fact) -> list[Fact]:
        """Runs that name this one, or its course at a time when it had begun."""
        later = (found for found in self.by_course.get(run.course, ()) if found.starts_on >= run.starts_on)
        return sorted({*self.by_run.get(run.pk, ()), *later})


def _descent(root: Fact | None, named: list[Fact], edges: _Edges) -> Descent:
    found = Descent()
    level: list[tuple[int | None, Fact]] = [(None, fact) for fact in sorted(named)]
    if root is not None:
        level += [(None, fact) for fact in edges.after(root)]
    depth = 1
    while level:
        new: list[Fact] = []
        for parent, fact in level:
            if fact.pk not in found.generation and (root is None or fact.pk != root.pk):
                found.generation[fact.pk], found.parent[fact.pk] = depth, parent
                new.append(fact)
        level = [(fact.pk, after) for fact in new for after in edges.after(fact)]
        depth += 1
    return found


def leads_back(trip: Trip, run: Run) -> bool:
    """True if the trip itself came from `run`: it went to that run, or to one that descends from it.

    So «the run passes on the trip» would close a circle. Trips on the way count as well.
    """
    if trip.run_id is None:
        return False
    edges = _Edges(Derivation.objects.all())
    by_trip: dict[int, list[Fact]] = defaultdict(list)
    rows = TripDerivation.objects.filter(trip__run__isnull=False)
    for visited, pk, course, day in rows.values_list("trip__run", "run", "run__course", "run__starts_on"):
        if visited is not None:
            by_trip[visited].append(_fact(pk, course, day))
    met: set[int] = set()
    level = [_fact(run.pk, run.course_id, run.starts_on)]
    while level:
        if any(fact.pk == trip.run_id for fact in level):
            return True
        met |= {fact.pk for fact in level}
        after = {found for fact in level for found in (*edges.after(fact), *by_trip[fact.pk])}
        level = [fact for fact in after if fact.pk not in met]
    return False
