"""Geometry of the small pictures: meters, gauges, bars and trends.

Every length is a string with a decimal point, ready for an SVG attribute: a template in Kazakh or Russian would
print 12,5. Nothing here knows colours or words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

STEPS = (1, 2, 2.5, 5, 10)


def plain(value: float) -> str:
    """A length with at most two decimals and a point: "12.5", "100", "0"."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def percent(part: float, whole: float) -> float:
    """Share of the whole, kept between 0 and 100; an empty whole gives 0."""
    if whole <= 0:
        return 0.0
    return min(100.0, max(0.0, 100.0 * part / whole))


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a meter: where it begins, how long it is (both in hundredths of the meter), what it shows."""

    x: str
    width: str
    kind: str


def meter_pieces(parts: Sequence[tuple[str, float]], whole: float) -> list[Piece]:
    """Stretches of a meter in order; those that do not fit are cut at the end."""
    pieces, at = [], 0.0
    for kind, value in parts:
        width = min(percent(value, whole), 100.0 - at)
        if width > 0:
            pieces.append(Piece(plain(at), plain(width), kind))
            at += width
    return pieces


def nice_top(highest: float) -> float:
    """The least round number not below the highest value (1, 2, 2.5, 5 times a power of ten)."""
    if highest <= 0:
        return 1.0
    power = 10 ** floor(log10(highest))
    return next(step * power for step in STEPS if step * power >= highest * 0.999999)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a trend: its name, the path of the line, of the area under it, and a dot for each value."""

    name: str
    path: str
    area: str
    dots: list[str]


def trend_line(name: str, values: Sequence[float | None], top: float) -> Line:
    """A line over a box of 100 by 100, each value in the middle of its own column; a gap where there is none."""
    width = 100.0 / max(1, len(values))
    points = [
        (plain((i + 0.5) * width), plain(100.0 - percent(v, top))) for i, v in enumerate(values) if v is not None
    ]
    moves, pen = [], "M"
    for i, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        moves.append(f"{pen}{plain((i + 0.5) * width)} {plain(100.0 - percent(value, top))}")
        pen = "L"
    path = "".join(moves)
    whole = len(points) == len(values) and len(points) > 1
    area = f"{path}L{points[-1][0]} 100L{points[0][0]} 100Z" if whole else ""
    return Line(name, path, area, [f"M{x} {y}h0" for x, y in points])


def spaced(labels: Sequence[str], most: int = 7) -> list[str]:
    """Labels of an axis, blank where there is no room: the last one always stands."""
    step = max(1, ceil(len(labels) / most))
    last = len(labels) - 1
    return [label if (last - i) % step == 0 else "" for i, label in enumerate(labels)]
