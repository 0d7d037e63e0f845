"""A map of Kazakhstan with a number in each region, for `{% load ui %}`: each mark is a link."""

from collections.abc import Sequence

from django import template

from schools.map_marks import Mark, spots


def region_map(
    marks: Sequence[Mark], caption: str, counted: str, lines: Sequence[tuple[str, str]] = ()
) -> dict[str, object]:
    """Regions with their numbers on the country's outline, and the same in a table; `counted` heads its numbers.

    {% region_map marks caption=_("Seminars by region") counted=_("Seminars") %} with marks of `schools.map_marks`.
    Regions without a mark are dots; `lines` leads from one region to another (pairs of ISO codes).
    A region that the map does not know stands in the table alone.
    """
    places = spots()
    named = {mark.iso for mark in marks}
    return {
        "caption": caption,
        "counted": counted,
        "marks": marks,
        "placed": [(mark, *places[mark.iso]) for mark in marks if mark.iso in places],
        "lines": [_arc(places[start], places[end]) for start, end in lines if start in places and end in places],
        "dots": [place for iso, place in places.items() if iso not in named],
    }


def _arc(start: tuple[int, int], end: tuple[int, int]) -> str:
    """A curve that bends a little to its left, so that lines there and back are two."""
    (x, y), (u, v) = start, end
    return f"M{x} {y}Q{(x + u) // 2 + (v - y) // 6} {(y + v) // 2 - (u - x) // 6} {u} {v}"


def add_to(register: template.Library) -> None:
    register.inclusion_tag("ui/region_map.html")(region_map)
