"""Where an edition stands on a day: what its state and its dates say together, for badges and lists."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

from conferences.states import EditionState as S

if TYPE_CHECKING:
    from conferences.models import Edition


class Standing(StrEnum):
    AHEAD = "ahead"
    NOW = "now"
    OVER = "over"
    HELD = "held"
    NOT_HELD = "not_held"
    UNCONFIRMED = "unconfirmed"
    UNANNOUNCED = "unannounced"


COMING = (Standing.AHEAD, Standing.NOW, Standing.UNANNOUNCED)
WORDS = {
    Standing.AHEAD: ("info", pgettext_lazy("conference", "ahead"), "calendar-event"),
    Standing.NOW: ("ok", pgettext_lazy("conference", "under way"), "broadcast"),
    Standing.OVER: ("quiet", pgettext_lazy("conference", "over"), ""),
    Standing.HELD: ("ok", S.HELD.label, ""),
    Standing.NOT_HELD: ("no", S.NOT_HELD.label, ""),
    Standing.UNCONFIRMED: ("quiet", S.UNCONFIRMED.label, "question-circle"),
    Standing.UNANNOUNCED: ("wait", S.UNANNOUNCED.label, ""),
}
"""Kind, word and icon of the badge."""
_FIXED = {S.HELD: Standing.HELD, S.NOT_HELD: Standing.NOT_HELD, S.UNCONFIRMED: Standing.UNCONFIRMED}


def standing(edition: "Edition", today: date) -> Standing:
    """What is announced lies ahead, is under way or is over; without days its year decides."""
    if edition.state in _FIXED:
        return _FIXED[S(edition.state)]
    if edition.starts_on is None or edition.ends_on is None:
        if edition.year < today.year:
            return Standing.UNCONFIRMED
        return Standing.UNANNOUNCED if edition.state == S.UNANNOUNCED else Standing.AHEAD
    if edition.ends_on < today:
        return Standing.OVER
    return Standing.NOW if edition.starts_on <= today else Standing.AHEAD
