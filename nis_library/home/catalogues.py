"""Catalogues of translated texts: compiled without gettext's programs, and read for gaps."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.makemessages import Command as MakeMessages
from django.utils.translation.reloader import translation_file_changed

LANGUAGES = ("kk", "ru")
"""English stands in the code itself, so it needs no catalogue."""
NO_SOURCE = (".venv", "tests", "var", "build", "docs", ".git")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def catalogues() -> list[Path]:
    """Every .po file of the portal: its own texts and those of the libraries."""
    return [po for folder in settings.LOCALE_PATHS for po in sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))]


def compile_all() -> int:
    """Write the .mo beside each .po that is newer than it; gives how many were written.

    The file is put in place in one move, so a reader never sees half of it.
    """
    written = 0
    for po in catalogues():
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        unfinished = mo.with_suffix(f".mo.{os.getpid()}")
        polib.pofile(str(po)).save_as_mofile(str(unfinished))
        unfinished.replace(mo)
        written += 1
    if written:
        # What this process has loaded is older than what it has just written. There is no other way to say so
        # than the one by which Django's own development server does.
        translation_file_changed(sender=None, file_path=mo)
    return written


def extract(*, locale_dir: Path | None = None) -> None:
    """Collect the texts of code and templates below the current folder into the .po files of `locale_dir`.

    Needs gettext's xgettext and msgmerge. Nothing is guessed: a text that changed starts untranslated.
    """
    command = MakeMessages()
    command.msgmerge_options = [*MakeMessages.msgmerge_options, "--no-fuzzy-matching"]
    kept = settings.LOCALE_PATHS
    if locale_dir:
        settings.LOCALE_PATHS = [locale_dir]
    try:
        call_command(
            command,
            locale=list(LANGUAGES),
            no_obsolete=True,
            no_wrap=True,
            add_location="file",
            ignore_patterns=list(NO_SOURCE),
            verbosity=0,
        )
    finally:
        settings.LOCALE_PATHS = kept


def gaps() -> list[str]:
    """Every text without a finished translation, and every translation that loses a placeholder, as lines to read.

    Where xgettext is installed the texts are collected anew, so one that never reached a catalogue counts too.
    """
    own = Path(settings.LOCALE_PATHS[0])
    with _collected() as fresh:
        files = [po for po in catalogues() if not (fresh and own in po.parents)]
        files += sorted(fresh.glob("*/LC_MESSAGES/django.po")) if fresh else []
        missing = [f"{own / code}: the catalogue is missing" for code in LANGUAGES if not (own / code).is_dir()]
        return missing + [line for po in files for line in _gaps_of(po)]


def has_xgettext() -> bool:
    return bool(shutil.which("xgettext") and shutil.which("msgmerge"))


@contextmanager
def _collected() -> Iterator[Path | None]:
    """A copy of the source with freshly extracted catalogues: the checkout itself is not written to."""
    if not has_xgettext():
        yield None
        return
    here = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="portal-texts-") as folder:
        copy = Path(folder) / "source"
        wanted = shutil.ignore_patterns(*NO_SOURCE, "__pycache__", "*.mo", "static", "locale_vendor")
        shutil.copytree(settings.BASE_DIR, copy, ignore=wanted)
        fresh = copy / Path(settings.LOCALE_PATHS[0]).relative_to(settings.BASE_DIR)
        fresh.mkdir(parents=True, exist_ok=True)
        os.chdir(copy)
        try:
            extract(locale_dir=fresh)
        finally:
            os.chdir(here)
        yield fresh


def _gaps_of(po: Path) -> Iterator[str]:
    name = "/".join(po.parts[-4:])
    for entry in polib.pofile(str(po)):
        if entry.obsolete or not entry.msgid:
            continue
        forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if entry.fuzzy:
            yield f"{name}: not settled (fuzzy): {entry.msgid!r}"
        elif not forms or not all(forms):
            yield f"{name}: not translated: {entry.msgid!r}"
        elif strange := _strange_placeholders(entry, forms):
            yield f"{name}: placeholders differ ({', '.join(sorted(strange))}): {entry.msgid!r}"


def _strange_placeholders(entry: polib.POEntry, forms: list[str]) -> set[str]:
    """Placeholders of only one side. A plural form may leave the number out, never bring a new one."""
    if not {"python-format", "python-brace-format"} & set(entry.flags):
        return set()
    asked = set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
    found = [set(PLACEHOLDER.findall(form)) for form in forms]
    added = set().union(*found) - asked
    return added if entry.msgid_plural else added | (asked - found[0])
