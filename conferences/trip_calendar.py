"""Dates of trips in their travellers' private calendars: the days away, what is due before them, and promises."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from conferences import team_plans
from conferences.models import Promise, Trip
from conferences.planner import LineState
from conferences.trip_states import PromiseState, TripState
from courses import calendars, feeds
from schools.models import Person

SHOWN = (TripState.SUBMITTED, TripState.RETURNED, TripState.APPROVED, TripState.CLOSED, TripState.CANCELLED)
STANDS = (TripState.APPROVED, TripState.CLOSED)


def events_of(person: Person, since: date) -> Iterator[Event]:
    """In the active language. An entry keeps its UID; its SEQUENCE grows with every version and every order."""
    today = timezone.localdate()
    trips = list(
        Trip.objects.filter(travellers__person=person, state__in=SHOWN, version__gt=0, ends_on__gte=since)
        .select_related("edition__series", "run__course")
        .prefetch_related("edition__fees")
        .order_by("starts_on", "id")
    )
    leads = team_plans.lead_times(on=today) if trips else None
    for trip in trips:
        yield from _days(trip)
        plan = team_plans.of_trip_row(trip, today=today, leads=leads) if trip.presentation_id is None else None
        for line in plan.lines if plan else ():
            if line.state != LineState.DONE and line.due >= since:
                yield _event(trip, f"{trip.uid}-{line.step}", f"{line.step.label}: {trip.city}", line.due)
    for promise in Promise.objects.filter(
        person=person, state=PromiseState.OPEN, trip__state__in=STANDS, due_on__gte=since
    ).select_related("trip"):
        words = _("Promised: %(what)s") % {"what": promise.what}
        yield _event(promise.trip, f"{promise.uid}-promise", words, promise.due_on)


def _days(trip: Trip) -> Iterator[Event]:
    """The days away, once the trip is approved; one that was called off stays in the calendar as cancelled."""
    if trip.state in STANDS or trip.state == TripState.CANCELLED:
        where = f"{trip.edition or (trip.run and trip.run.course) or _('Trip')}, {trip.city}"
        gone = trip.state == TripState.CANCELLED
        yield _event(trip, f"{trip.uid}-trip", where, trip.starts_on, trip.ends_on, cancelled=gone)


def _event(
    trip: Trip, name: str, summary: str, first: date, last: date | None = None, *, cancelled: bool = False
) -> Event:
    page = settings.SITE_URL + reverse("conferences:trip", args=[trip.uid])
    sequence = 2 * trip.version + cancelled
    event = calendars.event(name, summary=summary, url=page, sequence=sequence, cancelled=cancelled)
    event.add("dtstart", first)
    event.add("dtend", (last or first) + timedelta(days=1))
    return event


def register() -> None:
    """Add these dates to the private calendars."""
    feeds.source(events_of)
