"""Kazakh and Russian are complete for the strings of the installed packages, not only for our own.

`nis_library/locale_vendor` holds what the packages lack or say wrongly; it goes before their own catalogues. When
an upgrade brings new strings, the first test here names them.
"""

from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings

from tests.catalogues import (
    Catalogue,
    Message,
    catalogue_of,
    find_faults,
    marked_in,
    numbers_by_form,
    read_catalogue,
    third_party_packages,
    wanted_by,
)

VENDOR = Path(settings.BASE_DIR) / "nis_library" / "locale_vendor"
CASES = [("kk", "django"), ("kk", "djangojs"), ("ru", "django"), ("ru", "djangojs")]
# The listed packages that mark strings. A scan that finds nothing in one of them has lost its eyes.
SPEAKING = {"django", "django.contrib.admin", "django.contrib.auth", "allauth", "django_filters"}


def vendor_path(language: str, domain: str) -> Path:
    return VENDOR / language / "LC_MESSAGES" / f"{domain}.po"


def in_effect(package: str, language: str, domain: str) -> Iterator[Catalogue]:
    """The catalogues in the order in which they answer for a string of this package."""
    yield read_catalogue(vendor_path(language, domain))
    yield catalogue_of(package, language, domain)
    for other in third_party_packages():
        yield catalogue_of(other, language, domain)


@pytest.mark.parametrize(("language", "domain"), CASES)
def test_every_string_of_every_package_is_translated(language, domain):
    faults = {
        package: find_faults(wanted_by(package, domain), in_effect(package, language, domain))
        for package in third_party_packages()
    }
    assert {package: found for package, found in faults.items() if found} == {}


def test_the_packages_that_speak_are_heard():
    assert {package for package in SPEAKING if len(wanted_by(package)) < 30} == set()
    assert len(wanted_by("django.contrib.admin", "djangojs")) > 30
    context = ("field label", "Login")
    assert wanted_by("allauth")[context] == Message("field label", "Login", None)


@pytest.mark.parametrize(("language", "domain"), CASES)
def test_the_vendor_catalogue_holds_only_what_the_packages_lack_or_say_otherwise(language, domain):
    packages = third_party_packages()
    stale, repeated = [], []
    for key, entry in read_catalogue(vendor_path(language, domain)).entries.items():
        said = [catalogue_of(p, language, domain).entries.get(key) for p in packages]
        said = [(e.msgstr, e.msgstr_plural) for e in said if e]
        if not any(key in wanted_by(p, domain) for p in packages):
            stale.append(key)
        if said and all(text == (entry.msgstr, entry.msgstr_plural) for text in said):
            repeated.append(key)
    assert (stale, repeated) == ([], [])


@pytest.mark.parametrize(("language", "domain"), CASES)
def test_the_vendor_catalogue_is_finished(language, domain):
    file = polib.pofile(str(vendor_path(language, domain)))
    assert [e.msgid for e in file if e.fuzzy or e.obsolete or not e.translated()] == []
    assert len({(e.msgctxt, e.msgid) for e in file}) == len(file)
    assert file.metadata["Language"] == language
    assert file.metadata["Content-Type"] == "text/plain; charset=UTF-8"
    ours, djangos = read_catalogue(vendor_path(language, domain)), catalogue_of("django", language)
    assert numbers_by_form(ours.plural_rule) == numbers_by_form(djangos.plural_rule)


def test_in_kazakh_a_noun_stays_singular_after_a_number():
    entries = read_catalogue(vendor_path("kk", "django")).entries
    assert entries[None, "%(num)d day"].msgstr_plural == {0: "%(num)d күн", 1: "%(num)d күн"}
    assert entries[None, "an hour ago"].msgstr_plural == {0: "бір сағат бұрын", 1: "%(count)s\xa0сағат бұрын"}


@pytest.mark.parametrize("avoided", ["құпия сөз", "email адрес", "қолданушы"])
def test_kazakh_keeps_to_the_words_of_the_glossary(avoided):
    used = [
        (package, entry.msgid)
        for package in third_party_packages()
        for key in wanted_by(package)
        for entry in [next(c for c in in_effect(package, "kk", "django") if key in c.entries).entries[key]]
        if avoided in f"{entry.msgstr} {entry.msgstr_plural}".lower()
    ]
    assert used == []


# The twins: each fault, made on purpose, is reported.

SAVED = Message(None, "Saved by %(name)s <b>now</b>", None)
FILES = Message("upload", "one file", "%(count)s files")


def faults_of(message: Message, *entries: polib.POEntry, rule: str = "n != 1") -> list[str]:
    catalogue = Catalogue({(e.msgctxt, e.msgid): e for e in entries}, rule)
    return find_faults({(message.context, message.singular): message}, [catalogue])


def saved(text: str) -> polib.POEntry:
    return polib.POEntry(msgid=SAVED.singular, msgstr=text)


def files(*forms: str) -> polib.POEntry:
    return polib.POEntry(
        msgctxt="upload", msgid=FILES.singular, msgid_plural=FILES.plural, msgstr_plural=dict(enumerate(forms))
    )


def test_a_sound_translation_has_no_faults():
    assert faults_of(SAVED, saved("<b>Қазір</b> %(name)s сақтады")) == []
    assert faults_of(FILES, files("бір файл", "%(count)s файл")) == []


def test_a_missing_string_is_reported_and_so_is_one_of_another_context():
    assert faults_of(SAVED) == ["|Saved by %(name)s <b>now</b>: no translation"]
    elsewhere = polib.POEntry(msgid=FILES.singular, msgid_plural=FILES.plural, msgstr_plural={0: "файл", 1: "файл"})
    assert faults_of(FILES, elsewhere) == ["upload|one file: no translation"]


@pytest.mark.parametrize(
    "text", ["<b>Қазір</b> сақталды", "<b>Қазір</b> %(nаme)s сақтады", "%(name)s қазір сақтады", "<b>%(name)d</b>"]
)
def test_a_lost_placeholder_or_tag_is_reported(text):
    [fault] = faults_of(SAVED, saved(text))
    assert fault.startswith("|Saved by %(name)s <b>now</b>: placeholders or tags differ")


def test_every_plural_form_is_looked_at():
    assert faults_of(FILES, files("бір файл", "файлдар")) == [
        "upload|one file: placeholders or tags differ in form 1 'файлдар'"
    ]
    assert faults_of(FILES, files("бір файл")) == ["upload|one file: plural form 1 is empty"]
    # In Russian form 0 serves 21 too, so the number may not be left out.
    assert faults_of(FILES, files("один файл", "%(count)s файла"), rule="n%10==1 ? 0 : 1") == [
        "upload|one file: placeholders or tags differ in form 0 'один файл'"
    ]


def test_fuzzy_obsolete_and_empty_entries_do_not_count(tmp_path):
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    file.append(polib.POEntry(msgid="guessed", msgstr="болжам", flags=["fuzzy"]))
    file.append(polib.POEntry(msgid="gone", msgstr="жоқ", obsolete=True))
    file.append(polib.POEntry(msgid="empty"))
    file.append(polib.POEntry(msgid="done", msgstr="дайын"))
    file.save(str(tmp_path / "django.po"))
    assert list(read_catalogue(tmp_path / "django.po").entries) == [(None, "done")]


def test_strings_marked_in_sources_are_found(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        "{% translate 'Sign' context \"verb\" %} {% blocktranslate trimmed count n=n %}\n  one\n"
        "  {% plural %}\n  {{ n }} many\n{% endblocktranslate %}{% include 'x' with a=_('Given') %}",
        encoding="utf-8",
    )
    (tmp_path / "views.py").write_text(
        "from django.utils.translation import gettext_lazy as _late, ngettext\n"
        "print(_late('Late' ' text'), ngettext('%d cat', '%d cats', n), _late(name))\n",
        encoding="utf-8",
    )
    assert list(marked_in(tmp_path)) == [
        Message(None, "Late text", None),
        Message(None, "%d cat", "%d cats"),
        Message("verb", "Sign", None),
        Message(None, "one", "%(n)s many"),
        Message(None, "Given", None),
    ]
