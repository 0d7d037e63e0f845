"""What a file really is, read from its content. Whoever made it may have wished to deceive.

Nothing is drawn or unpacked here: pictures are followed from mark to mark, office documents by the list of their
parts, of which one small part is read. A file that is two things at once is refused.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from django.utils.translation import gettext as _

from schools.errors import Refused
from schools.states import FileKind

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
ZIP_HEAD = b"PK\x03\x04"
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF_TAIL = 2048
MOST_PARTS = 4000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_TYPES = 1024 * 1024
TYPES_PART = "[Content_Types].xml"
MAIN_PARTS: dict[FileKind, tuple[str, bytes]] = {
    FileKind.DOCX: ("word/document.xml", b"wordprocessingml.document.main+xml"),
    FileKind.XLSX: ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
    FileKind.PPTX: ("ppt/presentation.xml", b"presentationml.presentation.main+xml"),
}
JPEG_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
JPEG_ALONE = {0x01, *range(0xD0, 0xD8)}
JPEG_END, JPEG_SCAN = 0xD9, 0xDA


def recognise(content: bytes) -> FileKind:
    """The kind of a file. Raises Refused with a sentence to act on where it is none of the kinds, or is not whole."""
    if content[:4] == ZIP_HEAD:
        return _office(content)
    for head, kind, is_whole in PLAIN:
        if content.startswith(head):
            if not is_whole(content):
                raise Refused(_("The file is damaged or cut off: open it on your device, save it again and send that."))
            if zipfile.is_zipfile(io.BytesIO(content)):
                raise Refused(_("The file hides another file in it: save it again without the hidden one."))
            return kind
    raise Refused(_advice(content))


def _advice(content: bytes) -> str:
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1"):
        return _("This is a HEIC photo, which many devices cannot show: send it as a JPEG.")
    if content.startswith(OLE_HEAD):
        return _("This is a document of an old or protected format: save it as DOCX, XLSX, PPTX or PDF.")
    return _("The content of the file is not a PDF, a picture (JPEG, PNG, WebP) or a DOCX, XLSX or PPTX document.")


def _pdf(content: bytes) -> bool:
    return content[5:6].isdigit() and b"%%EOF" in content[-PDF_TAIL:]


def _png(content: bytes) -> bool:
    """From chunk to chunk: the header first and right, the end at the very end."""
    place, first = len(PNG_HEAD), True
    while place + 12 <= len(content):
        length, name = struct.unpack(">I4s", content[place : place + 8])
        if first:
            body = content[place + 4 : place + 8 + length]
            (check,) = struct.unpack(">I", content[place + 8 + length : place + 12 + length].ljust(4, b"\0")[:4])
            if name != b"IHDR" or length != 13 or zlib.crc32(body) != check:
                return False
        place, first = place + 12 + length, False
        if name == b"IEND":
            return place == len(content)
    return False


def _jpeg(content: bytes) -> bool:
    """From mark to mark up to the picture's data: a frame with a size must come before them."""
    place, framed = 2, False
    while place + 4 <= len(content) and content[place] == 0xFF:
        mark = content[place + 1]
        if mark == 0xFF or mark in JPEG_ALONE:
            place += 1 if mark == 0xFF else 2
            continue
        (length,) = struct.unpack(">H", content[place + 2 : place + 4])
        if mark in JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9].ljust(4, b"\0"))
            framed = height > 0 and width > 0
        if mark == JPEG_SCAN:
            return framed and b"\xff\xd9" in content[place:]
        if mark == JPEG_END or length < 2:
            return False
        place += 2 + length
    return False


def _webp(content: bytes) -> bool:
    (size,) = struct.unpack("<I", content[4:8].ljust(4, b"\0"))
    return content[8:12] == b"WEBP" and content[12:15] == b"VP8" and size + 8 in (len(content), len(content) - 1)


PLAIN: tuple[tuple[bytes, FileKind, Callable[[bytes], bool]], ...] = (
    (b"%PDF-", FileKind.PDF, _pdf),
    (PNG_HEAD, FileKind.PNG, _png),
    (b"\xff\xd8\xff", FileKind.JPEG, _jpeg),
    (b"RIFF", FileKind.WEBP, _webp),
)


def _office(content: bytes) -> FileKind:
    """By the list of parts: honest paths, no macros, no bomb, and the main part of one kind."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            _refuse_hostile(parts)
            types = _types(packed)
    except (
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
        EOFError,
        ValueError,
        KeyError,
    ) as broken:
        raise Refused(
            _("This archive is no readable document: only DOCX, XLSX and PPTX are taken, without a password.")
        ) from broken
    names = {part.filename for part in parts}
    if "macroEnabled" in types.decode(errors="replace") or any(name.endswith("vbaProject.bin") for name in names):
        raise Refused(_("The document has macros in it: save it without them."))
    for kind, (main, named) in MAIN_PARTS.items():
        if main in names and named in types:
            return kind
    raise Refused(_("This archive is no readable document: only DOCX, XLSX and PPTX are taken, without a password."))


def _types(packed: zipfile.ZipFile) -> bytes:
    """The part that names the others, counted as it is unpacked: what it says of its own size is not believed."""
    with packed.open(TYPES_PART) as stream:
        body = stream.read(MOST_TYPES + 1)
    if len(body) > MOST_TYPES:
        raise Refused(_("The document would unpack to far more than it seems: save it again in a smaller form."))
    return body


def _refuse_hostile(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(_("The document would unpack to far more than it seems: save it again in a smaller form."))
    if len(set(names)) < len(names) or any(_leads_out(name) for name in names):
        raise ValueError("parts that no office program writes")


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")
