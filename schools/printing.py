"""PDF documents: typst templates in `templates/pdf/`, filled with data that can never become markup.

Data goes in as one JSON text and is read with typst's own `json`, so a name cannot inject anything. The faces
are the portal's own; a character that they lack would stop an accessible PDF from being made, so such
characters are replaced first.
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Literal

import typst
from django.conf import settings
from fontTools.ttLib import TTFont

STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
"""Archivable (PDF/A-2a) and readable by a screen reader (PDF/UA-1)."""
FACES = ("fontpkg_pt_sans", "fontpkg_pt_serif")
MISSING = "?"
_one_at_a_time = Lock()
"""A compiler refuses a second thread while it works («Already borrowed»), and a web process has several."""
SPACES = str.maketrans({"\t": " ", "\u202f": "\u00a0", "\u2009": " "})


@cache
def font_folders() -> tuple[Path, ...]:
    return tuple(Path(str(files(package) / "files")) for package in FACES)


@cache
def letters() -> frozenset[int]:
    """Code points that every face in use can draw."""
    known = []
    for path in (path for folder in font_folders() for path in sorted(folder.glob("*Web-Regular.ttf"))):
        with TTFont(path, lazy=True) as face:
            known.append(set(face.getBestCmap()))
    return frozenset(set.intersection(*known))


def printable(text: str) -> str:
    """`text` with what the faces can draw: marks and symbols they lack go, unknown letters become «?»."""
    text = unicodedata.normalize("NFC", text.translate(SPACES))
    return text.translate({ord(letter): _printable(letter) for letter in set(text)})


def _printable(letter: str) -> str:
    if letter == "\n" or ord(letter) in letters():
        return letter
    return MISSING if unicodedata.category(letter)[0] in "LN" else ""


def _clean(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


@lru_cache(maxsize=16)
def _compiler(template: str) -> typst.Compiler:
    """One compiler a template and process: fonts are read and the template parsed once."""
    return typst.Compiler(
        str(settings.BASE_DIR / "templates" / "pdf" / template),
        root=str(settings.BASE_DIR / "templates" / "pdf"),
        font_paths=[str(folder) for folder in font_folders()],
        ignore_system_fonts=True,
    )


def pdf(template: str, data: Mapping[str, object], *, dated: datetime) -> bytes:
    """The document of `templates/pdf/<template>` filled with `data` (read there as `data`).

    `dated` is its date of creation: the same data and date give the same bytes. Raises RuntimeError where
    the template itself is at fault.
    """
    text = json.dumps(_clean(data), ensure_ascii=False)
    with _one_at_a_time:
        made = _compiler(template).compile(
            format="pdf",
            sys_inputs={"data": text},
            pdf_standards=[*STANDARDS],
            timestamp=int(dated.astimezone(UTC).timestamp()),
        )
    if not isinstance(made, bytes):
        raise RuntimeError(f"{template} made no document")
    return made
