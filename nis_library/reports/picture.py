"""What people see of a report at a glance: tiles, charts, and the words for a figure that was opened."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nis_library.reports import tables
from nis_library.reports.models import YearlyReport
from schools import wording


@dataclass(frozen=True, slots=True)
class Tile:
    value: int
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    caption: str
    rows: list[tuple[str, int]]


def tiles(report: YearlyReport) -> list[Tile]:
    """The year's main figures, each with its difference from the year before."""
    now, before = report.figures["totals"], report.figures["before"]
    labels = tables.total_labels()
    return [
        Tile(now[key], labels[key], _difference(now[key], before[key]))
        for key in ("people", "hours", "courses", "seminars")
    ]


def _difference(now: int, before: int) -> str:
    if now == before:
        return _("as in the year before")
    apart = wording.number(abs(now - before))
    if now > before:
        return ngettext("%(n)s more than the year before", "%(n)s more than the year before", abs(now - before)) % {
            "n": apart
        }
    return ngettext("%(n)s less than the year before", "%(n)s less than the year before", abs(now - before)) % {
        "n": apart
    }


def charts(report: YearlyReport) -> list[Chart]:
    """People by month, hours by topic, coverage by school."""
    months, topics, schools = tables.months(report), tables.topics(report), tables.schools(report)
    coverage = [(str(row[0]), row[-1]) for row in schools.rows if isinstance(row[-1], int)]
    return [
        Chart(_("People by month"), _("People trained, by month"), [(str(r[0]), int(r[1])) for r in months.rows]),
        Chart(
            _("Hours by topic"),
            _("Academic hours, by topic"),
            sorted(((str(r[0]), int(r[2])) for r in topics.rows), key=lambda row: -row[1]),
        ),
        Chart(_("Coverage by school"), _("Librarians who completed something, per cent"), coverage),
    ]


def describe(report: YearlyReport, wanted: dict[str, str]) -> list[tuple[str, str]]:
    """What was opened, in words: «School: NIS PhM Semey»."""
    found: dict[str, tables.Table] = {table.by: table for table in tables.all_tables(report)}
    words = []
    for key, value in wanted.items():
        table = found[key]
        label = next((str(row[0]) for row, name in zip(table.rows, table.keys, strict=True) if name == value), value)
        words.append((table.head[0], label))
    return words
