"""What SQLite has to be taught, so that the embedded default finds what PostgreSQL finds."""

import re
from functools import lru_cache
from typing import Any

from django.db.backends.signals import connection_created


@lru_cache(maxsize=256)
def _expression(pattern: str, escape: str) -> re.Pattern[str]:
    parts, letters = [], iter(pattern)
    for letter in letters:
        if escape and letter == escape:
            parts.append(re.escape(next(letters, "")))
        else:
            parts.append({"%": ".*", "_": "."}.get(letter) or re.escape(letter))
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def like(pattern: object, value: object, escape: str = "") -> bool | None:
    """SQL's LIKE without regard to case in any alphabet. SQLite's own knows A-Z alone, so that Ә would not find ә."""
    if pattern is None or value is None:
        return None
    return _expression(str(pattern), escape).fullmatch(str(value)) is not None


def teach(connection: Any, **_: Any) -> None:
    """Give a fresh SQLite connection the LIKE of all alphabets."""
    if connection.vendor == "sqlite":
        for count in (2, 3):
            connection.connection.create_function("like", count, like, deterministic=True)


def listen() -> None:
    connection_created.connect(teach, dispatch_uid="schools.sqlite")
