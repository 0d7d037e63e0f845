"""What the catalogue is sorted into: facets, their values for a run, and how many runs stand behind each value."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

ABROAD, TO_BE_ANNOUNCED = "abroad", "tba"
FREE, OPEN = "free", "yes"
HOURS = (("1-24", 1, 24), ("25-40", 25, 40), ("41-80", 41, 80), ("81-", 81, None))
"""Steps of academic hours: up to three days, a week, two weeks, longer. (value, from, to), both inclusive."""


class Values(NamedTuple):
    """One run as the facets see it; None where a facet does not speak of it."""

    pk: int
    course: int
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


NAMES = Values._fields[2:]
"""The facets by the name that they have in the address bar."""
_VALUE = {name: itemgetter(column) for column, name in enumerate(Values._fields)}
Chosen = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """Keys of the runs that fit, in order, and for each facet how many fit by value."""

    ids: list[int] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return len(self.ids)


def sift(rows: Sequence[Values], chosen: Chosen) -> Found:
    """Keep the rows that fit every facet. A facet's own counts pass over what is chosen in it, and nothing else:

    «Russian (3)» says what ticking Russian would give beside the other choices. One pass over the rows.
    """
    active = [(name, _VALUE[name], values) for name, values in chosen.items() if values]
    fit: list[Values] = []
    all_but: dict[str, list[Values]] = {name: [] for name, _, _ in active}
    for row in rows:
        missed = [name for name, value, values in active if value(row) not in values]
        if not missed:
            fit.append(row)
        elif len(missed) == 1:
            all_but[missed[0]].append(row)
    counts: dict[str, Counter[str]] = {}
    for name in NAMES:
        counts[name] = Counter(map(_VALUE[name], fit))
        counts[name].update(map(_VALUE[name], all_but.get(name, ())))
        del counts[name][None]  # a Counter lets go of what it does not hold
    return Found([row.pk for row in fit], counts)


@lru_cache(maxsize=512)
def hours_step(hours: int) -> str:
    """The step of HOURS that so many academic hours fall into."""
    return next(value for value, _, last in HOURS if last is None or hours <= last)


@lru_cache(maxsize=2048)
def month_value(year: int, month: int) -> str:
    """A month as the address bar writes it: 2026-12."""
    return f"{year}-{month:02}"
