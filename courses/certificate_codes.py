"""Check codes as people type them from paper."""

import re

from courses.certificates import CODE_ALPHABET, CODE_LENGTH

_FILLING = re.compile(r"[\s\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff_.,-]+")
_LOOK_ALIKES = str.maketrans("асекхмнрту", "acekxmhpty")
"""Cyrillic letters that a reader may take for the Latin ones on the paper. «В», «О» and «З» have none in codes."""
_WELL_FORMED = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")


def tidy(typed: str) -> str:
    """The code without spaces, dashes and capitals; of a whole address its last part. It may still be wrong."""
    last = typed.strip().split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return _FILLING.sub("", last).lower().translate(_LOOK_ALIKES)


def is_well_formed(code: str) -> bool:
    """True if a certificate could have this code."""
    return _WELL_FORMED.fullmatch(code) is not None


def spaced(code: str) -> str:
    """The code in groups of four, as it is easier to read: «abcd efgh jkmn pqrs»."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))
