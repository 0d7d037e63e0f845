"""Who an entry of a letter's calendar is for. No database, no network.

METHOD:REQUEST and CANCEL name an attendee (RFC 5546, 3.2.2 and 3.2.5); strict clients refuse an entry in which they
do not find their own address. What is rendered for many readers names nobody: each letter adds its own reader.
"""

import re
from email.headerregistry import Address
from urllib.parse import quote

from icalendar import vCalAddress
from icalendar.parser import Contentline, Parameters

_END = b"\r\nEND:VEVENT\r\n"
"""Folded lines begin with a space: this is the end of an entry and never a part of a text."""
_LINE = re.compile(rb"\r\nATTENDEE[;:][^\r]*(?:\r\n[ \t][^\r]*)*")
_ALLOWED_IN_MAILBOX = "@!$'*+"
"""What RFC 6068 lets stand as it is in the address of a mailto."""


def name_reader(calendar: bytes, to: Address) -> bytes:
    """The same entries with `to` as the one attendee: has accepted (the place is given), is asked nothing."""
    facts = {"CN": to.display_name or to.addr_spec, "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    line = Contentline.from_parts("ATTENDEE", Parameters(facts), vCalAddress(mailto(to.addr_spec))).to_ical()
    return _LINE.sub(b"", calendar).replace(_END, b"\r\n" + line + _END)


def mailto(address: str) -> str:
    """The address as a URI, as calendars name people."""
    return "mailto:" + quote(address, safe=_ALLOWED_IN_MAILBOX)
