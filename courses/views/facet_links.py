"""How the catalogue shows its facets: ticks with counts, chips that take a filter out, links that keep the rest."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from courses import catalogue, facets
from courses.forms.catalogue import LABELS
from courses.models import Topic
from courses.months import month_of
from courses.states import CourseKind, Format
from schools.alphabet import sort_key
from schools.models import Region
from schools.states import Language
from schools.wording import short_date

FOLDED = ("place", "month", "year", "hours")
"""Facets with many values: folded away until one is ticked."""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    options: tuple[Option, ...]
    folded: bool

    @property
    def active(self) -> bool:
        return any(option.chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address without it."""

    label: str
    url: str


def facets_of(
    found: facets.Found,
    wish: catalogue.Wish,
    *,
    topics: Iterable[Topic],
    regions: Iterable[Region],
    unasked: Collection[str],
) -> list[Facet]:
    """The facets in the order of the page, without the `unasked`.

    Values that nothing stands behind are left out unless they are ticked.
    """
    shown = []
    for name, values in labels(found, wish, topics=topics, regions=regions).items():
        if name in unasked:
            continue
        counts, chosen = found.counts[name], wish.chosen.get(name, frozenset())
        options = tuple(
            Option(value, label, counts[value], value in chosen)
            for value, label in values.items()
            if counts[value] or value in chosen
        )
        if options:
            shown.append(Facet(name, str(LABELS[name]), options, name in FOLDED))
    return shown


def labels(
    found: facets.Found, wish: catalogue.Wish, *, topics: Iterable[Topic], regions: Iterable[Region]
) -> dict[str, dict[str, str]]:
    """Facet: value: words, in the order in which they are offered."""

    def seen(name: str) -> list[str]:
        return sorted(found.counts[name].keys() | wish.chosen.get(name, frozenset()))

    places = sorted(((str(region), region.iso) for region in regions), key=lambda pair: sort_key(pair[0]))
    months = [value for value in seen("month") if value != facets.TO_BE_ANNOUNCED]
    return {
        "language": {value: str(label) for value, label in Language.choices},
        "format": {value: str(label) for value, label in Format.choices},
        "kind": {value: str(label) for value, label in CourseKind.choices},
        "topic": {topic.code: str(topic) for topic in topics},
        "seats": {facets.FREE: _("Free places")},
        "open": {facets.OPEN: _("Open for registration")},
        "month": {value: month_of(value).name for value in months}
        | {facets.TO_BE_ANNOUNCED: _("Dates to be announced")},
        "year": {value: value for value in reversed(seen("year"))},
        "place": {iso: name for name, iso in places} | {facets.ABROAD: _("abroad")},
        "hours": {value: _steps(first, last) for value, first, last in facets.HOURS},
    }


def _steps(first: int, last: int | None) -> str:
    if last is None:
        return _("from %(first)s") % {"first": first}
    return f"{first}–{last}" if first > 1 else _("up to %(last)s") % {"last": last}


def chips_of(path: str, query: QueryDict, wish: catalogue.Wish, shown: list[Facet]) -> list[Chip]:
    """One chip for each filter that is on."""
    chips = []
    if wish.text:
        chips.append(Chip(f"«{wish.text}»", address(path, query, "q")))
    if wish.since:
        text = _("Starting from: %(day)s") % {"day": short_date(wish.since)}
        chips.append(Chip(text, address(path, query, "since")))
    ticked = [(facet.name, option) for facet in shown for option in facet.options if option.chosen]
    return chips + [Chip(option.label, without(path, query, name, option.value)) for name, option in ticked]


def without(path: str, query: QueryDict, name: str, value: str) -> str:
    """The address without one value of a facet."""
    fresh = query.copy()
    fresh.setlist(name, [text for text in query.getlist(name) if text != value])
    return address(path, fresh)


def address(path: str, query: QueryDict, *leave_out: str, **changes: str) -> str:
    """A path with a query that was understood, without what is left out, and with changes."""
    kept = {name: texts for name, texts in query.lists() if name not in leave_out}
    words = urlencode({**kept, **changes}, doseq=True)
    return f"{path}?{words}" if words else path
