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


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart; `previous` is the value before, if the chart compares."""

    label: str
    value: float
    width: str
    previous: float | None
    previous_width: str


def bars(rows: Sequence[tuple[str, float, float | None]]) -> list[Bar]:
    """Bars against the highest value of all, those before included."""
    top = max((max(value, before or 0.0) for _, value, before in rows), default=0.0)
    return [
        Bar(label, value, plain(percent(value, top)), before, plain(percent(before or 0.0, top)))
        for label, value, before in rows
    ]


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
        None if value is None else f"{plain((i + 0.5) * width)} {plain(100.0 - percent(value, top))}"
        for i, value in enumerate(values)
    ]
    path, pen = "", "M"
    for point in points:
        path += f"{pen}{point}" if point else ""
        pen = "L" if point else "M"
    drawn = [point for point in points if point]
    whole = len(drawn) == len(points) > 1
    area = f"{path}L{drawn[-1].split()[0]} 100L{drawn[0].split()[0]} 100Z" if whole else ""
    return Line(name, path, area, [f"M{point}h0" for point in drawn])


def spaced(labels: Sequence[str], most: int = 7) -> list[str]:
    """Labels of an axis, blank where there is no room: the last one always stands."""
    step = max(1, ceil(len(labels) / most))
    last = len(labels) - 1
    return [label if (last - i) % step == 0 else "" for i, label in enumerate(labels)]
