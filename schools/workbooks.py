"""Tables to take away as XLSX or CSV. Whatever text begins with, it stays text: no formula, no link, no number."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpResponse

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
SIGNS = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | Decimal | None
_INERT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_SHEET_NAME = 31
_FORBIDDEN_IN_NAME = str.maketrans("[]:*?/\\'", "        ")
_WIDEST = 44


def one_table(
    *, name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]] = (), title: str = "", narrowest: int = 12
) -> bytes:
    """A workbook of one sheet: `title`, where there is one, above the heads and the rows; made to be printed, too."""
    table, file = list(rows), io.BytesIO()
    with xlsxwriter.Workbook(file, _INERT) as book:
        sheet = book.add_worksheet(name.translate(_FORBIDDEN_IN_NAME).strip()[:_SHEET_NAME] or None)
        top = 0
        if title:
            book.set_properties({"title": title})
            sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
            top = 2
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for column, head in enumerate(heads):
            sheet.write_string(top, column, head, bold)
            longest = max((len(str(row[column] or "")) for row in table), default=0)
            sheet.set_column(column, column, min(_WIDEST, max(narrowest, longest + 2)))
        for number, row in enumerate(table, start=top + 1):
            _write_row(sheet, number, row)
        _for_readers(sheet, top, len(heads), len(table))
    return file.getvalue()


def _write_row(sheet: Any, number: int, row: Sequence[Cell]) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, int | Decimal):
            sheet.write_number(number, column, cell)
        elif cell:
            sheet.write_string(number, column, cell)


def _for_readers(sheet: Any, top: int, columns: int, rows: int) -> None:
    """Heads and first column stay in sight on the screen, the heads on each page, too."""
    sheet.freeze_panes(top + 1, 1)
    if rows:
        sheet.autofilter(top, 0, top + rows, columns - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)


def csv_table(*, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The same as CSV that spreadsheets open as it is: semicolons, UTF-8 with its mark, decimals with a comma."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_inert(head) for head in heads])
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return "\ufeff".encode() + text.getvalue().encode()


def _inert(cell: Cell) -> str:
    """A text that a spreadsheet never takes for a formula."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(SIGNS) else cell
    return "" if cell is None else f"{cell}".replace(".", ",")


def table_file(kind: str, *, name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], title: str = "") -> bytes:
    """The table as a file of that kind: «xlsx», or «csv», which has no title."""
    if kind == "csv":
        return csv_table(heads=heads, rows=rows)
    return one_table(name=name, heads=heads, rows=rows, title=title)


def response(body: bytes, *, name: str) -> HttpResponse:
    """The file to keep, of the kind that its name ends with, and nobody's cache keeps it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type=CSV_TYPE if name.endswith(".csv") else CONTENT_TYPE, headers=headers)
