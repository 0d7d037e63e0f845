"""Closed lists of trips, and the moves a trip may make: who, from where, to where."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import pgettext_lazy

from schools.states import Role


class TripState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("trip", "draft")
    SUBMITTED = "submitted", pgettext_lazy("trip", "under consideration")
    RETURNED = "returned", pgettext_lazy("trip", "returned for changes")
    APPROVED = "approved", pgettext_lazy("trip", "approved")
    DECLINED = "declined", pgettext_lazy("trip", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("trip", "withdrawn")
    CANCELLED = "cancelled", pgettext_lazy("trip", "called off")
    CLOSED = "closed", pgettext_lazy("trip", "completed")


class TripVerb(models.TextChoices):
    """The moves by name, as the timeline, the ledger and the letters know them."""

    START = "start", pgettext_lazy("trip move", "Request begun")
    SUBMIT = "submit", pgettext_lazy("trip move", "Sent for approval")
    AMEND = "amend", pgettext_lazy("trip move", "Taken back to be changed")
    APPROVE = "approve", pgettext_lazy("trip move", "Approved")
    RETURN = "return", pgettext_lazy("trip move", "Returned for changes")
    DECLINE = "decline", pgettext_lazy("trip move", "Declined")
    WITHDRAW = "withdraw", pgettext_lazy("trip move", "Withdrawn")
    CANCEL = "cancel", pgettext_lazy("trip move", "Called off")
    CLOSE = "close", pgettext_lazy("trip move", "Completed: the reports stand")


class TripPart(models.TextChoices):
    """Which part somebody plays in a move."""

    OWNER = "owner", pgettext_lazy("trip part", "requester or traveller")
    APPROVER = "approver", pgettext_lazy("trip part", "approver")
    COORDINATOR = "coordinator", pgettext_lazy("trip part", "HQ coordinator")
    PORTAL = "portal", pgettext_lazy("trip part", "portal")


@dataclass(frozen=True, slots=True)
class TripMoveRule:
    """One allowed move. `sources` is empty for the move that makes the row."""

    verb: str
    who: tuple[str, ...]
    sources: tuple[str, ...]
    targets: tuple[str, ...]


T, V, P = TripState, TripVerb, TripPart
UNDER_WAY = (T.SUBMITTED, T.APPROVED)
"""States that bind money and time."""
CHANGEABLE = (T.DRAFT, T.RETURNED)
"""States in which the request is its owners' alone."""
TRIP_MOVES: dict[str, TripMoveRule] = {
    rule.verb: rule
    for rule in (
        TripMoveRule(V.START, (P.OWNER,), (), (T.DRAFT,)),
        TripMoveRule(V.SUBMIT, (P.OWNER,), CHANGEABLE, (T.SUBMITTED,)),
        TripMoveRule(V.AMEND, (P.OWNER,), UNDER_WAY, (T.RETURNED,)),
        TripMoveRule(V.APPROVE, (P.APPROVER,), (T.SUBMITTED,), UNDER_WAY),
        TripMoveRule(V.RETURN, (P.APPROVER,), (T.SUBMITTED,), (T.RETURNED,)),
        TripMoveRule(V.DECLINE, (P.APPROVER,), (T.SUBMITTED,), (T.DECLINED,)),
        TripMoveRule(V.WITHDRAW, (P.OWNER,), (*CHANGEABLE, T.SUBMITTED), (T.WITHDRAWN,)),
        TripMoveRule(V.CANCEL, (P.OWNER, P.COORDINATOR), (T.APPROVED,), (T.CANCELLED,)),
        TripMoveRule(V.CLOSE, (P.PORTAL,), (T.APPROVED,), (T.CLOSED,)),
    )
}


def allowed(verb: str, state: str | None, part: str) -> bool:
    """True if somebody in this part may make the move from `state` (None: no row yet)."""
    rule = TRIP_MOVES[verb]
    fits = state in rule.sources if state is not None else not rule.sources
    return fits and part in rule.who


class ApprovalState(models.TextChoices):
    """Where one approver's word stands."""

    OPEN = "open", pgettext_lazy("approval", "awaited")
    APPROVED = "approved", pgettext_lazy("approval", "approved")
    RETURNED = "returned", pgettext_lazy("approval", "returned for changes")
    DECLINED = "declined", pgettext_lazy("approval", "declined")
    VOID = "void", pgettext_lazy("approval", "no longer counts")


STANDING = (ApprovalState.OPEN, ApprovalState.APPROVED)
"""Words that still count, or are still awaited, in the round of approval that runs."""
STEP_ROLES = (Role.DIRECTOR, Role.HQ, Role.FINANCE, Role.ADMINISTRATOR)
"""Roles that a step of approval may ask."""


class TravelRole(models.TextChoices):
    HEAD = "head", pgettext_lazy("traveller", "head of the delegation")
    SPEAKER = "speaker", pgettext_lazy("traveller", "speaker")
    LISTENER = "listener", pgettext_lazy("traveller", "listener")
    LEARNER = "learner", pgettext_lazy("traveller", "learner")
    ESCORT = "escort", pgettext_lazy("traveller", "accompanying")


class Means(models.TextChoices):
    AIR = "air", pgettext_lazy("way of travel", "by air")
    TRAIN = "train", pgettext_lazy("way of travel", "by train")
    BUS = "bus", pgettext_lazy("way of travel", "by bus")
    CAR = "car", pgettext_lazy("way of travel", "by car")
    OTHER = "other", pgettext_lazy("way of travel", "otherwise")


class Payer(models.TextChoices):
    """Who pays a line. Only the school and the network have a budget in the portal."""

    SCHOOL = "school", pgettext_lazy("payer", "the traveller's school")
    NETWORK = "network", pgettext_lazy("payer", "the network")
    HOST = "host", pgettext_lazy("payer", "the organiser")
    TRAVELLER = "traveller", pgettext_lazy("payer", "the traveller")


class PromiseKind(models.TextChoices):
    SEMINAR = "seminar", pgettext_lazy("promise", "seminar")
    COURSE = "course", pgettext_lazy("promise", "course")
    WEBINAR = "webinar", pgettext_lazy("promise", "webinar")


class Audience(models.TextChoices):
    """For whom a promise is."""

    OWN_SCHOOL = "own_school", pgettext_lazy("audience", "colleagues of the own school")
    NETWORK = "network", pgettext_lazy("audience", "librarians of the network")
    REGION = "region", pgettext_lazy("audience", "schools of the region")
    COUNTRY = "country", pgettext_lazy("audience", "schools of the whole country")


class PromiseState(models.TextChoices):
    OPEN = "open", pgettext_lazy("promise", "to be kept")
    KEPT = "kept", pgettext_lazy("promise", "kept")
    EXCUSED = "excused", pgettext_lazy("promise", "excused")
