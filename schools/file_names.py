"""The name of an uploaded file, made fit for every disk, header and page."""

import re
import unicodedata

from django.utils.translation import gettext as _

from schools.errors import Refused
from schools.models.file import EXTENSIONS, NAME_LENGTH
from schools.states import FileKind

FORBIDDEN = re.compile(r'[/\\:*?"<>|]+')
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
"""Names that Windows keeps for devices, whatever their ending."""
DROPPED = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Unicode categories of what cannot be seen: controls, marks that turn the direction of text, and the like."""
USUAL = "file"


def safe_name(given: str, kind: FileKind) -> str:
    """The last part of the name without paths, hidden signs and reserved words, with an ending of its kind.

    Raises Refused where the name ends as another kind does: «passport.pdf» that is a picture deceives its readers.
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", given)[-1])
    name = "".join(letter for letter in name if unicodedata.category(letter) not in DROPPED)
    name = " ".join(FORBIDDEN.sub("_", name).split()).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,5}", ending):
        stem, ending = name, EXTENSIONS[kind][0]
    if ending.lower() not in EXTENSIONS[kind]:
        words = {"ending": ending, "kind": kind.label}
        raise Refused(_("The name ends in .%(ending)s, but the content is: %(kind)s. Give it its right name.") % words)
    stem = stem.strip(" .") or USUAL
    if stem.split(".")[0].strip().lower() in DEVICES:
        stem = f"_{stem}"
    return f"{stem[: NAME_LENGTH - len(ending) - 1].strip(' .')}.{ending.lower()}"
