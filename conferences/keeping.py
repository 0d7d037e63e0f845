"""Finding out which promises are kept: never by a word, always by a seminar that was held.

An open promise is kept by a run
- that its traveller teaches (is among its trainers),
- that came from the trip, in any number of steps (see `lineage`),
- that is over, was not called off, and that somebody came to,
- whose course is of the promised kind (`KEPT_BY`).
One run keeps at most one promise of a person (the database holds it): of several the one that is due first takes the
earliest run. Where a run no longer keeps what it kept, the promise is open again. For whom a seminar was held is not
looked at: whoever came, came.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from conferences import lineage
from conferences.models import Promise, Trip
from conferences.promise_moves import make
from conferences.sharing_states import GONE, KEPT_BY
from conferences.trip_states import PromiseState
from courses import chain_queries
from courses.models import RunTrainer
from courses.states import RunState
from schools.access import SYSTEM

BINDING = (PromiseState.OPEN, PromiseState.KEPT)


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """A run that was held, by its last day."""

    ends_on: date
    run: int
    kind: str


def keep_due() -> int:
    """Look at every promise that could be kept or lost; returns how many changed. Safe to run twice, or at once."""
    return keep_promises(Trip.objects.filter(state__in=GONE).order_by("pk").values_list("pk", flat=True))


def keep_promises(trips: Iterable[int]) -> int:
    """As `keep_due`, of these trips (by key)."""
    by_trip: dict[int, list[Promise]] = defaultdict(list)
    for row in Promise.objects.filter(trip__in=list(trips), state__in=BINDING).order_by("trip", "pk"):
        by_trip[row.trip_id].append(row)
    descents = lineage.of_trips(by_trip)
    persons = {row.person_id for rows in by_trip.values() for row in rows}
    runs = {run for descent in descents.values() for run in descent.runs}
    held = held_by(persons, runs, today=timezone.localdate())
    changing = [pk for pk, rows in by_trip.items() if _would_change(rows, descents[pk], held)]
    return sum(_settle(pk, descents[pk], held) for pk in changing)


def held_by(persons: Iterable[int], runs: Iterable[int], *, today: date) -> dict[int, list[Held]]:
    """What each person taught of these runs and was held, the earliest first."""
    over = Q(run__state=RunState.CLOSED) | Q(run__state=RunState.PUBLISHED, run__ends_on__lt=today)
    someone = Exists(chain_queries.came().filter(run=OuterRef("run")))
    rows = RunTrainer.objects.filter(
        over, someone, person__in=list(persons), run__in=list(runs), run__ends_on__lte=today
    )
    found: dict[int, list[Held]] = defaultdict(list)
    for row in rows.select_related("run__course"):
        if row.person_id is not None and row.run.ends_on is not None:
            found[row.person_id].append(Held(row.run.ends_on, row.run_id, row.run.course.kind))
    return {person: sorted(taught) for person, taught in found.items()}


def _would_change(rows: list[Promise], descent: lineage.Descent, held: dict[int, list[Held]]) -> bool:
    """As it looks without locks: most trips have nothing new, and cost no statement of their own."""
    return any(
        row.run_id not in {one.run for one in _fitting(row, descent, held)}
        if row.state == PromiseState.KEPT
        else bool(_fitting(row, descent, held))
        for row in rows
    )


def _fitting(promise: Promise, descent: lineage.Descent, held: dict[int, list[Held]]) -> list[Held]:
    taught = held.get(promise.person_id, [])
    return [one for one in taught if one.run in descent.runs and one.kind in KEPT_BY[promise.kind]]


@transaction.atomic
def _settle(trip: int, descent: lineage.Descent, held: dict[int, list[Held]]) -> int:
    """Under the lock of the trip: first what is lost, then what is kept."""
    Trip.objects.select_for_update(no_key=True).get(pk=trip)
    rows = Promise.objects.select_for_update(no_key=True).filter(trip=trip, state__in=BINDING)
    promises, changed = list(rows.order_by("due_on", "pk")), 0
    for row in promises:
        if row.state == PromiseState.KEPT and row.run_id not in {one.run for one in _fitting(row, descent, held)}:
            make(row, "lose", actor=SYSTEM)
            changed += 1
    for row in promises:
        if row.state == PromiseState.OPEN:
            taken = set(Promise.objects.filter(person=row.person_id, run__isnull=False).values_list("run", flat=True))
            free = [one for one in _fitting(row, descent, held) if one.run not in taken]
            changed += bool(free) and _keep(row, free[0].run)
    return changed


def _keep(promise: Promise, run: int) -> bool:
    """False where another worker gave the run to another promise of the same person just now: the next look decides."""
    try:
        with transaction.atomic():
            make(promise, "keep", actor=SYSTEM, run_id=run)
    except IntegrityError:
        return False
    return True
