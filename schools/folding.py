"""Forgiving search: people type Казак for Қазақ, and Latin letters that look Cyrillic."""

import unicodedata

_KAZAKH = str.maketrans("әғқңөұүһі", "агкноуухи")
_LATIN = str.maketrans("aceopxykhbtmiə", "асеорхукнвтмиа")


def fold(text: str) -> str:
    """One key for case, for Kazakh letters and their Russian look-alikes, and for Ё and Е.

    A word that mixes Cyrillic with Latin look-alikes is read as Cyrillic; a wholly Latin word is kept.
    """
    text = unicodedata.normalize("NFKC", text)  # some keyboards send й and ё in two parts
    words = text.lower().replace("ё", "е").translate(_KAZAKH).split()
    return " ".join(word.translate(_LATIN) if _has_cyrillic(word) else word for word in words)


def _has_cyrillic(word: str) -> bool:
    return any("а" <= letter <= "я" for letter in word)
