"""Files as people send them, and files as they must not be taken. Each is made here, from its own format's rules."""

import base64
import io
import struct
import zipfile
import zlib
from functools import lru_cache

import typst
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////"
    "wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA//9k="
)
WEBP = base64.b64decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


@lru_cache
def pdf(text: str = "Билет") -> bytes:
    return typst.compile(f"= {text}".encode())


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 1) -> bytes:
    head = struct.pack(">IIBBBBB", width, 1, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * (width + 1))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def office(main: str = "word/document.xml", named: str = WORD, **parts: bytes) -> bytes:
    """An office document with these parts besides; `__` in a name stands for a slash."""
    types = f'<Types><Override PartName="/{main}" ContentType="{named}"/></Types>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", parts.pop("types", types.encode()))
        file.writestr(main, b"<document/>")
        for name, body in parts.items():
            file.writestr(name.replace("__", "/"), body)
    return packed.getvalue()


def xlsx() -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        book.add_worksheet().write(0, 0, "Шығын")
    return packed.getvalue()


def claims_to_be_huge() -> bytes:
    """A document whose list says that one part unpacks to three gigabytes."""
    packed = bytearray(office(media=b"x" * 100))
    entry = packed.index(b"PK\x01\x02", packed.rindex(b"PK\x01\x02"))
    packed[entry + 24 : entry + 28] = struct.pack("<I", 3 * 1024**3)
    return bytes(packed)


def sound() -> dict[str, bytes]:
    """One of every kind, by the ending of its name."""
    return {
        "pdf": pdf(),
        "jpeg": JPEG,
        "png": png(),
        "webp": WEBP,
        "docx": office(),
        "xlsx": xlsx(),
        "pptx": office("ppt/presentation.xml", SLIDES),
    }


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    """As it comes out of a request."""
    return SimpleUploadedFile(name, content)
