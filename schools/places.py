"""Where cities and regions lie on the plane of the outline in `templates/ui/kazakhstan.html`: 800 by 460."""

from functools import lru_cache
from math import hypot

from schools.models import Region, School
from schools.models.school import in_language
from schools.reference import DATA, rows

Point = tuple[float, float]


@lru_cache(maxsize=1)
def cities() -> dict[str, Point]:
    """By the Kazakh name of today."""
    return {row["city_kk"]: (float(row["map_x"]), float(row["map_y"])) for row in rows(DATA / "places.csv")}


def of_region(region: Region) -> Point | None:
    """Its centre; a city of republican significance is its own. None where the map does not know it."""
    name = in_language(region, "centre", "kk") or in_language(region, "name", "kk").removesuffix(" қаласы")
    return cities().get(name)


def of_school(school: School) -> Point | None:
    if school.map_x is None or school.map_y is None:
        return None
    return school.map_x, school.map_y


def distance(one: Point, other: Point) -> float:
    """On the plane of the map: good for «nearest», not for kilometres."""
    return hypot(one[0] - other[0], one[1] - other[1])
