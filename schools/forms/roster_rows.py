"""What stands in the rows of a roster: headings in three languages, cells cleaned like a form's fields."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from schools.errors import Refused
from schools.folding import fold
from schools.forms.contact import AddressField, LatinNameField, NameField, PhoneField
from schools.phones import spoken_phone
from schools.queries import nis_schools
from schools.roster import Entry
from schools.sheets import Row, lines
from schools.states import Category, Language, Post

HEADINGS = {
    "surname": ("тегі", "фамилия", "surname", "last name"),
    "given_name": ("аты", "имя", "given name", "first name"),
    "patronymic": ("әкесінің аты", "отчество", "patronymic"),
    "latin_name": ("латынша аты", "имя латиницей", "name in latin letters", "latin name"),
    "email": ("e-mail", "email", "электрондық пошта", "пошта", "электронная почта", "почта", "эл. почта"),
    "phone": ("телефон", "телефоны", "phone"),
    "school": ("мектеп", "школа", "school", "мектеп коды", "код школы", "school code"),
    "post": ("лауазымы", "лауазым", "должность", "post", "position"),
    "category": ("біліктілік санаты", "санаты", "квалификационная категория", "категория", "category"),
    "language": ("тілі", "тіл", "язык", "language"),
}
REQUIRED = ("surname", "given_name", "email", "school")


def heading(column: str, language: str) -> str:
    """What an empty roster calls the column."""
    kk, ru, *_rest = HEADINGS[column]
    words = {"kk": kk, "ru": ru, "en": HEADINGS[column][2]}
    if column == "email":
        words = dict.fromkeys(words, "E-mail")
    elif column == "phone":
        words = {"kk": "телефон", "ru": "телефон", "en": "phone"}
    return words[language].capitalize()


def read_entries(table: list[Row]) -> list[Entry]:
    """All rows under the headings, cleaned. Raises Refused where headings are missing or there are no rows."""
    numbered = lines(table)
    columns = _columns(next(numbered, (0, []))[1])
    readers = _readers()
    entries = [_entry(number, row, columns, readers) for number, row in numbered]
    if not entries:
        raise Refused(_("The table has no rows under its headings."))
    _mark_repeated(entries)
    return entries


def shown(column: str, value: str) -> str:
    """A value as people read it: words for codes, digits in groups."""
    lists = {"post": Post, "category": Category, "language": Language}
    if column in lists and value in lists[column].values:
        return str(lists[column](value).label)
    return spoken_phone(value) if column == "phone" else value


def _columns(headings: Row) -> dict[str, int]:
    """Where each known column stands. Unknown headings are left alone."""
    known = {fold(word): column for column, words in HEADINGS.items() for word in (column, *words)}
    found: dict[str, int] = {}
    for place, text in enumerate(headings):
        column = known.get(fold(text.strip(" *:")))
        if column and column not in found:
            found[column] = place
    missing = [heading(column, translation.get_language() or "kk") for column in REQUIRED if column not in found]
    if missing:
        raise Refused(_("These columns are missing in the first row: %(names)s.") % {"names": ", ".join(missing)})
    return found


def _entry(number: int, row: Row, columns: dict[str, int], readers: dict[str, forms.Field]) -> Entry:
    entry = Entry(number, {})
    for column, place in columns.items():
        text = row[place] if place < len(row) else ""
        try:
            entry.values[column] = readers[column].clean(text)
        except ValidationError as wrong:
            entry.values[column] = visible(text)
            entry.errors[column] = " ".join(wrong.messages)
    return entry


def visible(text: str) -> str:
    """A cell that was refused, as it can be shown and kept: control characters become a mark."""
    return "".join("\ufffd" if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text)


def _mark_repeated(entries: Iterable[Entry]) -> None:
    seen: dict[str, int] = {}
    for entry in entries:
        email = entry.values["email"]
        if email and email in seen:
            entry.errors["email"] = _("The same e-mail stands in row %(row)s.") % {"row": seen[email]}
        seen.setdefault(email, entry.number)


class _WordField(forms.CharField):
    """One of a closed list, by its code or by its word in any language."""

    def __init__(self, words: dict[str, str], *, unknown: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words, self.unknown = words, unknown

    def clean(self, value: object) -> str:
        text = super().clean(value)
        if text and fold(text) not in self.words:
            raise ValidationError(self.unknown)
        return self.words[fold(text)] if text else ""


def _readers() -> dict[str, forms.Field]:
    schools = {}
    for school in nis_schools().prefetch_related("names"):
        schools[fold(school.code)] = school.code
        for language, _name in settings.LANGUAGES:
            schools[fold(school.short_name(language=language))] = school.code
    return {
        "surname": NameField(),
        "given_name": NameField(),
        "patronymic": NameField(required=False),
        "latin_name": LatinNameField(),
        "email": AddressField(),
        "phone": PhoneField(),
        "school": _WordField(schools, unknown=_("No school has this code or name.")),
        "post": _WordField(_words(Post), unknown=_("This post is not in the list."), required=False),
        "category": _WordField(_words(Category), unknown=_("This category is not in the list."), required=False),
        "language": _WordField(_words(Language), unknown=_("Write kk, ru or en."), required=False),
    }


def _words(choices: type[models.TextChoices]) -> dict[str, str]:
    """Every word for every choice: its code, and its label in each language."""
    words = {fold(value): value for value in choices.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {fold(str(choice.label)): str(choice.value) for choice in choices}
    return words
