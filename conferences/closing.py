"""When nothing is owed any more, reminders stop; once both reports stand, the trip is closed."""

from datetime import datetime

from conferences import trip_moves
from conferences.coming_back_queries import owing_trips
from conferences.coming_back_states import AdvanceState, WrittenState
from conferences.models import AdvanceReport, Trip, WrittenReport
from conferences.trip_states import TripPart, TripState, TripVerb
from schools import outbox
from schools.access import Actor

REMINDER = "trip_report_reminder"
"""The kind of the letters that remind of reports."""


def take_back_reminders(trip: Trip) -> None:
    """Reminders that still wait to be sent are true no longer once nothing is owed."""
    if not owing_trips().filter(pk=trip.pk).exists():
        outbox.supersede(about=trip, kinds=[REMINDER])


def close_if_done(trip: Trip, *, actor: Actor, now: datetime) -> bool:
    """Close it, inside the caller's transaction and under the lock of the trip; False where something is missing."""
    if trip.state != TripState.APPROVED:
        return False
    accounted = AdvanceReport.objects.filter(trip=trip, state=AdvanceState.ACCEPTED).exists()
    if not accounted or not WrittenReport.objects.filter(trip=trip, state=WrittenState.PUBLISHED).exists():
        return False
    trip_moves.make(trip, TripVerb.CLOSE, TripState.CLOSED, part=TripPart.PORTAL, actor=actor, now=now)
    return True
