"""Demand by region, as the map takes it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from schools.alphabet import sort_key
from schools.map_marks import Mark
from schools.models import Region


def region_marks(counts: dict[int, int], *, path: str, query: Mapping[str, str]) -> list[Mark]:
    """The number of each region where somebody asks; a mark chooses its region beside the rest of `query`, or lets go.

    One query where there is anything to draw.
    """
    chosen = query.get("region", "")
    others = {name: value for name, value in query.items() if name != "region"}
    marks = []
    for region in Region.objects.filter(pk__in=counts) if counts else ():
        here = region.iso == chosen
        words = urlencode(others if here else {**others, "region": region.iso})
        marks.append(Mark(region.iso, str(region), counts[region.pk], f"{path}?{words}" if words else path, here))
    return sorted(marks, key=lambda mark: sort_key(mark.name))
