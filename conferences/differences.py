"""What changed between two versions of a text, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"
_WORDS = re.compile(r"\s+|[^\s]+")
MOST_WORDS = 6_000
"""Beyond this a text is compared line by line: the work grows with the square."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both versions share, or that only one has."""

    kind: str
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """The later text with what went and came: `same` and `new` together are `after`, `same` and `gone` `before`."""
    old, new = _parts(before), _parts(after)
    if max(len(old), len(new)) > MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece(SAME, "".join(old[a:b])))
            continue
        found += [Piece(kind, text) for kind, text in ((GONE, "".join(old[a:b])), (NEW, "".join(new[c:d]))) if text]
    return found


def _parts(text: str) -> list[str]:
    return _WORDS.findall(text)
