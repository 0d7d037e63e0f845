"""Calendar entries of runs. The same UID with a higher SEQUENCE updates the entry it once made."""

from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar, Event, vCalAddress

from courses.models import Meeting, Run

PRODUCT = "-//NIS library staff development//EN"


def entry(run: Run, *, language: str, cancelled: bool = False) -> bytes:
    """An iCalendar file with one event a meeting (or one whole-day event without meetings).

    Instants are written in UTC. `cancelled` makes the same events vanish (METHOD:CANCEL).
    """
    with translation.override(language):
        calendar = blank("CANCEL" if cancelled else "REQUEST")
        for event in events(run, cancelled=cancelled):
            calendar.add_component(event)
        return calendar.to_ical()


def blank(method: str | None = None) -> Calendar:
    """An empty calendar of the portal."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    return calendar


def events(run: Run, *, cancelled: bool = False) -> list[Event]:
    """The run's events in the active language; none while its dates are to be announced."""
    meetings = list(run.meetings.all())
    if meetings:
        return [_of_meeting(run, meeting, order, cancelled) for order, meeting in enumerate(meetings, start=1)]
    return [_whole_days(run, cancelled)] if run.starts_on and run.ends_on else []


def _of_meeting(run: Run, meeting: Meeting, order: int, cancelled: bool) -> Event:
    event = _base(run, f"{run.uid}-{order}", cancelled)
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    return event


def _whole_days(run: Run, cancelled: bool) -> Event:
    event = _base(run, run.uid, cancelled)
    event.add("dtstart", run.starts_on)
    event.add("dtend", run.ends_on + timedelta(days=1))
    return event


def _base(run: Run, name: str, cancelled: bool) -> Event:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    event = Event()
    event.add("uid", f"{name}@{host}")
    event.add("sequence", run.sequence)
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("summary", str(run.course))
    event.add("location", place_of(run))
    event.add("url", settings.SITE_URL + reverse("courses:run", args=[run.uid]))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    organiser = vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")
    event.add("organizer", organiser)
    return event


def place_of(run: Run) -> str:
    """The venue in the active language: the text given, else the host school's name."""
    return run.place or (run.host.short_name(on=run.starts_on) if run.host else "")
