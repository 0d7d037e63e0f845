"""What the page behind a guest's link shows for the day itself: tickets, and whether «we are here» is open."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from courses import attendance, guest_queries, tickets
from courses.models import Attendance, Enrolment, Meeting, Signup
from courses.states import SEATED, EnrolmentState, Presence, RunState


@dataclass(frozen=True, slots=True)
class Ticket:
    """One person's ticket; `present` says that the meeting of now has them already."""

    row: Enrolment
    code: str
    square: SafeString
    present: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The tickets of a sign-up, and the meeting that is on. `to_come` are not marked there yet."""

    tickets: list[Ticket]
    meeting: Meeting | None

    @property
    def to_come(self) -> list[Ticket]:
        return [ticket for ticket in self.tickets if not ticket.present]


def of(signup: Signup, *, now: datetime) -> Day:
    """Tickets are for those with a place, until the last meeting is over."""
    run = signup.run
    rows = [row for row in guest_queries.people_of(signup) if row.state in SEATED]
    if not rows or run.state != RunState.PUBLISHED:
        return Day([], None)
    meetings = list(run.meetings.all())
    if meetings and all(row.ends_at + attendance.DOORS_OPEN < now for row in meetings):
        return Day([], None)
    meeting = next((m for m in meetings if attendance.doors_are_open(m, now=now)), None)
    here = Attendance.objects.filter(meeting=meeting, presence=Presence.PRESENT, enrolment__in=rows) if meeting else ()
    present = {mark.enrolment_id for mark in here}
    made = [
        Ticket(row, tickets.shown(row.uid), tickets.square(tickets.address(row.uid)), row.pk in present)
        for row in rows
        if row.state == EnrolmentState.CONFIRMED or row.pk in present
    ]
    return Day(made, meeting)
