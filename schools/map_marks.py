"""Where regions are marked on the map of Kazakhstan.

The places stand in `schools/data/map_marks.csv`, in the units of the outline (800 by 460). A mark stands inside
its region, and so far from the others that fingers can tell them apart on a phone.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "map_marks.csv"
APART = 66
"""The least distance of two marks: 24 pixels where the map is 292 pixels wide."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A region with a number, and where the mark leads; `here` says that it is chosen."""

    iso: str
    name: str
    count: int
    url: str
    here: bool = False


@cache
def spots() -> dict[str, tuple[int, int]]:
    """The place of each region's mark, by ISO 3166-2 code."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return {row["iso"]: (int(row["x"]), int(row["y"])) for row in csv.DictReader(file)}
