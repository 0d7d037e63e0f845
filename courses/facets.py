"""What the catalogue is sorted into: facets, their values for a run, and how many runs stand behind each value."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

ABROAD, TO_BE_ANNOUNCED = "abroad", "tba"
FREE, OPEN = "free", "yes"
HOURS = (("1-24", 1, 24), ("25-40", 25, 40), ("41-80", 41, 80), ("81-", 81, None))
"""Steps of academic hours: up to three days, a week, two weeks, longer. (value, from, to), both inclusive."""


class Values(NamedTuple):
    """One run as the facets see it; None where a facet does not speak of it."""

    pk: int
    language: str
    format: str
    kind: str
    topic: str
    place: str | None
    month: str | None
    year: str | None
    hours: str
    seats: str | None
    open: str | None


NAMES = Values._fields[1:]
"""The facets by the name that they have in the address bar."""
_COLUMN = {name: column for column, name in enumerate(Values._fields)}
Chosen = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """Keys of the runs that fit, in order, and for each facet how many fit by value."""

    ids: list[int] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return len(self.ids)


def sift(rows: Iterable[Values], chosen: Chosen) -> Found:
    """Keep the rows that fit every facet. A facet's own counts pass over what is chosen in it, and nothing else:

    «Russian (3)» says what ticking Russian would give beside the other choices. One pass over the rows.
    """
    active = [(name, _COLUMN[name], values) for name, values in chosen.items() if values]
    ids: list[int] = []
    counts: dict[str, Counter[str]] = {name: Counter() for name in NAMES}
    for row in rows:
        missed = [name for name, column, values in active if row[column] not in values]
        if not missed:
            ids.append(row.pk)
        if len(missed) > 1:
            continue
        for name in missed or NAMES:
            if (value := row[_COLUMN[name]]) is not None:
                counts[name][str(value)] += 1
    return Found(ids, counts)


def hours_step(hours: int) -> str:
    """The step of HOURS that so many academic hours fall into."""
    return next(value for value, _, last in HOURS if last is None or hours <= last)
