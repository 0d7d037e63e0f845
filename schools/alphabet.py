"""Kazakh order of letters, for ORDER BY only. PostgreSQL has it from ICU; SQLite is taught it here."""

from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import F
from django.db.models.expressions import OrderBy
from django.db.models.functions import Collate

COLLATION = "kk-x-icu"
LETTERS = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_PLACE = {letter: 0x400 + place for place, letter in enumerate(LETTERS)}
_OTHERS = 0x1000


def in_order(*fields: str) -> list[OrderBy]:
    """Arguments for `order_by()`: the fields in Kazakh order, so that Ә stands after А and not after Я."""
    return [OrderBy(Collate(F(field), COLLATION)) for field in fields]


def sort_key(text: str) -> tuple[list[int], str]:
    """Where a text stands: signs, numbers, Kazakh letters, all other letters; capitals decide between equals."""
    return [_PLACE.get(letter) or _OTHERS * letter.isalpha() + ord(letter) for letter in text.lower()], text.swapcase()


def compare(one: str, other: str) -> int:
    first, second = sort_key(one), sort_key(other)
    return (first > second) - (first < second)


def teach(connection: Any, **_: Any) -> None:
    """Give a fresh SQLite connection the collation that PostgreSQL has."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(COLLATION, compare)


def listen() -> None:
    connection_created.connect(teach, dispatch_uid="schools.alphabet")
