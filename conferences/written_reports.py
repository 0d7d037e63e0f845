"""What was learned on a trip: a draft that is kept, then open to colleagues."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import closing, trip_moves
from conferences.coming_back_access import parts_of
from conferences.coming_back_states import WRITTEN_MOVES, BackPart, WrittenState, WrittenVerb, allowed
from conferences.models import Trip, WrittenReport
from conferences.trip_states import TripState
from schools import audit
from schools.access import Actor
from schools.errors import Refused, Stale

FIELDS = ("title", "language", "learned", "contacts", "ideas")
WHOLE = ("title", "learned", "ideas")


@dataclass(frozen=True, slots=True)
class Words:
    """What the form holds. `language` is the one that it is written in."""

    title: str
    language: str
    learned: str
    contacts: str
    ideas: str


@transaction.atomic
def save(*, trip: Trip, words: Words, actor: Actor, seen: str = "") -> WrittenReport:
    """Keep what is written. A draft may have gaps; a report that colleagues read may not.

    `seen` is the `mark` of the report that the writer began from. Raises Stale where a fellow traveller has saved
    another since, Refused where the trip is not the actor's or has not begun.
    """
    trip, now = trip_moves.lock(trip), timezone.now()
    if BackPart.TRAVELLER not in parts_of(actor, trip):
        raise Refused(_("The report is written by those who travelled."))
    if trip.state not in (TripState.APPROVED, TripState.CLOSED) or timezone.localdate() < trip.starts_on:
        raise Refused(_("The report can be written once the approved trip has begun."))
    report = WrittenReport.objects.select_for_update(no_key=True).filter(trip=trip).first()
    if mark(report) != seen:
        raise Stale(_("A fellow traveller has saved this report since you opened it. Your text stands below: compare."))
    report = report or WrittenReport(trip=trip, author_id=actor.person_id or 0)
    if report.state == WrittenState.PUBLISHED and (gap := gap_of(words)):
        raise Refused(gap)
    for field in FIELDS:
        setattr(report, field, getattr(words, field))
    report.changed_at = now
    report.save()
    _record(report, "written.save", {}, actor)
    return report


def mark(report: WrittenReport | None) -> str:
    """Names what was last saved."""
    return report.changed_at.isoformat() if report else ""


def gap_of(words: Words | WrittenReport) -> str:
    """What a report that colleagues read still needs; empty if nothing."""
    if all(getattr(words, field).strip() for field in WHOLE):
        return ""
    return _("Colleagues need a title, what was learned, and ideas to try: write all three.")


@transaction.atomic
def publish(*, report: WrittenReport, actor: Actor) -> WrittenReport:
    """Open it to colleagues; the trip is closed if its money is accounted for."""
    report, now = _lock(report), timezone.now()
    _refuse_move(report, WrittenVerb.PUBLISH, actor)
    if gap := gap_of(report):
        raise Refused(gap)
    _move(report, WrittenVerb.PUBLISH, now, actor)
    closing.take_back_reminders(report.trip)
    closing.close_if_done(report.trip, actor=actor, now=now)
    return report


@transaction.atomic
def hide(*, report: WrittenReport, actor: Actor, note: str = "") -> WrittenReport:
    """Take it back from colleagues, for instance because it says too much of somebody. A closed trip stays closed."""
    report = _lock(report)
    _refuse_move(report, WrittenVerb.HIDE, actor)
    _move(report, WrittenVerb.HIDE, None, actor, note=note)
    return report


def _lock(report: WrittenReport) -> WrittenReport:
    trip = trip_moves.lock(report.trip)
    found = WrittenReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    found.trip = trip
    return found


def _refuse_move(report: WrittenReport, verb: str, actor: Actor) -> None:
    move, parts = WRITTEN_MOVES[verb], parts_of(actor, report.trip)
    if parts.isdisjoint(move.who):
        raise Refused(_("This is not yours to do with this report."))
    if not allowed(move, report.state, parts):
        raise Stale(_("This report was sent, decided or changed in the meantime. Its present status is shown."))


def _move(report: WrittenReport, verb: str, published_at: datetime | None, actor: Actor, note: str = "") -> None:
    was, report.state, report.published_at = report.state, WRITTEN_MOVES[verb].target, published_at
    report.save(update_fields=["state", "published_at"])
    _record(report, f"written.{verb}", {"state": (was, report.state)}, actor, note)


def _record(
    report: WrittenReport, verb: str, changes: dict[str, tuple[object, object]], actor: Actor, note: str = ""
) -> None:
    audit.record(actor=actor, verb=verb, subject=report, changes=changes, note=note, person=report.author)
