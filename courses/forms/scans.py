"""What a phone sends: scans as JSON, read strictly, since a phone may be anybody's."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from courses import tickets
from courses.models.scan import NONCE_LETTERS
from courses.scanning import MOST_SCANS, Scanned
from schools.errors import Refused

MOST_BYTES = 200 * MOST_SCANS
NONCE = re.compile(rf"[a-z0-9]{{{NONCE_LETTERS}}}")
LAST_MS = 4_102_444_800_000
"""The year 2100, in milliseconds: later clocks are nonsense."""


def read(body: bytes) -> tuple[str, list[Scanned]]:
    """Which meeting the phone speaks of, and its scans. Raises Refused with a sentence for any other message."""
    if len(body) > MOST_BYTES:
        raise Refused(_("At most %(most)s scans can be sent at a time.") % {"most": MOST_SCANS})
    try:
        said = json.loads(body)
        rows, starts = said["scans"], said["starts"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refused(_("These are no scans.")) from error
    if not isinstance(rows, list) or not isinstance(starts, str):
        raise Refused(_("These are no scans."))
    return starts, [_one(row) for row in rows]


def _one(row: Any) -> Scanned:
    said: dict[str, Any] = row if isinstance(row, dict) else {}
    nonce, code, at = said.get("nonce"), said.get("code"), said.get("at")
    if not (isinstance(nonce, str) and NONCE.fullmatch(nonce) and isinstance(code, str) and type(at) is int):
        raise Refused(_("These are no scans."))
    if not 0 <= at <= LAST_MS:
        raise Refused(_("These are no scans."))
    return Scanned(nonce, tickets.code_of(code), datetime.fromtimestamp(at / 1000, tz=UTC))
