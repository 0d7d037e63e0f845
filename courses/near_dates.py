"""What else a person has confirmed while a run meets, and shortly before or after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from courses.models import Run
from courses.queries import spans_of
from schools import agenda, norms
from schools.agenda import Span
from schools.models import Busy


@dataclass(frozen=True, slots=True)
class Event:
    """Something confirmed. `days` between it and the run, 0 within the days of the run; `title` where it is known."""

    start: datetime
    title: str
    days: int


@dataclass(frozen=True, slots=True)
class Around:
    """Events that `clash` with a meeting, which block; and those that are `near`, which are pointed out."""

    clash: list[Event]
    near: list[Event]


def around(person_id: int, run: Run) -> Around:
    """The person's confirmed courses and trips within the set distance of the run's meetings, which are loaded.

    Of each event that does not clash the nearest day is told. One query for the events, one for the distance
    (norm `clash_warning_days`), one for titles where there are any.
    """
    spans = spans_of(run)
    if not spans:
        return Around([], [])
    within = timedelta(days=norms.value("clash_warning_days", on=timezone.localdate()))
    first, last = min(start for start, _end in spans), max(end for _start, end in spans)
    rows = agenda.between(person_id, first - within, last + within)
    titles = agenda.titles({row.source for row in rows})
    clash = [row for row in rows if any(start < row.end and end > row.start for start, end in spans)]
    known = {row.source for row in clash}
    near: dict[str, Event] = {}
    for row in rows:
        event = Event(row.start, titles.get(row.source, ""), _days_between(row, (first, last)))
        if row.source not in known and (row.source not in near or event.days < near[row.source].days):
            near[row.source] = event
    clashing = [Event(row.start, titles.get(row.source, ""), 0) for row in clash]
    return Around(clashing, sorted(near.values(), key=lambda event: event.start))


def _days_between(row: Busy, span: Span) -> int:
    first, last = (timezone.localdate(moment) for moment in span)
    begins, ends = timezone.localdate(row.start), timezone.localdate(row.end - timedelta(microseconds=1))
    return max(0, (first - ends).days, (begins - last).days)
