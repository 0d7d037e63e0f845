"""A report to take away: spreadsheet, CSV, PDF. Text can never become a formula or markup."""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from nis_library.reports import tables
from nis_library.reports.models import YearlyReport
from schools import printing, wording

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}
SIGNS = ("=", "+", "-", "@", "\t", "\r")


def export(report: YearlyReport, *, kind: str, language: str) -> bytes:
    """The report as a file of that kind (one of KINDS) in kk, ru or en."""
    with translation.override(language):
        return {"xlsx": _xlsx, "csv": _csv, "pdf": _pdf}[kind](report)


def file_name(report: YearlyReport, *, kind: str, language: str) -> str:
    return f"report-{report.period.label.replace('/', '-')}-{report.issue}-{language}.{kind}"


def title(report: YearlyReport) -> str:
    return _("Yearly report %(period)s") % {"period": report.period.label}


def inert(cell: tables.Cell) -> tables.Cell:
    """A cell that a spreadsheet reads as text, whatever it starts with."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(SIGNS) else cell


def _xlsx(report: YearlyReport) -> bytes:
    buffer = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title(report)})
        bold = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#0E5A63", "text_wrap": True})
        large = book.add_format({"bold": True, "font_size": 14})
        for table in [*tables.all_tables(report), _meanings()]:
            sheet = book.add_worksheet(table.title[:31])
            sheet.write_string(0, 0, f"{title(report)} · {table.title}", large)
            sheet.set_column(0, 0, 44)
            sheet.set_column(1, max(1, len(table.head) - 1), 16)
            for column, text in enumerate(table.head):
                sheet.write_string(2, column, text, bold)
            for number, row in enumerate(table.rows, start=3):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell)
            sheet.freeze_panes(3, 1)
    return buffer.getvalue()


def _meanings() -> tables.Table:
    rows: list[list[tables.Cell]] = [list(pair) for pair in tables.definitions()]
    return tables.Table("", _("Definitions"), [_("Indicator"), _("Meaning")], rows, [])


def _csv(report: YearlyReport) -> bytes:
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows(_lines(report))
    return "\ufeff".encode() + text.getvalue().encode()


def _lines(report: YearlyReport) -> Iterator[list[tables.Cell]]:
    yield [title(report)]
    for table in [*tables.all_tables(report), _meanings()]:
        yield []
        yield [inert(table.title)]
        yield [inert(text) for text in table.head]
        yield from ([inert(cell) for cell in row] for row in table.rows)


def _pdf(report: YearlyReport) -> bytes:
    language = translation.get_language() or "kk"
    data = {
        "language": language,
        "title": title(report),
        "issue": _("Issue %(n)s, built on %(day)s")
        % {"n": report.issue, "day": wording.long_date(report.built_at, language)},
        "organisation": _("Nazarbayev Intellectual Schools"),
        "meanings": _("Definitions"),
        "definitions": tables.definitions(),
        "hash": f"SHA-256 {report.rows_sha256}",
        "page": _("page"),
        "tables": [
            {"title": table.title, "head": table.head, "rows": [[_shown(cell) for cell in row] for row in table.rows]}
            for table in tables.all_tables(report)
        ],
    }
    return printing.pdf("yearly_report.typ", data, dated=report.built_at)


def _shown(cell: tables.Cell) -> str:
    return wording.number(cell) if isinstance(cell, int) else cell
