"""Files are what their content says: sound ones of every kind pass, hostile and broken ones meet a sentence."""

import pytest
from django.utils import translation

from schools.errors import Refused
from schools.file_names import safe_name
from schools.models.file import NAME_LENGTH
from schools.sniffing import MOST_PARTS, recognise
from schools.states import FileKind
from tests import file_samples as samples

HTML = b"<!doctype html><script>alert(1)</script>"
STRANGE = "The content of the file is not a PDF"
BROKEN = "The file is damaged or cut off"
ARCHIVE = "This archive is no readable document"
BOMB = "The document would unpack to far more than it seems"
HIDDEN = "The file hides another file in it"
HOSTILE = {
    "a page": (HTML, STRANGE),
    "a program": (b"MZ\x90\x00" + b"\x00" * 100, STRANGE),
    "a drawing with scripts": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', STRANGE),
    "nothing but a space": (b" ", STRANGE),
    "a page before a PDF": (HTML + samples.pdf(), STRANGE),
    "the head of a PDF before a page": (b"%PDF-1.7\n" + HTML, BROKEN),
    "half a PDF": (samples.pdf()[:500], BROKEN),
    "a PDF and an archive at once": (samples.pdf() + samples.office(), HIDDEN),
    "a small archive behind a picture": (samples.JPEG + samples.office(), HIDDEN),
    "a page behind a picture": (samples.png() + HTML, BROKEN),
    "half a picture": (samples.png()[:40], BROKEN),
    "a picture with a false header": (samples.png().replace(b"\x00\x00\x00\x01\x08", b"\x00\x00\x00\x02\x08"), BROKEN),
    "the head of a JPEG": (b"\xff\xd8\xff\xe0" + HTML, BROKEN),
    "a JPEG without a size": (b"\xff\xd8\xff\xda\x00\x04\x00\x00\xff\xd9", BROKEN),
    "a sound": (b"RIFF\x24\x00\x00\x00WAVEfmt ", BROKEN),
    "a photo of a phone that others cannot show": (b"\x00\x00\x00\x18ftypheic\x00\x00", "This is a HEIC photo"),
    "an old document": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 50,
        "This is a document of an old or protected",
    ),
    "an archive of anything": (samples.office("a.txt", "text/plain"), ARCHIVE),
    "half an archive": (samples.office()[:60], ARCHIVE),
    "the kind of another": (samples.office("xl/workbook.xml", samples.WORD), ARCHIVE),
    "parts that lead out": (samples.office(**{"..__..__etc__passwd": b"x"}), ARCHIVE),
    "macros by type": (samples.office(named=samples.MACROS), "The document has macros"),
    "macros by part": (samples.office(**{"word__vbaProject.bin": b"x"}), "The document has macros"),
    "a list that swells": (samples.office(types=b" " * 2 * 1024 * 1024), BOMB),
    "a part that says it is huge": (samples.claims_to_be_huge(), BOMB),
    "too many parts": (samples.office(**{f"p{n}": b"" for n in range(MOST_PARTS)}), BOMB),
}


@pytest.mark.parametrize("kind", FileKind.values)
def test_a_sound_file_is_recognised_by_its_content(kind):
    assert recognise(samples.sound()[kind]) == kind


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_hostile_or_broken_is_refused_with_a_sentence(what):
    content, sentence = HOSTILE[what]
    with translation.override("en"), pytest.raises(Refused) as refusal:
        recognise(content)
    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize("kind", FileKind.values)
def test_a_file_cut_anywhere_breaks_nothing(kind):
    whole = samples.sound()[kind]
    for length in range(0, len(whole), max(1, len(whole) // 150)):
        try:
            recognise(whole[:length])
        except Refused:
            continue


NAMES = {
    "Билет Астана.pdf": "Билет Астана.pdf",
    "../x.pdf": "x.pdf",
    "..\\..\\boot.pdf": "boot.pdf",
    "/etc/passwd": "passwd.pdf",
    "a\x00b.pdf": "ab.pdf",
    "fdp\u202excod.pdf": "fdpxcod.pdf",
    "..pdf": "pdf.pdf",
    "": "file.pdf",
    ".": "file.pdf",
    "...": "file.pdf",
    ".htaccess": "htaccess.pdf",
    "NUL.pdf": "_NUL.pdf",
    "con.tar.pdf": "_con.tar.pdf",
    'чек: "такси" <1>?.PDF': "чек_ _такси_ _1_.pdf",
    "a   b\r\nX: y.pdf": "a bX_ y.pdf",
    "№ 12 шот-фактура": "№ 12 шот-фактура.pdf",
}


@pytest.mark.parametrize("given", NAMES)
def test_a_name_is_made_safe(given):
    assert safe_name(given, FileKind.PDF) == NAMES[given]


def test_a_long_name_is_cut_and_keeps_its_ending():
    name = safe_name("ұ" * 5000 + ".jpeg", FileKind.JPEG)
    assert (len(name), name[-6:]) == (NAME_LENGTH, "ұ.jpeg")


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.pdf.svg", "photo.png"])
def test_a_name_that_deceives_is_refused(name):
    with pytest.raises(Refused):
        safe_name(name, FileKind.PDF)
