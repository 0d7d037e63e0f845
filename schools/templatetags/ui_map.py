"""A map of Kazakhstan with a number in each region, for `{% load ui %}`: each mark is a link."""

from collections.abc import Sequence

from django import template

from schools.map_marks import Mark, spots


def region_map(marks: Sequence[Mark], caption: str, counted: str) -> dict[str, object]:
    """Regions with their numbers on the country's outline, and the same in a table; `counted` heads its numbers.

    {% region_map marks caption=_("Seminars by region") counted=_("Seminars") %} with marks of `schools.map_marks`.
    Regions without a mark are dots. A region that the map does not know stands in the table alone.
    """
    places = spots()
    named = {mark.iso for mark in marks}
    return {
        "caption": caption,
        "counted": counted,
        "marks": marks,
        "placed": [(mark, *places[mark.iso]) for mark in marks if mark.iso in places],
        "dots": [place for iso, place in places.items() if iso not in named],
    }


def add_to(register: template.Library) -> None:
    register.inclusion_tag("ui/region_map.html")(region_map)
