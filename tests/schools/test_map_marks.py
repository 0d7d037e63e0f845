"""The map of regions: every region has its mark, no two marks touch on a phone, and all lie inside the picture."""

from itertools import combinations
from math import hypot

import pytest
from django.template import Context, Template

from schools.map_marks import APART, Mark, spots
from schools.reference import DATA, rows


def too_near(places: dict[str, tuple[int, int]]) -> list[tuple[str, str]]:
    pairs = combinations(sorted(places), 2)
    return [(a, b) for a, b in pairs if hypot(places[a][0] - places[b][0], places[a][1] - places[b][1]) < APART]


def test_every_region_is_marked():
    assert set(spots()) == {row["iso_3166_2"] for row in rows(DATA / "regions.csv")}


def test_marks_lie_inside_and_apart():
    assert too_near(spots()) == []
    assert [iso for iso, (x, y) in spots().items() if not (33 <= x <= 767 and 33 <= y <= 427)] == []


def test_marks_that_touch_are_seen():
    assert too_near({"KZ-10": (100, 100), "KZ-11": (130, 100)}) == [("KZ-10", "KZ-11")]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_picture_and_the_table_hold_the_same(language):
    marks = [Mark("KZ-10", "Абай <облысы>", 3, "?place=KZ-10&a=1", here=True), Mark("KZ-99", "Белгісіз", 1, "?x")]
    drawn = Template('{% load ui %}{% region_map marks caption="Карта" counted="Семинарлар" %}').render(
        Context({"marks": marks})
    )
    assert drawn.count('class="map-mark"') == 1
    assert drawn.count('class="map-dot"') == len(spots()) - 1
    assert drawn.count('href="?place=KZ-10&amp;a=1"') == 2
    assert 'aria-label="Абай &lt;облысы&gt;: 3"' in drawn
    assert "Белгісіз" in drawn
    assert "<облысы>" not in drawn
