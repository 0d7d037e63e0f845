"""A report as tables in the reader's language: what the page, the spreadsheet and the PDF all show."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.states import CourseKind, Format
from nis_library.reports.models import YearlyReport
from schools import wording

Cell = str | int


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` start with a label; `keys` name the rows of the report behind each, `by` what they are keyed by."""

    by: str
    title: str
    head: list[str]
    rows: list[list[Cell]]
    keys: list[str]


def in_language(names: dict[str, str]) -> str:
    language = (get_language() or "kk")[:2]
    return names.get(language) or names.get("kk") or ""


def total_labels() -> dict[str, str]:
    """Figure → its name, in the order in which reports show them."""
    return {
        "people": _("People trained"),
        "hours": _("Academic hours"),
        "completed": _("Completions"),
        "courses": _("Courses held"),
        "seminars": _("Seminars held"),
        "schools": _("Schools"),
    }


def definitions() -> list[tuple[str, str]]:
    """What each figure means, as the report itself states it."""
    return [
        (_("Completions"), _("Participants who completed a course whose last day lies in the period.")),
        (_("People trained"), _("Different people among the completions.")),
        (_("Academic hours"), _("Hours of 45 minutes of the completed courses, summed over the completions.")),
        (_("Courses held"), _("Runs of courses and placements that somebody completed.")),
        (_("Seminars held"), _("Runs of seminars and webinars that somebody completed.")),
        (_("School"), _("The school from which the person applied, also if the person has moved since.")),
        (
            _("Coverage"),
            _(
                "Librarians of the school on the last day of the period (on the day of building, while it runs)"
                " who completed something in the period."
            ),
        ),
    ]


def totals(report: YearlyReport) -> Table:
    """Each figure of the year beside the year before."""
    now, before = report.figures["totals"], report.figures["before"]
    rows = [[label, now[key], before[key], now[key] - before[key]] for key, label in total_labels().items()]
    head = [_("Indicator"), report.period.label, report.period.before.label, _("Difference")]
    return Table("total", _("The year in figures"), head, rows, [""] * len(rows))


def schools(report: YearlyReport) -> Table:
    found = report.figures["schools"]
    rows = [
        [
            in_language(row["names"]),
            row["people"],
            row["hours"],
            row["completed"],
            row["librarians"],
            row["covered"],
            share(row["covered"], row["librarians"]),
        ]
        for row in found
    ]
    head = [_("School"), *_measures(), _("Librarians"), _("Covered"), _("Coverage, %")]
    return Table("school", _("By school"), head, rows, [row["key"] for row in found])


def share(part: int, whole: int) -> Cell:
    """Whole percent; «—» where there is nobody."""
    return round(100 * part / whole) if whole else "—"


def topics(report: YearlyReport) -> Table:
    found = report.figures["topics"]
    rows = [[in_language(row["names"]), row["people"], row["hours"], row["completed"]] for row in found]
    return Table("topic", _("By topic"), [_("Topic"), *_measures()], rows, [row["key"] for row in found])


def formats(report: YearlyReport) -> Table:
    return _listed(report, "formats", "format", _("By format"), _("Format"), dict(Format.choices))


def kinds(report: YearlyReport) -> Table:
    return _listed(report, "kinds", "kind", _("By kind"), _("Kind"), dict(CourseKind.choices))


def months(report: YearlyReport) -> Table:
    found = report.figures["months"]
    rows = [[_month(row["key"]), row["people"], row["hours"], row["completed"]] for row in found]
    return Table("month", _("By month"), [_("Month"), *_measures()], rows, [row["key"] for row in found])


def all_tables(report: YearlyReport) -> list[Table]:
    return [part(report) for part in (totals, schools, topics, formats, kinds, months)]


def _listed(report: YearlyReport, name: str, by: str, title: str, first: str, labels: dict[str, object]) -> Table:
    found = report.figures[name]
    rows = [[_capital(str(labels[row["key"]])), row["people"], row["hours"], row["completed"]] for row in found]
    return Table(by, title, [first, *_measures()], rows, [row["key"] for row in found])


def _measures() -> list[str]:
    return [_("People trained"), _("Academic hours"), _("Completions")]


def _month(key: str) -> str:
    year, month = key.split("-")
    return f"{_capital(wording.month_name(int(month)))} {year}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def built_on(report: YearlyReport) -> date:
    return wording.as_date(report.built_at)
