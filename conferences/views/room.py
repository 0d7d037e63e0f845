"""What the pages of this room share: tabs of its lists, the way back."""

from django.urls import reverse
from django.utils.translation import gettext as _

from conferences.models import Edition


def room_tabs(here: str) -> list[tuple[str, str, bool]]:
    """The parts of the room that its list pages share."""
    return [(_("Conferences"), reverse("conferences:editions"), here == "editions")]


def trail_to(edition: Edition | None = None) -> list[tuple[str, str]]:
    """The way back from a page about this conference."""
    trail = [(_("Conferences"), reverse("conferences:editions"))]
    if edition is not None:
        trail.append((str(edition), reverse("conferences:edition", args=[edition.uid])))
    return trail
