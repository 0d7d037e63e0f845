"""Calendar entries of runs. The same UID with a higher SEQUENCE updates the entry it once made."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, timedelta
from email.utils import parseaddr
from unicodedata import category
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from courses.models import Meeting, Run
from courses.states import RunState
from schools.attendee import mailto
from schools.models.school import in_language

PRODUCT = "-//NIS library staff development//EN"
BREAKS = "\u2028\u2029"
ALLOWED_IN_URL = ":/?#[]@!$&'()*+,;=%~"
"""What RFC 3986 reserves, and signs that are encoded already."""


def entry(run: Run, *, language: str, cancelled: bool = False, gone: Mapping[str, date] | None = None) -> bytes:
    """An iCalendar file with one event a meeting (or one whole-day event without meetings).

    Instants are written in UTC. `cancelled` makes the same events vanish (METHOD:CANCEL); `gone` names
    entries of an earlier plan, with its first day, that have no successor and vanish as well.
    """
    with translation.override(language):
        calendar = blank("CANCEL" if cancelled else "REQUEST")
        for event in events(run, cancelled=cancelled):
            calendar.add_component(event)
        for name, day in sorted((gone or {}).items()):
            event = _base(run, name, True)
            event.add("dtstart", day)
            calendar.add_component(event)
        return calendar.to_ical()


def entry_names(run: Run) -> set[str]:
    """How the run's present entries are called; none while its dates are to be announced."""
    return {str(event["uid"]).partition("@")[0] for event in events(run)}


def blank(method: str | None = None) -> Calendar:
    """An empty calendar of the portal."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    return calendar


def public_file(run: Run, *, language: str) -> bytes:
    """The run's dates as anybody may have them: no join link, and cancelled events marked as such."""
    with translation.override(language):
        calendar = blank("PUBLISH")
        for event in events(run, cancelled=run.state == RunState.CANCELLED):
            calendar.add_component(event)
        return calendar.to_ical()


def events(run: Run, *, cancelled: bool = False, with_link: bool = False) -> list[Event]:
    """The run's events in the active language; none while its dates are to be announced.

    `with_link` adds the join link, for those with a seat alone.
    """
    meetings = list(run.meetings.all())
    if meetings:
        found = [_of_meeting(run, meeting, order, cancelled) for order, meeting in enumerate(meetings, start=1)]
    else:
        found = list(_whole_days(run, cancelled))
    if with_link and (link := safe_url(run.join_link)):
        for event in found:
            event.add("description", _("Join: %(link)s") % {"link": link})
    return found


def _of_meeting(run: Run, meeting: Meeting, order: int, cancelled: bool) -> Event:
    event = _base(run, f"{run.uid}-{order}", cancelled)
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    return event


def _whole_days(run: Run, cancelled: bool) -> Iterator[Event]:
    if run.starts_on and run.ends_on:
        event = _base(run, run.uid, cancelled)
        event.add("dtstart", run.starts_on)
        event.add("dtend", run.ends_on + timedelta(days=1))
        yield event


def _base(run: Run, name: str, cancelled: bool) -> Event:
    page = settings.SITE_URL + reverse("courses:seminar" if run.outreach else "courses:run", args=[run.uid])
    found = event(name, summary=str(run.course), url=page, sequence=run.sequence, cancelled=cancelled)
    if place := plain(place_of(run)):
        found.add("location", place)
    return found


def event(name: str, *, summary: str, url: str, sequence: int, cancelled: bool = False) -> Event:
    """An entry of the portal without its time. The same `name` with a higher `sequence` updates it."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    found = Event()
    found.add("uid", f"{name}@{host}")
    found.add("sequence", sequence)
    found.add("dtstamp", timezone.now().astimezone(UTC))
    found.add("summary", plain(summary))
    found.add("url", safe_url(url))
    found.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    found.add("organizer", _organiser())
    return found


def _organiser() -> vCalAddress:
    """Who letters come from, under the name that they are signed with."""
    organiser = vCalAddress(mailto(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    organiser.params["CN"] = _("NIS libraries")
    return organiser


def place_of(run: Run) -> str:
    """The venue in the active language (Kazakh where it is empty), else the host school's name of that day."""
    return in_language(run, "place") or (run.host.short_name(on=run.starts_on) if run.host else "")


def plain(text: str) -> str:
    """One line without control characters: icalendar escapes commas and line feeds, and lets the rest through."""
    return " ".join("".join(" " if letter in BREAKS or category(letter) == "Cc" else letter for letter in text).split())


def safe_url(address: str) -> str:
    """A web address with everything percent-encoded that could end its line; nothing for other schemes.

    icalendar does not escape addresses.
    """
    if urlsplit(address).scheme not in ("http", "https"):
        return ""
    return quote(address, safe=ALLOWED_IN_URL)
