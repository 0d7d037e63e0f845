"""Reading a table from a CSV or XLSX file that anybody may have made, within a second or with a clear no.

A workbook is a ZIP of XML. Its true size is measured while it is unpacked, every part is read once by a parser
that counts cells and text, and the spreadsheet reader is handed only parts that passed, packed anew. So it never
meets a bomb, a sparse sheet that claims a billion cells, or one long text repeated in all of them.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from xml.parsers import expat

import python_calamine
from django.utils.translation import gettext as _

from schools.errors import Refused

MEGABYTE = 1024 * 1024
MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a table may be. `text` is characters in one cell, `elements` those of XML in all of a workbook:

    a cell takes three at most, and a text that cells share two more.
    """

    bytes: int = MEGABYTE
    unpacked: int = 8 * MEGABYTE
    rows: int = 2000
    columns: int = 30
    text: int = 500
    elements: int = 350_000


USUAL = Limits()
DELIMITERS = ",;\t"
Row = list[str]


def read_table(name: str, content: bytes, limits: Limits = USUAL) -> list[Row]:
    """The rows of a CSV file or of a workbook's first sheet, as text. Raises Refused with a sentence to act on."""
    refuse_large(len(content), limits)
    if content[:4] == b"PK\x03\x04":
        rows = _from_workbook(content, limits)
    elif name.lower().endswith((".csv", ".txt", ".tsv")):
        rows = _from_csv(content, limits)
    else:
        raise Refused(_("Only XLSX and CSV files are read: save the table in one of these formats."))
    table = list(islice(rows, limits.rows + 2))
    if len(table) > limits.rows + 1:
        raise _too_large(limits)
    return table


def refuse_large(size: int | None, limits: Limits = USUAL) -> None:
    """Raises Refused for a file of more bytes than are read, before anybody reads them."""
    if size is None or size > limits.bytes:
        raise Refused(_("The file is larger than %(size)s MB.") % {"size": limits.bytes // MEGABYTE})


def _from_csv(content: bytes, limits: Limits) -> Iterator[Row]:
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as unreadable:
        raise Refused(_("The letters cannot be read: save the file as «CSV UTF-8».")) from unreadable
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(row) > limits.columns or any(len(cell) > limits.text for cell in row):
                raise _too_large(limits)
            yield [cell.strip() for cell in row]
    except csv.Error as broken:
        raise Refused(_("This is not a readable CSV file.")) from broken


def _from_workbook(content: bytes, limits: Limits) -> Iterator[Row]:
    try:
        checked = _checked(content, limits)
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(checked))
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=limits.rows + 2)
    except Refused:
        raise
    except Exception as broken:  # whatever the readers find wrong with a file, it is the file's fault
        raise Refused(_("This is not a readable XLSX file.")) from broken
    return ([_text(cell) for cell in row] for row in rows)


def _text(cell: object) -> str:
    """A cell as people see it: a telephone number that became a float keeps its digits."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _checked(content: bytes, limits: Limits) -> bytes:
    """The workbook with only its XML parts, each of which was read and found small."""
    clean, elements = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(content)) as found, zipfile.ZipFile(clean, "w") as kept:
        parts = found.infolist()
        names = {part.filename for part in parts}
        if len(parts) > MOST_PARTS or len(names) < len(parts):
            raise _too_large(limits)
        left = limits.unpacked
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                body = _unpack(found, part, left, limits)
                left -= len(body)
                elements = _Scan(limits, elements).read(body)
                kept.writestr(part.filename, body)
    if "xl/workbook.xml" not in names:
        raise Refused(_("This is not a readable XLSX file."))
    return clean.getvalue()


def _unpack(found: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, limits: Limits) -> bytes:
    """The part's bytes, counted as they come: what a bomb says of its own size is not believed."""
    try:
        with found.open(part) as stream:
            body = stream.read(left + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as broken:
        raise Refused(_("This is not a readable XLSX file.")) from broken
    if len(body) > left:
        raise _too_large(limits)
    return body


class _Scan:
    """One pass over an XML part: no document types, no far-away cells, no endless text, not too much of anything.

    Cells may leave out where they stand and then follow one another, so places are counted as well as read.
    """

    def __init__(self, limits: Limits, elements: int = 0) -> None:
        """`elements` is how many the parts before this one had."""
        self.limits, self.elements = limits, elements
        self.row = self.column = self.text = 0
        self.inside = ""
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters

    def read(self, body: bytes) -> int:
        self.parser.Parse(body, True)
        return self.elements

    def refuse(self, *_doctype: object) -> None:
        raise Refused(_("This is not a readable XLSX file."))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        self.elements += 1
        if tag == "row":
            self.row, self.column = _place(attributes, self.row + 1, 0, self.limits)
        elif tag == "c":
            self.row, self.column = _place(attributes, self.row, self.column + 1, self.limits)
        if tag in ("c", "si") and not self.inside:
            self.inside, self.text = tag, 0
        most = self.limits
        if self.elements > most.elements or self.row > most.rows + 1 or self.column > most.columns:
            raise _too_large(most)

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == self.inside:
            self.inside = ""

    def characters(self, data: str) -> None:
        self.text += len(data)
        if self.inside and self.text > self.limits.text:
            raise _too_large(self.limits)


def _place(attributes: dict[str, str], row: int, column: int, limits: Limits) -> tuple[int, int]:
    """Row and column that «AB12» (a cell) or «12» (a row) names; those expected where nothing is named."""
    reference = attributes.get("r", "")
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    if len(letters) > 3 or len(digits) > 7:
        raise _too_large(limits)
    for place, letter in enumerate(letters.upper()):
        column = (0 if place == 0 else column) * 26 + max(0, ord(letter) - 64)
    return int(digits) if digits else row, column


def _too_large(limits: Limits) -> Refused:
    text = _("The table is too large: at most %(rows)s rows, %(columns)s columns and %(text)s characters in a cell.")
    return Refused(text % {"rows": limits.rows, "columns": limits.columns, "text": limits.text})


def lines(rows: Iterable[Row]) -> Iterator[tuple[int, Row]]:
    """Rows with their number as the spreadsheet shows it, blank ones left out."""
    for number, row in enumerate(rows, start=1):
        if any(row):
            yield number, row
