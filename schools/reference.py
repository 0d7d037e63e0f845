"""Reference data: what every portal starts with, loaded by `manage.py load_reference` as often as one likes.

A room adds its own in `AppConfig.ready()`:

    reference.loader("topics", load_topics)

where `load_topics()` returns a Counter of what `put` answered. Loading adds what is missing and corrects what
the files say; rows that people have added, and dates at which they ended a name or a period, are left alone.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from schools.models import CityName, NetworkPeriod, Region, RegionName, School, SchoolName, SchoolRegion
from schools.models.school import write_search_keys
from schools.states import SchoolSource

DATA = Path(__file__).parent / "data"
LANGUAGES = ("kk", "ru", "en")
NETWORK_FOUNDED = date(2008, 1, 1)
"""NIS was founded in 2008. A school whose opening day is not on record counts from then until it is corrected."""
DAY = timedelta(days=1)
Tally = Counter[str]
Loader = Callable[[], Tally]
_loaders: dict[str, Loader] = {}


def loader(name: str, load: Loader) -> None:
    """Add a set of reference data; sets are loaded in the order in which they were added."""
    _loaders[name] = load


@transaction.atomic
def load_all() -> dict[str, Tally]:
    """Load every set, or none where one fails: how many rows each added, changed and found the same."""
    return {name: load() for name, load in _loaders.items()}


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file with a heading, UTF-8."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def put(model: type[Model], key: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[Any, str]:
    """The row of that key with those values, and «added», «changed» or «same»."""
    row = model._default_manager.filter(**key).first()
    if row is None:
        return model._default_manager.create(**key, **values), "added"
    stale = [name for name, value in values.items() if getattr(row, name) != value]
    if not stale:
        return row, "same"
    for name in stale:
        setattr(row, name, values[name])
    row.save(update_fields=stale)
    return row, "changed"


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def load_regions() -> Tally:
    """The 20 regions and cities of republican significance, by ISO 3166-2 code."""
    tally = Tally()
    for row in rows(DATA / "regions.csv"):
        values = {
            **_in_languages(row, "name"),
            **_in_languages(row, "centre"),
            "kind": row["kind"],
            "since": day(row["since"]),
            "general_schools": int(row["gen_ed_schools"]) if row["gen_ed_schools"] else None,
        }
        tally[put(Region, {"iso": row["iso_3166_2"]}, values)[1]] += 1
    return tally


def load_place_names() -> Tally:
    """What regions and cities were called, and when."""
    tally = Tally()
    regions = {region.iso: region for region in Region.objects.all()}
    for row in rows(DATA / "dated_names.csv"):
        values = {**_in_languages(row, "name"), "valid_to": day(row["valid_to"])}
        since = day(row["valid_from"])
        if row["kind"] == "region":
            answer = put(RegionName, {"region": regions[row["code"]], "valid_from": since}, values)
        else:
            answer = put(CityName, {"city": row["code"], "valid_from": since}, values)
        tally[answer[1]] += 1
    return tally


def load_schools() -> Tally:
    """The schools with their names by date, their regions before the borders moved, and the network of 2018."""
    tally = Tally()
    regions = {region.iso: region for region in Region.objects.all()}
    places = {row["city_kk"]: row for row in rows(DATA / "places.csv")}
    former: dict[str, list[dict[str, str]]] = {}
    for row in rows(DATA / "school_names.csv"):
        former.setdefault(row["code"], []).append(row)
    for row in rows(DATA / "schools.csv"):
        region, place = regions[row["region_iso"]], places.get(row["city_kk"])
        values = {
            **_in_languages(row, "city"),
            "region": region,
            "direction": row["direction"],
            "source": SchoolSource.REFERENCE,
            "opened": day(row["opened"]),
            "map_x": float(place["map_x"]) if place else None,
            "map_y": float(place["map_y"]) if place else None,
        }
        school, answer = put(School, {"code": row["code"]}, values)
        tally[answer] += 1
        _put_names(school, former.get(row["code"], [{**row, "valid_from": "", "valid_to": ""}]))
        _put_former_region(school, region, regions[row["region_iso_2018"]])
        if row["in_network_2018"] == "yes" and not school.network_periods.exists():
            NetworkPeriod.objects.create(school=school, valid_from=school.opened or NETWORK_FOUNDED)
    write_search_keys(School.objects.filter(search_key=""))
    return tally


def _put_names(school: School, names: list[dict[str, str]]) -> None:
    """Words are corrected by the file; the last day of a name is set once, since people may end a name."""
    for row in names:
        key = {"school": school, "valid_from": day(row["valid_from"])}
        name, answer = put(SchoolName, key, {**_in_languages(row, "short"), **_in_languages(row, "official")})
        if answer == "added" and row["valid_to"]:
            name.valid_to = day(row["valid_to"])
            name.save(update_fields=["valid_to"])


def _put_former_region(school: School, region: Region, before: Region) -> None:
    """A school that changed its region did so on the day from which the newer one exists."""
    if region == before or region.since is None:
        return
    put(SchoolRegion, {"school": school, "valid_from": None}, {"region": before, "valid_to": region.since - DAY})
    put(SchoolRegion, {"school": school, "valid_from": region.since}, {"region": region})


def _in_languages(row: Mapping[str, str], field: str) -> dict[str, str]:
    return {f"{field}_{language}": row[f"{field}_{language}"] for language in LANGUAGES}


loader("regions", load_regions)
loader("names of places", load_place_names)
loader("schools", load_schools)
