"""What stands in the rows of a file of schools: headings in three languages, cells as plain values."""

import re
from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from schools.errors import Refused
from schools.folding import fold
from schools.forms.fields import refuse_control_characters
from schools.forms.roster_rows import visible
from schools.models import Region
from schools.models.words import words_of
from schools.school_plans import SchoolRow
from schools.school_search import COMMON
from schools.sheets import Limits, Row, lines
from schools.states import RegionKind

LIMITS = Limits(bytes=4 * 1024 * 1024, unpacked=32 * 1024 * 1024, rows=12_000, elements=600_000)
"""The whole country in one file, with room to grow."""
HEADINGS = {
    "external_code": ("коды", "код", "code", "министрлік коды", "мектеп коды", "код министерства", "код школы"),
    "region": ("өңір", "регион", "region", "облыс", "область"),
    "district_kk": ("аудан (қазақша)", "район (на казахском)", "district (Kazakh)", "аудан", "district"),
    "district_ru": ("аудан (орысша)", "район (на русском)", "district (Russian)", "район"),
    "city_kk": ("елді мекен (қазақша)", "населённый пункт (на казахском)", "settlement (Kazakh)", "елді мекен"),
    "city_ru": ("елді мекен (орысша)", "населённый пункт (на русском)", "settlement (Russian)", "населённый пункт"),
    "name_kk": ("атауы (қазақша)", "название (на казахском)", "name (Kazakh)", "атауы", "мектеп", "name", "school"),
    "name_ru": ("атауы (орысша)", "название (на русском)", "name (Russian)", "название", "наименование", "школа"),
    "rural": ("ауыл/қала", "село/город", "rural/urban", "ауылдық", "сельская", "rural", "urban/rural"),
}
LENGTHS = {"external_code": 40, "name_kk": 300, "name_ru": 300, "city_kk": 80, "city_ru": 80}
USUAL_LENGTH = 120
RURAL = ["ауыл", "ауылдық", "село", "сельская", "сельский", "rural", "village", "иә", "да", "yes", "1"]
URBAN = ["қала", "қалалық", "город", "городская", "городской", "urban", "city", "town", "жоқ", "нет", "no", "0"]
ABBREVIATED = {RegionKind.CITY: ("г. {}", "{} қ."), RegionKind.OBLAST: ("{} обл.", "обл. {}")}
Reader = Callable[[str], object]


def heading(column: str) -> str:
    """What an empty table calls the column, in the reader's language."""
    place = {"kk": 0, "ru": 1, "en": 2}[(get_language() or "kk")[:2]]
    words = HEADINGS[column][place]
    return words[0].upper() + words[1:]


def read_rows(table: list[Row]) -> list[SchoolRow]:
    """All rows under the headings, cleaned. Raises Refused where headings are missing or there are no rows."""
    numbered = lines(table)
    columns = _columns(next(numbered, (0, []))[1])
    readers = _readers()
    rows = [_row(number, cells, columns, readers) for number, cells in numbered]
    if not rows:
        raise Refused(_("The table has no rows under its headings."))
    _mark_repeated(rows)
    return rows


def _columns(headings: Row) -> dict[str, int]:
    """Where each known column stands. Unknown headings are left alone."""
    known = {_heading_key(word): column for column, words in HEADINGS.items() for word in (column, *words)}
    found: dict[str, int] = {}
    for place, text in enumerate(headings):
        column = known.get(_heading_key(text))
        if column and column not in found:
            found[column] = place
    missing = [heading(column) for column in ("region", "name_kk") if column not in found]
    if "name_ru" in found:
        missing = [name for name in missing if name != heading("name_kk")]
    if missing:
        raise Refused(_("These columns are missing in the first row: %(names)s.") % {"names": ", ".join(missing)})
    return found


def _heading_key(text: str) -> str:
    return re.sub(r"\s*/\s*", "/", fold(text.strip(" *:")))


def _row(number: int, cells: Row, columns: dict[str, int], readers: dict[str, Reader]) -> SchoolRow:
    row = SchoolRow(number, {})
    for column, place in columns.items():
        text = cells[place] if place < len(cells) else ""
        try:
            row.values[column] = readers[column](_plain(text, LENGTHS.get(column, USUAL_LENGTH)))
        except ValidationError as wrong:
            row.values[column] = visible(text)
            row.errors[column] = " ".join(wrong.messages)
    if not row.values.get("name_kk") and not row.values.get("name_ru"):
        row.errors.setdefault("name_kk" if "name_kk" in columns else "name_ru", _("Write the name of the school."))
    return row


def _plain(text: str, longest: int) -> str:
    """One line of text without control characters, spaces folded."""
    if not text.isprintable():
        refuse_control_characters(text)
    line = " ".join(text.split())
    if len(line) > longest:
        raise ValidationError(_("At most %(n)s characters.") % {"n": longest})
    return line


def _mark_repeated(rows: Iterable[SchoolRow]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        code = row.values.get("external_code")
        if code and code in seen:
            row.errors["external_code"] = _("The same code stands in row %(row)s.") % {"row": seen[code]}
        seen.setdefault(code or "", row.number)


def _readers() -> dict[str, Reader]:
    regions = _words_of_regions()
    kinds = {**{fold(word): True for word in RURAL}, **{fold(word): False for word in URBAN}}

    def region(text: str) -> object:
        iso = regions.get(_spoken(text))
        if not text:
            raise ValidationError(_("Write the region."))
        if iso is None:
            raise ValidationError(_("No region has this name or code."))
        return iso

    def rural(text: str) -> object:
        if text and fold(text) not in kinds:
            raise ValidationError(_("Write «village» or «city»."))
        return kinds[fold(text)] if text else None

    return {**dict.fromkeys(HEADINGS, str), "region": region, "rural": rural}


def _words_of_regions() -> dict[str, str]:
    """Every name of a region, of today and former, and its ISO code. Without «region» where that is no other's name:

    «Алматы» alone is the city.
    """
    whole: dict[str, str] = {}
    short: dict[str, str] = {}
    for region in Region.objects.order_by("kind").prefetch_related("names"):  # cities come first
        whole[_spoken(region.iso)] = region.iso
        for row in (region, *region.names.all()):
            for code in ("kk", "ru", "en"):
                name = _spoken(getattr(row, f"name_{code}"))
                bare = " ".join(word for word in name.split() if word not in COMMON)
                whole.setdefault(name, region.iso)
                short.setdefault(bare, region.iso)
                for shape in ABBREVIATED[RegionKind(region.kind)]:
                    whole.setdefault(_spoken(shape.format(bare)), region.iso)
    return {**short, **whole}


def _spoken(text: str) -> str:
    return " ".join(words_of(text))
