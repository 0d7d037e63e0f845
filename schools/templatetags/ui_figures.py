"""Pictures of numbers for `{% load ui %}`: drawn on the server as SVG, with the same numbers in words or a table."""

from collections.abc import Sequence

from django import template

from schools import figures, wording

Row = Sequence[str | wording.Number | None]


def seat_meter(
    confirmed: int, capacity: int | None, waiting: int = 0, offered: int = 0, mine: int | None = None, kept: int = 0
) -> dict[str, object]:
    """Seats taken (teal), offered (gold), kept for schools (sky) and free for all, in a bar and in words.

    `mine` is what is left for my school.

    {% seat_meter run.confirmed run.capacity waiting=7 offered=1 mine=1 %}; a capacity of None has no limit.
    Free seats are never less than none, even where the capacity was lowered below those confirmed.
    """
    whole = capacity or 0
    return {
        "confirmed": confirmed,
        "capacity": capacity,
        "waiting": waiting,
        "offered": offered,
        "mine": mine,
        "kept": kept,
        "free": max(0, whole - confirmed - offered - kept),
        "pieces": figures.meter_pieces([("taken", confirmed), ("offered", offered), ("sky", kept)], whole),
    }


def gauge(value: wording.Number, target: wording.Number, caption: str = "") -> dict[str, object]:
    """A half circle: hours against the target, for instance. Past the target it is full, and the number stands.

    {% gauge 58 80 _("of 80 hours") %}
    """
    share = figures.percent(float(value), float(target))
    return {"value": value, "target": target, "caption": caption, "share": figures.plain(share), "full": share >= 100}


def meter(value: wording.Number, whole: wording.Number, label: str = "", kind: str = "taken") -> dict[str, object]:
    """A plain bar, part of a whole. Kinds: taken (teal), done (leaf), offered (gold), over (clay), sky.

    {% meter spent budget label=_("Spent") kind="sky" %}
    """
    pieces = figures.meter_pieces([(kind, float(value))], float(whole))
    return {"pieces": pieces, "label": label, "value": value, "whole": whole}


def stat_tile(
    value: object, label: str, url: str = "", note: str = "", icon: str = "", unit: str = ""
) -> dict[str, object]:
    """A figure that can be read across a room; numbers are grouped, words stand as they are.

    <div class="tiles">{% stat_tile 412 _("people trained") url=rows_url note=_("3 more than last year") %}</div>
    """
    shown = wording.number(value) if isinstance(value, wording.Number) else value
    return {"value": shown, "label": label, "url": url, "note": note, "icon": icon, "unit": unit}


def progress(done: int, total: int | None, stage: str = "") -> dict[str, object]:
    """Long work: how far, and what it is doing. A total of None or 0 says that the length is not known yet.

    {% progress job.done job.total job.stage %}
    """
    share = figures.percent(done, total or 0)
    return {"done": done, "total": total, "stage": stage, "share": int(share), "pieces": [("done", share)]}


def bar_chart(rows: Sequence[Row], caption: str, unit: str = "", now: str = "", before: str = "") -> dict[str, object]:
    """Bars side by side, one row each; a third value in a row is the one before (drawn thin, in gold).

    {% bar_chart rows _("Hours by school") unit=_("hours") now="2026" before="2025" %}
    with rows = [("Астана ФМБ", 412, 380), …]. A table with the same numbers folds out beneath.
    """
    compared = any(len(row) > 2 for row in rows)
    plain = [(str(row[0]), float(row[1] or 0), _before(row)) for row in rows]
    return {
        "rows": figures.bars(plain),
        "caption": caption,
        "unit": unit,
        "now": now,
        "before": before,
        "compared": compared,
    }


def _before(row: Row) -> float | None:
    return None if len(row) < 3 or row[2] is None else float(row[2])


def trend_chart(
    labels: Sequence[object], series: Sequence[tuple[str, Sequence[wording.Number | None]]], caption: str
) -> dict[str, object]:
    """Lines over time (one to three), each with its own stroke and a legend; None leaves a gap.

    {% trend_chart years series _("Hours and people by year") %}
    with years = [2024, 2025, 2026] and series = [(_("Hours"), [310, 412, 505]), …].
    """
    names = [str(label) for label in labels]
    values = [[None if v is None else float(v) for v in line] for _, line in series]
    top = figures.nice_top(max((v for line in values for v in line if v is not None), default=0.0))
    return {
        "caption": caption,
        "axis": figures.spaced(names),
        "grid": [{"value": top * i / 4, "y": figures.plain(100 - 25 * i)} for i in (4, 3, 2, 1, 0)],
        "lines": [figures.trend_line(str(n), v, top) for (n, _), v in zip(series, values, strict=True)],
        "names": [str(name) for name, _ in series],
        "table": [(name, [line[i] for _, line in series]) for i, name in enumerate(names)],
    }


def add_to(register: template.Library) -> None:
    for tag in (seat_meter, gauge, meter, stat_tile, progress, bar_chart, trend_chart):
        register.inclusion_tag(f"ui/{tag.__name__}.html")(tag)
