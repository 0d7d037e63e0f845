"""Tables to take away as XLSX. Whatever text begins with, it stays text: no formula, no link, no number."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.http import HttpResponse

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | None
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
        if isinstance(cell, int):
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


def response(body: bytes, *, name: str) -> HttpResponse:
    """The workbook as a file to keep, and nobody's cache keeps it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type=CONTENT_TYPE, headers=headers)
