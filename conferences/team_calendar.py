"""Dates of presentations in their authors' private calendars: the conference itself, and what is due before it."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from icalendar import Event

from conferences import team_plans
from conferences.edition_words import place_of
from conferences.models import Author, Presentation
from conferences.planner import LineState
from conferences.states import GIVEN, UNDER_WAY, AuthorState, EditionState, PresentationState
from courses import calendars, feeds
from schools.models import Norm, Person

GOES = (PresentationState.ACCEPTED, *GIVEN)


def events_of(person: Person, since: date) -> Iterator[Event]:
    """In the active language. An entry keeps its UID; its SEQUENCE grows with each change of conference or settings."""
    today = timezone.localdate()
    rows = list(_rows(person, since))
    if not rows:
        return
    leads = team_plans.lead_times(on=today)
    settled = Norm.objects.filter(key__in=team_plans.KEYS.values(), valid_from__lte=today).count()
    seen: set[int] = set()
    for row in rows:
        if row.state in GOES and row.edition_id not in seen:
            seen.add(row.edition_id)
            yield from _conference(row, settled)
        found = team_plans.of_presentation(row, today=today, leads=leads) if row.state in UNDER_WAY else None
        for line in found.lines if found else ():
            if line.state != LineState.DONE and line.due >= since:
                event = _event(row, f"{row.uid}-{line.step}", f"{line.step.label}: {row.title}", settled)
                event.add("dtstart", line.due)
                event.add("dtend", line.due + timedelta(days=1))
                yield event


def _rows(person: Person, since: date) -> Iterator[Presentation]:
    own = Author.objects.filter(person=person, state=AuthorState.CONFIRMED).values("presentation")
    rows = Presentation.objects.filter(pk__in=own, state__in=(*UNDER_WAY, *GIVEN))
    rows = rows.filter(Q(edition__ends_on__gte=since) | Q(edition__ends_on=None))
    yield from rows.select_related("edition__series").prefetch_related("edition__calls", "edition__fees").order_by("id")


def _conference(row: Presentation, settled: int) -> Iterator[Event]:
    edition = row.edition
    if edition.starts_on is None or edition.ends_on is None:
        return
    gone = edition.state == EditionState.NOT_HELD
    event = _event(row, f"{edition.uid}-conference", str(edition), settled, cancelled=gone)
    event.add("dtstart", edition.starts_on)
    event.add("dtend", edition.ends_on + timedelta(days=1))
    if place := place_of(edition):
        event.add("location", calendars.plain(place))
    yield event


def _event(row: Presentation, name: str, summary: str, settled: int, *, cancelled: bool = False) -> Event:
    page = settings.SITE_URL + reverse("conferences:presentation", args=[row.uid])
    sequence = row.edition.sequence + settled
    return calendars.event(name, summary=summary, url=page, sequence=sequence, cancelled=cancelled)


def register() -> None:
    """Add these dates to the private calendars."""
    feeds.source(events_of)
