"""The key that finds a school: every word of its names and places, folded, each between two spaces.

« 12 мектеп | талгар алматы »: names stand before the bar, places behind it. A word of a search must begin a
word of the key, so it is looked for with a space before it, which PostgreSQL's trigrams index even for one letter.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models.lookups import Lookup

from schools.folding import fold

BAR = "|"
_NUMBER_SIGN = re.compile("[№#]")
_WORD = re.compile(r"\d+|[^\W\d_]+")
_LOOK_ALIKE = str.maketrans("aceopxykhbtmi", "асеорхукнвтми")


def words_of(text: str) -> list[str]:
    """The words that are looked for: «№12-мектеп» is «12» and «мектеп», and Latin А is the Cyrillic one.

    Letters are read one by one, so that the beginning of a word is spelt as the word itself is.
    """
    return _WORD.findall(fold(_NUMBER_SIGN.sub(" ", text)).translate(_LOOK_ALIKE))


def search_key(names: Iterable[str], places: Iterable[str]) -> str:
    """The key of a school by its names and its places, in every language; each word stands once on its side."""
    sides = (" ".join(dict.fromkeys(words_of(" ".join(texts)))) for texts in (names, places))
    return " " + f" {BAR} ".join(sides) + " "


class WordsField(models.TextField):
    """Holds such a key. Lookups: `word_start`, `word` (the whole word), `name_word` and `name_start` (in a name)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"editable": False, "blank": True, "default": "", **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """A migration sees a plain text column, since migrations import no code of the portal."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


class _WordLookup(Lookup):
    """`word` is letters or digits alone, as `words_of` gives them: nothing in it means anything to LIKE."""

    after = ""
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        key, params = self.process_lhs(compiler, connection)
        return f"{key} LIKE %s", [*params, f"% {self.rhs}{self.after}%"]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Without LIKE, which the portal taught SQLite in Python: that is too slow for every letter typed."""
        key, params = self.process_lhs(compiler, connection)
        return f"instr({key}, %s) > 0", [*params, f" {self.rhs}{self.after.rstrip(f'%{BAR}')}"]


@WordsField.register_lookup
class WordStart(_WordLookup):
    lookup_name = "word_start"


@WordsField.register_lookup
class Word(_WordLookup):
    lookup_name = "word"
    after = " "


class _NameLookup(_WordLookup):
    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        found, params = super().as_sqlite(compiler, connection)
        key, _ = self.process_lhs(compiler, connection)
        place = found.removesuffix(" > 0")
        return f"({place} > 0 AND {place} < instr({key}, '{BAR}'))", [*params, *params]


@WordsField.register_lookup
class NameWord(_NameLookup):
    lookup_name = "name_word"
    after = f" %{BAR}"


@WordsField.register_lookup
class NameStart(_NameLookup):
    lookup_name = "name_start"
    after = f"%{BAR}"
