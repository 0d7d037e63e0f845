"""Catalogues are compiled without gettext, and their gaps are found."""

import os
from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext, override

from nis_library.home import catalogues

HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@pytest.fixture
def po(tmp_path, settings, monkeypatch) -> Path:
    """An empty Kazakh catalogue in a place of its own."""
    settings.LOCALE_PATHS = [tmp_path / "own", tmp_path / "vendor"]
    monkeypatch.setattr(catalogues, "has_xgettext", lambda: False)
    monkeypatch.setattr(catalogues, "LANGUAGES", ("kk",))
    path = tmp_path / "own/kk/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD)
    return path


def test_only_what_has_changed_is_compiled(po):
    po.write_text(HEAD + 'msgid "School"\nmsgstr "Мектеп"\n\n#, fuzzy\nmsgid "Course"\nmsgstr "Курс"\n')
    assert (catalogues.compile_all(), catalogues.compile_all()) == (1, 0)
    compiled = polib.mofile(str(po.with_suffix(".mo")))
    assert [(entry.msgid, entry.msgstr) for entry in compiled] == [("School", "Мектеп")]
    os.utime(po, (2e9, 2e9))
    assert catalogues.compile_all() == 1
    assert [path.name for path in po.parent.iterdir() if path.suffix not in (".po", ".mo")] == []


def test_what_was_loaded_before_is_read_anew(po):
    """The first start compiles and then writes demo letters in one process."""
    with override("kk"):
        assert gettext("A text of this test") == "A text of this test"
    po.write_text(HEAD + 'msgid "A text of this test"\nmsgstr "Сынақ мәтіні"\n')
    catalogues.compile_all()
    with override("kk"):
        assert gettext("A text of this test") == "Сынақ мәтіні"


GAPS = {
    "no translation": ('msgid "School"\nmsgstr ""\n', "not translated: 'School'"),
    "half a plural": ('msgid "%(n)s a"\nmsgid_plural "%(n)s b"\nmsgstr[0] "%(n)s"\nmsgstr[1] ""\n', "not translated"),
    "a guess": ('#, fuzzy\nmsgid "School"\nmsgstr "Мектеп"\n', "not settled"),
    "a lost name": ('#, python-format\nmsgid "by %(who)s"\nmsgstr "ол"\n', "placeholders differ (%(who)s)"),
    "a new name": ('#, python-format\nmsgid "by %(who)s"\nmsgstr "%(who)s %(whom)s"\n', "differ (%(whom)s)"),
}


@pytest.mark.parametrize(("entry", "sentence"), GAPS.values(), ids=GAPS.keys())
def test_gaps_are_found(po, entry, sentence):
    po.write_text(HEAD + entry)
    (line,) = catalogues.gaps()
    assert sentence in line


def test_a_whole_catalogue_has_no_gaps(po):
    po.write_text(
        HEAD + '#, python-format\nmsgid "%(n)s a"\nmsgid_plural "%(n)s b"\nmsgstr[0] "бір"\nmsgstr[1] "%(n)s"\n'
    )
    assert catalogues.gaps() == []


def test_a_missing_catalogue_is_a_gap(po, monkeypatch):
    monkeypatch.setattr(catalogues, "LANGUAGES", ("kk", "ru"))
    assert [line.rsplit(": ")[-1] for line in catalogues.gaps()] == ["the catalogue is missing"]


@pytest.mark.skipif(not catalogues.has_xgettext(), reason="gettext is not installed")
def test_a_text_that_never_reached_a_catalogue_is_found(tmp_path, settings, monkeypatch):
    (tmp_path / "room").mkdir()
    (tmp_path / "room/views.py").write_text('from django.utils.translation import gettext as _\n_("Fresh text")\n')
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    for language in catalogues.LANGUAGES:
        (tmp_path / "locale" / language / "LC_MESSAGES").mkdir(parents=True)
    found = [line.rsplit(": ")[-1] for line in catalogues.gaps()]
    assert found == ["'Fresh text'", "'Fresh text'"]
    assert list((tmp_path / "locale").rglob("*.po")) == []
