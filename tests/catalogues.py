"""What the installed packages ask to have translated, and what answers: read from their .po files and sources.

Nothing here needs a compiled catalogue. A string is known by its context and its English singular, as gettext
knows it. `find_faults` is the one judge of completeness; `tests/test_vendor_translations.py` shows that it bites.
"""

import ast
import functools
import gettext
import importlib.util
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import polib
from django.conf import settings
from django.utils.translation.template import templatize

# Which arguments of a call are the context, the singular and the plural; None where the call has none.
CALLS = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
OUR_ROOMS = {"schools", "courses", "conferences", "nis_library"}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0+-]?\d*(?:\.\d+)?[sdrfi]|\{\w*\}")
TAG = re.compile(r"<[^<>]+>")
STRING = r"""u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
TEMPLATE_CALL = re.compile(rf"(?<!\w)(_|n?p?gettext)\(\s*{STRING}(?:\s*,\s*{STRING})?(?:\s*,\s*{STRING})?", re.DOTALL)

Key = tuple[str | None, str]


class Message(NamedTuple):
    """A string that a package wants translated: context and plural are None where it has none."""

    context: str | None
    singular: str
    plural: str | None


class Catalogue(NamedTuple):
    """The finished translations of one .po file and the C expression that chooses among plural forms."""

    entries: dict[Key, polib.POEntry]
    plural_rule: str


Wanted = dict[Key, Message]


def third_party_packages() -> list[str]:
    """Django's core, its apps in use (and humanize), and the root package of every other installed app."""
    names = {"django", "django.contrib.humanize"}
    for app in settings.INSTALLED_APPS:
        root = app.split(".")[0]
        if root not in OUR_ROOMS and app != "django.forms":
            names.add(app if root == "django" else root)
    return sorted(names)


def folder_of(package: str) -> Path:
    """Where the package lies; Django's core keeps its catalogues in django/conf."""
    spec = importlib.util.find_spec("django.conf" if package == "django" else package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    return Path(spec.origin).parent


@functools.cache
def read_catalogue(path: Path) -> Catalogue:
    """The entries that gettext would serve: neither obsolete, nor fuzzy, nor empty. A missing file has none."""
    if not path.exists():
        return Catalogue({}, "n != 1")
    file = polib.pofile(str(path))
    rule = file.metadata.get("Plural-Forms", "plural=n != 1").split("plural=", 2)[-1].strip(" ;")
    return Catalogue({(e.msgctxt, e.msgid): e for e in file if e.translated() and not e.obsolete}, rule)


def catalogue_of(package: str, language: str, domain: str = "django") -> Catalogue:
    """What the package itself says in the language; for English see `wanted_by`."""
    return read_catalogue(folder_of(package) / "locale" / language / "LC_MESSAGES" / f"{domain}.po")


@functools.cache
def wanted_by(package: str, domain: str = "django") -> Wanted:
    """Every string of the package: its English catalogue and, outside Django, whatever its sources mark as well.

    Django's releases renew the English catalogues; those of other packages lag behind their sources or are absent.
    """
    wanted: Wanted = {}
    english = folder_of(package) / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
    if english.exists():
        for entry in polib.pofile(str(english)):
            if not entry.obsolete:
                wanted[entry.msgctxt, entry.msgid] = Message(entry.msgctxt, entry.msgid, entry.msgid_plural or None)
    if domain == "django" and not package.startswith("django."):
        for message in marked_in(folder_of(package)) if package != "django" else ():
            wanted.setdefault((message.context, message.singular), message)
    return wanted


def marked_in(folder: Path) -> Iterator[Message]:
    """The strings that the Python files and templates below the folder mark for translation."""
    for path in sorted(folder.rglob("*.py")):
        if "tests" not in path.relative_to(folder).parts:
            yield from marked_in_python(path.read_text(encoding="utf-8"))
    for path in sorted(folder.rglob("templates/**/*.*")):
        if path.suffix in {".html", ".txt"}:
            yield from marked_in_template(path.read_text(encoding="utf-8"))


def marked_in_python(source: str) -> Iterator[Message]:
    """The strings given to Django's gettext functions, under whatever name they were imported."""
    if "gettext" not in source:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        tree = ast.parse(source)
    names = {name: name for name in CALLS}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {a.asname: a.name for a in node.names if a.asname and a.name in CALLS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
            if called in names:
                texts = [a.value if isinstance(a, ast.Constant) else None for a in node.args]
                yield from message_of(names[called], texts)


def marked_in_template(source: str) -> Iterator[Message]:
    """The strings of the translation tags, found by the same reader that makemessages uses."""
    for call, *literals in TEMPLATE_CALL.findall(templatize(source)):
        texts = [ast.literal_eval(literal) for literal in literals if literal]
        yield from message_of("gettext" if call == "_" else call, texts)


def message_of(call: str, texts: list) -> Iterator[Message]:
    """The message of one call, if its arguments are literal texts."""
    places = CALLS[call]
    if all(at is None or (at < len(texts) and isinstance(texts[at], str) and texts[at]) for at in places):
        yield Message(*(None if at is None else texts[at] for at in places))


def find_faults(wanted: Wanted, catalogues: Iterable[Catalogue]) -> list[str]:
    """One line for every string that no catalogue answers, or whose first answer is broken.

    The first catalogue that has the string wins, as at run time. An answer is broken when a plural form is empty or
    when placeholders or tags differ from the English ones. A form that serves the number 1 alone may leave it out.
    """
    catalogues = list(catalogues)
    faults = []
    for key, message in wanted.items():
        name = f"{message.context or ''}|{message.singular}"
        catalogue = next((c for c in catalogues if key in c.entries), None)
        if catalogue is None:
            faults.append(f"{name}: no translation")
        else:
            faults += [f"{name}: {fault}" for fault in entry_faults(message, catalogue.entries[key], catalogue)]
    return faults


def entry_faults(message: Message, entry: polib.POEntry, catalogue: Catalogue) -> Iterator[str]:
    """What is broken in one translation; nothing when it is sound."""
    if message.plural is None:
        if not entry.msgstr.strip() and message.singular.strip():
            yield "no translation"
        elif parts(entry.msgstr) != parts(message.singular):
            yield f"placeholders or tags differ in {entry.msgstr!r}"
        return
    for form, numbers in numbers_by_form(catalogue.plural_rule).items():
        text = entry.msgstr_plural.get(form, "")
        allowed = [parts(message.plural)] + ([parts(message.singular)] if numbers == [1] else [])
        if not text.strip():
            yield f"plural form {form} is empty"
        elif parts(text) not in allowed:
            yield f"placeholders or tags differ in form {form} {text!r}"


def parts(text: str) -> Mapping[str, int]:
    """How often each placeholder and each HTML tag stands in the text."""
    return Counter(PLACEHOLDER.findall(text)) + Counter(TAG.findall(text))


@functools.cache
def numbers_by_form(rule: str) -> dict[int, list[int]]:
    """Which of the numbers 0 to 200 each plural form serves."""
    choose = gettext.c2py(rule)  # type: ignore[attr-defined]
    forms: dict[int, list[int]] = {}
    for number in range(201):
        forms.setdefault(choose(number), []).append(number)
    return forms
