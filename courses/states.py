"""Closed lists of courses, and the moves an enrolment may make: who, from where, to where."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CourseKind(models.TextChoices):
    COURSE = "course", _("course")
    SEMINAR = "seminar", _("seminar")
    WEBINAR = "webinar", _("webinar")
    PLACEMENT = "placement", _("placement abroad")


class Format(models.TextChoices):
    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online")
    BLENDED = "blended", _("blended")


class CourseState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")


class RunState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    CANCELLED = "cancelled", pgettext_lazy("event", "cancelled")
    CLOSED = "closed", _("closed")


class NoticeKind(models.TextChoices):
    """What everybody in a run must hear of."""

    MOVED = "moved", pgettext_lazy("event", "moved")
    CHANGED = "changed", pgettext_lazy("event", "changed")
    CANCELLED = "cancelled", pgettext_lazy("event", "cancelled")


class EnrolmentState(models.TextChoices):
    NOMINATED = "nominated", _("nominated")
    PENDING = "pending", _("under consideration")
    RETURNED = "returned", _("returned for revision")
    POOLED = "pooled", _("awaiting the allocation of places")
    WAITING = "waiting", _("on the waiting list")
    OFFERED = "offered", _("place offered")
    CONFIRMED = "confirmed", _("confirmed")
    COMPLETED = "completed", _("completed")
    NOT_COMPLETED = "not_completed", _("not passed")
    DECLINED = "declined", _("declined")
    REFUSED = "refused", _("nomination refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CANCELLED = "cancelled", pgettext_lazy("event", "cancelled")
    EXPIRED = "expired", pgettext_lazy("place", "expired")


class Presence(models.TextChoices):
    PRESENT = "present", _("present")
    ABSENT = "absent", _("absent")
    EXCUSED = "excused", _("absent for a valid reason")


class MarkSource(models.TextChoices):
    TRAINER = "trainer", _("by the trainer")
    CHECK_IN = "check_in", _("by QR code")
    SCAN = "scan", _("by ticket")


class ScanOutcome(models.TextChoices):
    """What came of a ticket that a trainer scanned."""

    MARKED = "marked", _("marked as present")
    ALREADY = "already", _("was marked already")
    ABSENT = "absent", _("stands as absent: correct it in the list")
    NO_SEAT = "no_seat", _("has no confirmed place")
    CLOSED = "closed", _("result is decided already")
    ELSEWHERE = "elsewhere", _("ticket of another seminar")
    UNKNOWN = "unknown", _("unknown code")


class Assessment(models.TextChoices):
    """The final assessment, where a course has one."""

    PASSED = "passed", _("passed")
    NOT_PASSED = "not_passed", _("not passed")


class ReminderKind(models.TextChoices):
    """The occasions of reminders. What the days of a rule count is said beside each."""

    BEFORE_START = "before_start", _("Days before the start")  # calendar days where the run meets, 2 or more
    DAY_BEFORE = "day_before", _("The day before the start")  # always 1
    DEADLINE_NEAR = "deadline_near", _("Application deadline")  # calendar days before it
    APPROVAL_WAITING = "approval_waiting", _("Decision awaited")  # working days before it is due, 0 on the day itself
    FEEDBACK_DUE = "feedback_due", _("Feedback")  # calendar days after the last day


class DemandState(models.TextChoices):
    """What became of a wish for a seminar."""

    OPEN = "open", pgettext_lazy("demand", "open")
    PLANNED = "planned", pgettext_lazy("demand", "planned")
    MET = "met", pgettext_lazy("demand", "met")
    CLOSED = "closed", pgettext_lazy("demand", "closed")


class CertificateState(models.TextChoices):
    VALID = "valid", pgettext_lazy("certificate", "valid")
    REVOKED = "revoked", _("revoked")
    SUPERSEDED = "superseded", _("superseded")


class AllocationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("allocation", "proposal")
    PUBLISHED = "published", pgettext_lazy("allocation", "published")
    DROPPED = "dropped", pgettext_lazy("allocation", "dropped")


class Hindrance(models.TextChoices):
    """Why a place that was allocated could not be given when the allocation was published."""

    TIME = "time", _("The time has come to be taken by another confirmed event.")
    LEFT = "left", _("The person has left or given up the application.")
    FULL = "full", _("The run has got fewer places meanwhile.")


class AppealState(models.TextChoices):
    OPEN = "open", pgettext_lazy("appeal", "open")
    UPHELD = "upheld", pgettext_lazy("appeal", "upheld")
    REFUSED = "refused", pgettext_lazy("appeal", "refused")


class HandOverState(models.TextChoices):
    """Where it stands that somebody hands a place to a colleague of the same school."""

    ASKED = "asked", pgettext_lazy("hand-over", "the colleague is asked")
    AGREED = "agreed", pgettext_lazy("hand-over", "the colleague agrees, approval is awaited")
    DONE = "done", pgettext_lazy("hand-over", "place handed over")
    REFUSED = "refused", pgettext_lazy("hand-over", "the colleague does not take it")
    DECLINED = "declined", pgettext_lazy("hand-over", "not approved")
    TAKEN_BACK = "taken_back", pgettext_lazy("hand-over", "taken back")
    LAPSED = "lapsed", pgettext_lazy("hand-over", "not finished in time")
    FALLEN = "fallen", pgettext_lazy("hand-over", "no longer possible")


HANDING = (HandOverState.ASKED, HandOverState.AGREED)
"""States in which a place may still go to the colleague."""
S = EnrolmentState
HOLDING = (S.OFFERED, S.CONFIRMED, S.COMPLETED, S.NOT_COMPLETED)
"""States that take a seat."""
SEATED = (S.CONFIRMED, S.COMPLETED, S.NOT_COMPLETED)
"""States of those who take part, or took part: they stand on rosters, and are asked how it was."""
OPEN = (S.NOMINATED, S.PENDING, S.RETURNED, S.POOLED, S.WAITING, S.OFFERED, S.CONFIRMED)
"""States from which something is still expected to happen."""
ALWAYS_WANTED = (ReminderKind.APPROVAL_WAITING,)
"""Reminders that nobody can switch off: a colleague waits for the word."""
LIVE = (*OPEN, S.COMPLETED, S.NOT_COMPLETED)
"""At most one live enrolment per person and run; a partial unique index holds it."""


class Verb(models.TextChoices):
    """The moves by name, as the timeline, the audit ledger and the mails know them."""

    APPLY = "apply", _("Application sent")
    NOMINATE = "nominate", _("Nominated")
    ACCEPT = "accept", _("Nomination accepted")
    REFUSE = "refuse", _("Nomination refused")
    APPROVE = "approve", _("Approved")
    DECLINE = "decline", _("Declined")
    RETURN = "return", _("Returned for revision")
    RESUBMIT = "resubmit", _("Sent again")
    CONFIRM = "confirm", _("Place confirmed")
    WITHDRAW = "withdraw", _("Withdrawn")
    CANCEL = "cancel", _("Run cancelled")
    COMPLETE = "complete", _("Completed")
    FAIL = "fail", _("Not passed")
    REOPEN = "reopen", _("Result opened again")
    OFFER = "offer", _("Place offered")
    PASS = "pass", _("Offered place not taken")
    LATE = "late_withdraw", _("Withdrawn after the deadline")
    ALLOCATE = "allocate", _("Places allocated")
    HAND_OVER = "hand_over", _("Place handed to a colleague")
    TAKE_OVER = "take_over", _("Ready to come in a colleague's place")
    SIGN_UP = "sign_up", _("Signed up")
    WALK_IN = "walk_in", _("Came without signing up")
    EXPIRE = "expire", _("Not confirmed in time")


class Who(models.TextChoices):
    """Which part somebody plays in a move."""

    APPLICANT = "applicant", _("applicant")
    NOMINATOR = "nominator", _("nominator")
    APPROVER = "approver", _("approver")
    ORGANISER = "organiser", _("organiser")
    TRAINER = "trainer", _("trainer")
    PORTAL = "portal", _("portal")
    GUEST = "guest", _("guest")


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move. `sources` is empty for the moves that make the row."""

    verb: str
    who: tuple[str, ...]
    sources: tuple[str, ...]
    targets: tuple[str, ...]


_SEATED = (S.WAITING, S.CONFIRMED)
_IN = (S.PENDING, S.POOLED, *_SEATED)
MOVES: dict[str, Move] = {
    move.verb: move
    for move in (
        Move(Verb.APPLY, (Who.APPLICANT,), (), _IN),
        Move(Verb.NOMINATE, (Who.NOMINATOR,), (), (S.NOMINATED,)),
        Move(Verb.ACCEPT, (Who.APPLICANT,), (S.NOMINATED,), _IN),
        Move(Verb.REFUSE, (Who.APPLICANT, Who.PORTAL), (S.NOMINATED,), (S.REFUSED,)),
        Move(Verb.APPROVE, (Who.APPROVER,), (S.PENDING,), _IN),
        Move(Verb.DECLINE, (Who.APPROVER,), (S.PENDING,), (S.DECLINED,)),
        Move(Verb.RETURN, (Who.APPROVER,), (S.PENDING,), (S.RETURNED,)),
        Move(Verb.RESUBMIT, (Who.APPLICANT,), (S.RETURNED,), _IN),
        Move(Verb.OFFER, (Who.PORTAL,), (S.WAITING,), (S.OFFERED,)),
        Move(
            Verb.CONFIRM,
            (Who.PORTAL, Who.ORGANISER, Who.APPLICANT, Who.GUEST),
            (S.WAITING, S.OFFERED),
            (S.CONFIRMED,),
        ),
        Move(Verb.PASS, (Who.APPLICANT, Who.GUEST), (S.OFFERED,), (S.WITHDRAWN,)),
        Move(Verb.LATE, (Who.APPLICANT, Who.GUEST), (S.CONFIRMED,), (S.WITHDRAWN,)),
        Move(Verb.HAND_OVER, (Who.APPLICANT, Who.APPROVER), (S.CONFIRMED,), (S.WITHDRAWN,)),
        Move(Verb.TAKE_OVER, (Who.APPLICANT,), (), (S.PENDING, S.CONFIRMED)),
        Move(Verb.ALLOCATE, (Who.ORGANISER,), (S.POOLED,), (*_SEATED, S.WITHDRAWN)),
        Move(
            Verb.WITHDRAW,
            (Who.APPLICANT, Who.ORGANISER, Who.GUEST, Who.PORTAL),
            (S.PENDING, S.RETURNED, S.POOLED, S.WAITING, S.OFFERED, S.CONFIRMED),
            (S.WITHDRAWN,),
        ),
        Move(Verb.CANCEL, (Who.ORGANISER,), OPEN, (S.CANCELLED,)),
        Move(Verb.COMPLETE, (Who.TRAINER, Who.ORGANISER), (S.CONFIRMED,), (S.COMPLETED,)),
        Move(Verb.FAIL, (Who.TRAINER, Who.ORGANISER), (S.CONFIRMED,), (S.NOT_COMPLETED,)),
        Move(Verb.SIGN_UP, (Who.GUEST,), (), (S.OFFERED, S.POOLED, *_SEATED)),
        Move(Verb.WALK_IN, (Who.TRAINER, Who.ORGANISER), (), (S.CONFIRMED,)),
        Move(Verb.EXPIRE, (Who.PORTAL,), (S.OFFERED, S.WAITING, S.POOLED), (S.EXPIRED,)),
        Move(Verb.REOPEN, (Who.TRAINER, Who.ORGANISER), (S.COMPLETED, S.NOT_COMPLETED), (S.CONFIRMED,)),
    )
}


def allowed(verb: str, state: str | None) -> bool:
    """True if the move may start from `state` (None: no row yet)."""
    move = MOVES[verb]
    return state in move.sources if state is not None else not move.sources


D = DemandState


@dataclass(frozen=True, slots=True)
class DemandMove:
    """One allowed move of a demand. Who asks first makes the row, open."""

    who: tuple[str, ...]
    sources: tuple[str, ...]
    target: str


DEMAND_MOVES: dict[str, DemandMove] = {
    "plan": DemandMove((Who.ORGANISER,), (D.OPEN,), D.PLANNED),
    "discard": DemandMove((Who.ORGANISER,), (D.PLANNED,), D.OPEN),
    "call_off": DemandMove((Who.ORGANISER,), (D.PLANNED,), D.OPEN),
    "merge": DemandMove((Who.ORGANISER,), (D.PLANNED,), D.CLOSED),
    "meet": DemandMove((Who.ORGANISER, Who.PORTAL), (D.PLANNED,), D.MET),
    "close": DemandMove((Who.ORGANISER,), (D.OPEN,), D.CLOSED),
    "reopen": DemandMove((Who.ORGANISER,), (D.CLOSED,), D.OPEN),
}
"""By name, as the ledger knows them: «demand.plan»."""
