"""Closed lists of places for a conference: how an application stands, and how the sharing of the places does."""

from django.db import models
from django.utils.translation import pgettext_lazy


class WishState(models.TextChoices):
    """Where one application for a place stands. Withdrawn is an end; one may apply anew before the deadline."""

    OPEN = "open", pgettext_lazy("application for a place", "awaits the decision")
    WITHDRAWN = "withdrawn", pgettext_lazy("application for a place", "withdrawn")
    PLACED = "placed", pgettext_lazy("application for a place", "has a place")
    UNPLACED = "unplaced", pgettext_lazy("application for a place", "no place")


class Stage(models.TextChoices):
    """Where the sharing of a conference's places stands on a day; derived from its dates."""

    OPEN = "open", pgettext_lazy("places for a conference", "applications are open")
    CLOSED = "closed", pgettext_lazy("places for a conference", "being decided")
    PUBLISHED = "published", pgettext_lazy("places for a conference", "places are given")


WISH_BADGES = {
    WishState.OPEN: ("wait", "hourglass-split"),
    WishState.WITHDRAWN: ("quiet", ""),
    WishState.PLACED: ("ok", "check2"),
    WishState.UNPLACED: ("no", ""),
}
"""Kind and icon of the badge of each state."""
STAGE_BADGES = {
    Stage.OPEN: ("info", "calendar-event"),
    Stage.CLOSED: ("wait", "hourglass-split"),
    Stage.PUBLISHED: ("ok", "check2"),
}
"""Kind and icon of the badge of each stage."""
