"""Closed lists of a trip's papers and reports, and the moves of the reports: who, from where, to where."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DocumentKind(models.TextChoices):
    INVITATION = "invitation", _("invitation")
    PROGRAMME = "programme", pgettext_lazy("document", "programme")
    PASSPORT = "passport", _("copy of the passport")
    VISA = "visa", pgettext_lazy("document", "visa")
    TICKET = "ticket", pgettext_lazy("document", "ticket")
    INSURANCE = "insurance", pgettext_lazy("document", "insurance policy")
    OTHER = "other", pgettext_lazy("document", "other")


PERSONAL = (DocumentKind.PASSPORT, DocumentKind.VISA, DocumentKind.TICKET, DocumentKind.INSURANCE)
"""Papers of one traveller, with a passport's data in them: sealed, read by few, deleted some time after the trip."""


class BackPart(models.TextChoices):
    """Which part somebody plays when a trip is over."""

    TRAVELLER = "traveller", pgettext_lazy("trip part", "traveller")
    FINANCE = "finance", pgettext_lazy("trip part", "finance officer")
    COORDINATOR = "coordinator", pgettext_lazy("trip part", "HQ coordinator")


class AdvanceState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("advance report", "being written")
    SUBMITTED = "submitted", pgettext_lazy("advance report", "with finance")
    RETURNED = "returned", pgettext_lazy("advance report", "returned for changes")
    ACCEPTED = "accepted", pgettext_lazy("advance report", "accepted")


class AdvanceVerb(models.TextChoices):
    """The moves by name, as the timeline, the ledger and the letters know them."""

    START = "start", pgettext_lazy("advance report", "Begun")
    SUBMIT = "submit", pgettext_lazy("advance report", "Sent to finance")
    TAKE_BACK = "take_back", pgettext_lazy("advance report", "Taken back to be changed")
    RETURN = "return", pgettext_lazy("advance report", "Returned for changes")
    ACCEPT = "accept", pgettext_lazy("advance report", "Accepted")


class WrittenState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("trip report", "draft")
    PUBLISHED = "published", pgettext_lazy("trip report", "open to colleagues")


class WrittenVerb(models.TextChoices):
    PUBLISH = "publish", pgettext_lazy("trip report", "Opened to colleagues")
    HIDE = "hide", pgettext_lazy("trip report", "Taken back from colleagues")


@dataclass(frozen=True, slots=True)
class BackMove:
    """One allowed move. `sources` is empty for the move that makes the row."""

    who: tuple[str, ...]
    sources: tuple[str, ...]
    target: str


A, W, P = AdvanceState, WrittenState, BackPart
TO_WRITE = (A.DRAFT, A.RETURNED)
"""States in which travellers write their advance report."""
ADVANCE_MOVES: dict[str, BackMove] = {
    AdvanceVerb.START: BackMove((P.TRAVELLER,), (), A.DRAFT),
    AdvanceVerb.SUBMIT: BackMove((P.TRAVELLER,), TO_WRITE, A.SUBMITTED),
    AdvanceVerb.TAKE_BACK: BackMove((P.TRAVELLER,), (A.SUBMITTED,), A.DRAFT),
    AdvanceVerb.RETURN: BackMove((P.FINANCE,), (A.SUBMITTED,), A.RETURNED),
    AdvanceVerb.ACCEPT: BackMove((P.FINANCE,), (A.SUBMITTED,), A.ACCEPTED),
}
WRITTEN_MOVES: dict[str, BackMove] = {
    WrittenVerb.PUBLISH: BackMove((P.TRAVELLER,), (W.DRAFT,), W.PUBLISHED),
    WrittenVerb.HIDE: BackMove((P.TRAVELLER, P.COORDINATOR), (W.PUBLISHED,), W.DRAFT),
}


def allowed(move: BackMove, state: str | None, parts: frozenset[str]) -> bool:
    """True if somebody in one of these parts may make the move from `state` (None: no row yet)."""
    fits = state in move.sources if state is not None else not move.sources
    return fits and not parts.isdisjoint(move.who)
