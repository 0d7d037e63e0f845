"""What the rows of a file of schools come to: which school each means, and what would change. Reads only.

A row means the school that has its code of the ministry, else the one of the same region, district and name,
in Kazakh or in Russian; where several have these, the settlement tells, and after that whether there is a code.
An empty cell changes nothing.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from schools import audit
from schools.directory import facts_of
from schools.models import Region, School
from schools.models.words import words_of
from schools.states import SchoolKind

Key = tuple[str, ...]


class Kind(models.TextChoices):
    NEW = "new", pgettext_lazy("school row", "new")
    CHANGED = "changed", gettext_lazy("changed")
    SAME = "same", gettext_lazy("unchanged")
    ERROR = "error", gettext_lazy("error")


@dataclass(slots=True)
class SchoolRow:
    """One row of a file: its number there, its values (cleaned, or as typed where wrong), what is wrong by column.

    The region stands by its ISO code.
    """

    number: int
    values: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """What one row comes to. `changes` hold old and new by column; `errors` sentences."""

    number: int
    kind: str
    values: dict[str, Any]
    school: int | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Record:
    """What the directory holds, by every way to name a school."""

    facts: dict[int, dict[str, Any]] = field(default_factory=dict)
    live: set[int] = field(default_factory=set)
    codes: dict[str, int] = field(default_factory=dict)
    exact: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))
    loose: dict[Key, set[int]] = field(default_factory=lambda: defaultdict(set))


def plan(entries: Iterable[SchoolRow]) -> tuple[list[Plan], list[int]]:
    """What each row would come to today, and the keys of schools of these regions that no row names."""
    entries = list(entries)
    isos = {entry.values["region"] for entry in entries if "region" not in entry.errors}
    record = _record(isos)
    places = _places_of_names(entries)
    plans: list[Plan] = []
    taken: dict[Key | int, int] = {}
    for entry in entries:
        one = Plan(entry.number, Kind.ERROR, dict(entry.values), errors=dict(entry.errors))
        if not one.errors:
            _weigh(one, record, places, taken)
        plans.append(one)
    return plans, sorted(record.live - {one.school for one in plans if one.school})


def digest(plans: Iterable[Plan]) -> str:
    """What was shown, in short: two dry runs are the same if their digests are."""
    seen = [[one.number, str(one.kind), one.values, one.changes, one.errors] for one in plans]
    return hashlib.sha256(audit.canonical(seen)).hexdigest()


def _weigh(one: Plan, record: Record, places: Mapping[Key, set[str]], taken: dict[Key | int, int]) -> None:
    """Compare a sound row with what is on record."""
    one.school = _meant(one.values, record, places)
    itself: Key | int = one.school or ("code", one.values.get("external_code") or "", *next(_exact_keys(one.values)))
    if itself in taken:
        one.errors["name_kk"] = _("The same school stands in row %(row)s.") % {"row": taken[itself]}
        one.school = None
        return
    taken[itself] = one.number
    if one.school is None:
        one.kind = Kind.NEW
        return
    known = record.facts[one.school]
    one.changes = {
        column: [known[column], value]
        for column, value in one.values.items()
        if value not in ("", None) and value != known[column]
    }
    one.kind = Kind.CHANGED if one.changes else Kind.SAME


def _meant(values: Mapping[str, Any], record: Record, places: Mapping[Key, set[str]]) -> int | None:
    code = values.get("external_code")
    if code and code in record.codes:
        return record.codes[code]

    def may_be(pk: int) -> bool:
        """Two codes are two schools."""
        return not (code and record.facts[pk]["external_code"])

    for key in _exact_keys(values):
        alike = [pk for pk in record.exact.get(key, ()) if may_be(pk)]
        if alike:  # a row without a code rather means the school without one
            return min(alike, key=lambda pk: (bool(record.facts[pk]["external_code"]), pk))
    for key in _loose_keys(values):
        found = [pk for pk in record.loose.get(key, ()) if may_be(pk)]
        if len(found) == 1 and len(places[key]) == 1:
            return found[0]
    return None


def _record(isos: set[str]) -> Record:
    """General schools of the regions that the file names. An archived one is known by its code alone, and stays so."""
    record = Record()
    rows = School.objects.filter(kind=SchoolKind.GENERAL).filter(
        models.Q(region__iso__in=isos) | ~models.Q(external_code="")
    )
    for school in rows.select_related("region").prefetch_related("names"):
        known = {**facts_of(school), "region": school.region.iso}
        record.facts[school.pk] = known
        if school.external_code:
            record.codes[school.external_code] = school.pk
        if school.archived_at or school.region.iso not in isos:
            continue
        record.live.add(school.pk)
        for key in _exact_keys(known):
            record.exact[key].append(school.pk)
        for key in _loose_keys(known):
            record.loose[key].add(school.pk)
    return record


def _places_of_names(entries: Iterable[SchoolRow]) -> dict[Key, set[str]]:
    """In how many settlements the file has a school of the same region, district and name."""
    places: dict[Key, set[str]] = defaultdict(set)
    for entry in entries:
        if not entry.errors:
            place = entry.values.get("city_kk") or entry.values.get("city_ru") or ""
            for key in _loose_keys(entry.values):
                places[key].add(_folded(place))
    return places


def _loose_keys(values: Mapping[str, Any]) -> Iterator[Key]:
    """Region, district and name, in every language that both have."""
    for name in _texts(values, "name"):
        for district in _texts(values, "district"):
            yield values["region"], district, name


def _exact_keys(values: Mapping[str, Any]) -> Iterator[Key]:
    for key in _loose_keys(values):
        for city in _texts(values, "city"):
            yield (*key, city)


def _texts(values: Mapping[str, Any], part: str) -> list[str]:
    """The folded text in Kazakh and in Russian; an empty one only where there is none."""
    texts = dict.fromkeys(_folded(values.get(f"{part}_{code}") or "") for code in ("kk", "ru"))
    return [text for text in texts if text] or [""]


def _folded(text: str) -> str:
    return " ".join(words_of(text))


def regions_by_iso() -> dict[str, Region]:
    return {region.iso: region for region in Region.objects.all()}
