"""What rooms above add to a person's record: each brings a titled list, and the page of the record shows them all.

A room adds its source in `AppConfig.ready()`:

    record_parts.source(presentations_of)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schools.models import Person


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it was, where its page is, and facts in small print."""

    title: str
    url: str
    meta: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    rows: Sequence[Row]


Source = Callable[[Person], Part | None]
_sources: list[Source] = []


def source(make: Source) -> Source:
    """Ask `make` for its part of every record. Adding one twice changes nothing."""
    if make not in _sources:
        _sources.append(make)
    return make


def of(person: Person) -> list[Part]:
    """The parts that have something to show, in the order in which their rooms came."""
    return [part for make in _sources if (part := make(person)) is not None and part.rows]
