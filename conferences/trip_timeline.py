"""What happened to a request, whose word is awaited, and what comes after."""

from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import routing
from conferences.models import Trip, TripApproval, TripMove
from conferences.routing import Word
from conferences.trip_states import ApprovalState, TripState, TripVerb
from courses.timeline import Step
from schools.models import School
from schools.states import Role

REFUSALS = (TripVerb.DECLINE, TripVerb.WITHDRAW, TripVerb.CANCEL)


def steps(trip: Trip) -> list[Step]:
    """The whole way of a request, from its beginning to the reports. `trip` is loaded."""
    moves = trip.moves.select_related("actor", "approval__step", "approval__school", "approval__acting_for")
    past = [_past(move) for move in moves.prefetch_related("approval__school__names")]
    return [*past, *_ahead(trip)]


def asked(role: str, school: School | None, name: str) -> str:
    """Whose word a step asks for."""
    if role == Role.DIRECTOR and school:
        return _("Director's word: %(school)s") % {"school": school.short_name()}
    return _("Word awaited: %(step)s") % {"step": name}


def _past(move: TripMove) -> Step:
    title = str(TripVerb(move.verb).label)
    if move.verb == TripVerb.APPROVE and move.state == TripState.APPROVED:
        title = _("Approved, the order is made")
    elif move.verb == TripVerb.SUBMIT and move.version > 1:
        title = _("Sent again, version %(n)s") % {"n": move.version}
    who = move.actor.short_name if move.actor else _("the portal")
    if move.approval and move.approval.acting_for:
        who = _("%(who)s in place of %(holder)s") % {"who": who, "holder": move.approval.acting_for.short_name}
    return Step(title=title, state="no" if move.verb in REFUSALS else "done", at=move.at, who=who, note=move.note)


def _ahead(trip: Trip) -> list[Step]:
    if trip.state in (TripState.DRAFT, TripState.RETURNED):
        return [
            Step(title=_("You complete the request and send it"), state="now"),
            Step(title=_("Approval"), state="next"),
        ]
    if trip.state == TripState.SUBMITTED:
        return [*_words(trip), Step(title=_("Order, then tickets"), state="next")]
    if trip.state == TripState.APPROVED:
        gone = trip.ends_on < timezone.localdate()
        return [
            Step(title=_("The trip"), state="done" if gone else "next", at=trip.starts_on),
            Step(title=_("Advance report and written report"), state="now" if gone else "next"),
        ]
    return []


def _words(trip: Trip) -> list[Step]:
    assert trip.route is not None, "held by trip_sent_has_version"
    standing = [row for row in trip.approvals.all() if row.state in (ApprovalState.OPEN, ApprovalState.APPROVED)]
    now = [_open(row) for row in standing if row.state == ApprovalState.OPEN]
    known = {_key(row) for row in standing}
    later = [
        Step(title=asked(word.role, word.school, str(word.step)), state="next")
        for word in routing.words_of(trip, trip.route, on=timezone.localdate())
        if _key_of(word) not in known
    ]
    return [*now, *later]


def _open(row: TripApproval) -> Step:
    return Step(title=asked(row.role, row.school, str(row.step)), state="now", at=row.due_on)


def _key(row: TripApproval) -> tuple[int, int | None, int]:
    return row.step_id, row.school_id, row.hand


def _key_of(word: Word) -> tuple[int, int | None, int]:
    return word.step.pk, word.school.pk if word.school else None, word.hand
