"""A letter's text and its finished MIME. No database, no network."""

import re
from base64 import b64decode, encodebytes
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.charset import Charset
from email.headerregistry import Address
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Template
from django.template.loader import get_template
from django.utils import translation

from schools import attendee

SUBJECT_LENGTH = 200
_ENCODING = Charset("utf-8")
"""Base64 bodies, so that a letter is plain ASCII on the wire and every relay takes it."""

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CRLF = re.compile(rb"\r?\n")
_TO = re.compile(rb"\r\nTo:[^\r]*(?:\r\n[ \t][^\r]*)*")
_CALENDAR = re.compile(rb"(\r\nContent-Type: text/calendar;(?:[^\r]|\r\n(?!\r\n))*\r\n\r\n)([A-Za-z0-9+/=\r\n]*)")
"""The head and the base64 of a calendar part of our own making."""
_GAP = re.compile(r"\n\s*\n\s*\n")
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Letter:
    """The three texts of a letter, clean of control characters."""

    subject: str
    text: str
    html: str


def render(*, kind: str, language: str, context: dict[str, Any]) -> Letter:
    """Render `templates/mail/<kind>.subject.txt`, `.txt` and `.html` in the reader's language."""
    with translation.override(language):
        context = {"site_url": settings.SITE_URL, "language": language, **context}
        subject = clean_line(_render(f"mail/{kind}.subject.txt", context, escape=False))[:SUBJECT_LENGTH]
        text = _GAP.sub("\n\n", clean_text(_render(f"mail/{kind}.txt", context, escape=False)).strip()) + "\n"
        html = clean_text(_render(f"mail/{kind}.html", context | {"subject": subject}, escape=True))
    return Letter(subject=subject, text=text, html=html)


def build(
    *,
    letter: Letter,
    name: str,
    address: str,
    language: str,
    message_id: str,
    calendar: bytes = b"",
    calendar_method: str = "REQUEST",
) -> bytes:
    """The finished MIME: text, HTML and, where given, the calendar entry as a part of its own.

    The calendar names the reader as its attendee. Without an address it has no addressee yet, see `addressed`.
    Raises ValueError as `recipient` does.
    """
    to = recipient(name, address) if address else None
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[str(to)] if to else [],
        headers={
            "Message-ID": message_id,
            "Content-Language": language,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    message.encoding = _ENCODING
    message.attach_alternative(letter.html, "text/html")
    if calendar:
        calendar = attendee.name_reader(calendar, to) if to else calendar
        message.attach_alternative(calendar.decode(), f"text/calendar; method={calendar_method}")
    return _CRLF.sub(b"\r\n", message.message().as_bytes())


def addressed(message: bytes, *, name: str, address: str) -> bytes:
    """The same letter, and the entry in its calendar, to another address. Raises ValueError as `recipient` does."""
    reader = recipient(name, address)
    to = EmailMultiAlternatives(to=[str(reader)]).message()["To"].encode().replace(b"\n", b"\r\n")
    head, end, body = message.partition(b"\r\n\r\n")
    body = _CALENDAR.sub(lambda found: found[1] + _calendar_for(reader, found[2]), body)
    return _TO.sub(b"", head) + b"\r\nTo: " + to + end + body


def _calendar_for(reader: Address, encoded: bytes) -> bytes:
    """The base64 of a calendar part, naming another reader."""
    return _CRLF.sub(b"\r\n", encodebytes(attendee.name_reader(b64decode(encoded), reader)))


@dataclass(frozen=True, slots=True)
class Parts:
    """A finished letter taken apart again, for the mailbox page."""

    text: str = ""
    html: str = ""
    calendar: str = ""


def parts_of(message: bytes) -> Parts:
    """The parts of a finished MIME; all empty where it was wiped."""
    found: dict[str, str] = {}
    for part in message_from_bytes(message, policy=policy.default).walk():
        if part.get_content_maintype() == "text":
            found.setdefault(part.get_content_type(), part.get_content())
    return Parts(found.get("text/plain", ""), found.get("text/html", ""), found.get("text/calendar", ""))


def recipient(name: str, address: str) -> Address:
    """The addressee. Raises ValueError where the address could never be written to."""
    address = address.strip()
    user, _at, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode()
        return Address(
            display_name=clean_line(name).replace("=?", "= ?"), username=user.encode("ascii").decode(), domain=domain
        )
    except (UnicodeError, IndexError, ValueError) as problem:
        raise ValueError(f"unusable address {address!r}") from problem


def clean_line(text: str) -> str:
    """One line: controls and line breaks become spaces, marks that turn the direction of writing go."""
    return " ".join(_CONTROLS.sub(" ", _DIRECTIONS.sub("", text)).split())


def clean_text(text: str) -> str:
    """Lines of text without control characters and without marks that turn the direction of writing."""
    return _CONTROLS.sub("", _DIRECTIONS.sub("", text.replace("\r\n", "\n")))


def _render(name: str, context: dict[str, Any], *, escape: bool) -> str:
    template: Template = get_template(name).template  # type: ignore[attr-defined]  # Django's own, not Jinja's
    return template.render(Context(context, autoescape=escape))
