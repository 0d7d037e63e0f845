"""The one place where an advance report changes state. Each move writes its timeline row and its audit row."""

from datetime import datetime

from django.utils.translation import gettext as _

from conferences import trip_moves
from conferences.coming_back_access import parts_of
from conferences.coming_back_states import ADVANCE_MOVES, allowed
from conferences.models import AdvanceMove, AdvanceReport, Trip
from schools import audit, bell
from schools.access import Actor
from schools.errors import Refused, Stale

TELL = "conferences.tasks.tell_advance"


def lock(report: AdvanceReport) -> AdvanceReport:
    """The report as it is now: people, trip, then the report itself. Raises Stale as `trip_moves.lock` does."""
    trip = trip_moves.lock(report.trip)
    found = AdvanceReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    found.trip = trip
    return found


def refuse_move(verb: str, state: str | None, trip: Trip, actor: Actor) -> None:
    """Raises Refused where the actor's part forbids the move, Stale where the state does."""
    move, parts = ADVANCE_MOVES[verb], parts_of(actor, trip)
    if parts.isdisjoint(move.who):
        raise Refused(_("This is not yours to do with this report."))
    if not allowed(move, state, parts):
        raise Stale(_("This report was sent, decided or changed in the meantime. Its present status is shown."))


def make(report: AdvanceReport, verb: str, *, actor: Actor, now: datetime, note: str = "") -> AdvanceMove:
    """Move the report, inside the caller's transaction and under the caller's lock. Raises as `refuse_move` does."""
    was = report.state if report.pk else None
    refuse_move(verb, was, report.trip, actor)
    report.state, report.changed_at = ADVANCE_MOVES[verb].target, now
    if report.pk:
        report.save(update_fields=["state", "version", "changed_at"])
    else:
        report.save()
    row = AdvanceMove.objects.create(
        report=report,
        verb=verb,
        state=report.state,
        version=report.version,
        actor_id=actor.person_id,
        at=now,
        note=note,
    )
    changes = {"state": (was, report.state), "version": (None, report.version)}
    audit.record(
        actor=actor, verb=f"advance.{verb}", subject=report, changes=changes, note=note, person=report.trip.requester
    )
    bell.ring(TELL, row.pk)
    return row
