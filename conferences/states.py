"""Closed lists of conferences, and the moves a presentation may make: who, from where, to where."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EditionState(models.TextChoices):
    """What is known of one year's conference. Whether it lies ahead is read from its dates."""

    UNANNOUNCED = "unannounced", pgettext_lazy("conference", "to be announced")
    ANNOUNCED = "announced", pgettext_lazy("conference", "announced")
    HELD = "held", pgettext_lazy("conference", "held")
    NOT_HELD = "not_held", pgettext_lazy("conference", "not held")
    UNCONFIRMED = "unconfirmed", pgettext_lazy("conference", "not confirmed")


class EditionMode(models.TextChoices):
    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("hybrid")


class SpeechLanguage(models.TextChoices):
    """Languages in which conferences take proposals: the portal's own and the other working languages of IFLA."""

    EN = "en", _("English")
    RU = "ru", _("Russian")
    KK = "kk", _("Kazakh")
    AR = "ar", _("Arabic")
    DE = "de", _("German")
    ES = "es", _("Spanish")
    FR = "fr", _("French")
    ZH = "zh", _("Chinese")


class PresentationFormat(models.TextChoices):
    PAPER = "paper", _("paper")
    RESEARCH = "research", _("research paper")
    POSTER = "poster", _("poster")
    WORKSHOP = "workshop", _("workshop")
    TALK = "talk", _("talk")


class PresentationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("presentation", "draft")
    PROPOSED = "proposed", pgettext_lazy("presentation", "in review")
    RETURNED = "returned", pgettext_lazy("presentation", "returned for revision")
    ENDORSED = "endorsed", pgettext_lazy("presentation", "endorsed")
    SUBMITTED = "submitted", pgettext_lazy("presentation", "submitted to the conference")
    ACCEPTED = "accepted", pgettext_lazy("presentation", "accepted by the conference")
    REJECTED = "rejected", pgettext_lazy("presentation", "not accepted by the conference")
    WITHDRAWN = "withdrawn", pgettext_lazy("presentation", "withdrawn")
    PRESENTED = "presented", pgettext_lazy("presentation", "presented")
    PUBLISHED = "published", pgettext_lazy("presentation", "published")
    AWARDED = "awarded", pgettext_lazy("presentation", "awarded")


class AuthorState(models.TextChoices):
    INVITED = "invited", pgettext_lazy("author", "asked to confirm")
    CONFIRMED = "confirmed", pgettext_lazy("author", "confirmed")
    LEFT = "left", pgettext_lazy("author", "left")


class ReviewState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("review", "awaited")
    DONE = "done", pgettext_lazy("review", "written")
    LIFTED = "lifted", pgettext_lazy("review", "no longer needed")


class Advice(models.TextChoices):
    """What a reviewer recommends; the coordinator decides."""

    ENDORSE = "endorse", _("endorse as it is")
    REVISE = "revise", _("endorse after revision")
    REFUSE = "refuse", _("do not endorse")


class FileKind(models.TextChoices):
    """What was left of a presentation for others to use."""

    SLIDES = "slides", _("slides")
    PAPER = "paper", _("text of the paper")
    PHOTO = "photo", _("photo")
    LINK = "link", _("link")


class Part(models.TextChoices):
    """Which part somebody plays in a presentation."""

    AUTHOR = "author", _("author")
    COORDINATOR = "coordinator", _("coordinator")
    REVIEWER = "reviewer", _("reviewer")
    STRANGER = "stranger", _("stranger")


P = PresentationState
TO_EDIT = (P.DRAFT, P.RETURNED, P.ACCEPTED)
"""States in which authors write: before a review, and the final text once the conference has accepted."""
UNDER_WAY = (P.DRAFT, P.PROPOSED, P.RETURNED, P.ENDORSED, P.SUBMITTED, P.ACCEPTED)
"""States from which something is still expected to happen."""
GIVEN = (P.PRESENTED, P.PUBLISHED, P.AWARDED)
"""States of what an audience has heard: they stand on records and in figures."""
PUBLIC = (P.ACCEPTED, *GIVEN)
"""States in which all colleagues see a presentation."""


class PresentationVerb(models.TextChoices):
    """The moves by name, as the timeline, the ledger and the letters know them."""

    BEGIN = "begin", pgettext_lazy("presentation", "Proposal begun")
    PROPOSE = "propose", pgettext_lazy("presentation", "Sent for review")
    RETURN = "return", pgettext_lazy("presentation", "Returned for revision")
    ENDORSE = "endorse", pgettext_lazy("presentation", "Endorsed")
    SUBMIT = "submit", pgettext_lazy("presentation", "Submitted to the conference")
    ACCEPT = "accept", pgettext_lazy("presentation", "Accepted by the conference")
    REJECT = "reject", pgettext_lazy("presentation", "Not accepted by the conference")
    WITHDRAW = "withdraw", pgettext_lazy("presentation", "Withdrawn")
    REOPEN = "reopen", pgettext_lazy("presentation", "Opened again")
    PRESENT = "present", pgettext_lazy("presentation", "Presented")
    PUBLISH = "publish", pgettext_lazy("presentation", "Published")
    AWARD = "award", pgettext_lazy("presentation", "Awarded")
    UNDO_OUTCOME = "undo_outcome", pgettext_lazy("presentation", "Answer of the conference taken back")
    UNDO_PRESENTED = "undo_presented", pgettext_lazy("presentation", "«Presented» taken back")
    UNDO_LATER = "undo_later", pgettext_lazy("presentation", "«Published» or «awarded» taken back")


V = PresentationVerb


@dataclass(frozen=True, slots=True)
class PresentationStep:
    """One allowed move of a presentation. Who begins one makes the row, a draft."""

    who: tuple[str, ...]
    sources: tuple[str, ...]
    target: str


_TEAM = (Part.AUTHOR, Part.COORDINATOR)
_DESK = (Part.COORDINATOR,)
PRESENTATION_MOVES: dict[str, PresentationStep] = {
    V.PROPOSE: PresentationStep((Part.AUTHOR,), (P.DRAFT, P.RETURNED), P.PROPOSED),
    V.RETURN: PresentationStep(_DESK, (P.PROPOSED, P.ENDORSED), P.RETURNED),
    V.ENDORSE: PresentationStep(_DESK, (P.PROPOSED,), P.ENDORSED),
    V.SUBMIT: PresentationStep(_TEAM, (P.ENDORSED,), P.SUBMITTED),
    V.ACCEPT: PresentationStep(_TEAM, (P.SUBMITTED,), P.ACCEPTED),
    V.REJECT: PresentationStep(_TEAM, (P.SUBMITTED,), P.REJECTED),
    V.WITHDRAW: PresentationStep(_TEAM, UNDER_WAY, P.WITHDRAWN),
    V.REOPEN: PresentationStep(_TEAM, (P.WITHDRAWN,), P.DRAFT),
    V.PRESENT: PresentationStep(_TEAM, (P.ACCEPTED,), P.PRESENTED),
    V.PUBLISH: PresentationStep(_TEAM, (P.PRESENTED,), P.PUBLISHED),
    V.AWARD: PresentationStep(_DESK, (P.PRESENTED, P.PUBLISHED), P.AWARDED),
    V.UNDO_OUTCOME: PresentationStep(_DESK, (P.ACCEPTED, P.REJECTED), P.SUBMITTED),
    V.UNDO_PRESENTED: PresentationStep(_DESK, (P.PRESENTED,), P.ACCEPTED),
    V.UNDO_LATER: PresentationStep(_DESK, (P.PUBLISHED, P.AWARDED), P.PRESENTED),
}
"""By name, as the ledger knows them: «presentation.endorse»."""
