"""What the page behind a guest's link shows of the day and after: tickets, «we are here», feedback, certificates."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils.safestring import SafeString

from courses import attendance, feedback, guest_queries, tickets
from courses.models import Attendance, Certificate, Enrolment, FeedbackGiven, Meeting, Signup
from courses.states import SEATED, CertificateState, EnrolmentState, Presence, RunState


@dataclass(frozen=True, slots=True)
class Ticket:
    """One person's ticket; `present` says that the meeting of now has them already."""

    row: Enrolment
    code: str
    square: SafeString
    present: bool


@dataclass(frozen=True, slots=True)
class After:
    """What came of it for one person: the certificate that stands, and whether an answer is asked for or given."""

    row: Enrolment
    certificate: Certificate | None
    may_answer: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The tickets of a sign-up, the meeting that is on, and what came of it. `to_come` are not marked there yet.

    `seated`: somebody has a place, so that the join link and the materials are theirs.
    """

    seated: bool
    tickets: list[Ticket]
    meeting: Meeting | None
    after: list[After]

    @property
    def to_come(self) -> list[Ticket]:
        return [ticket for ticket in self.tickets if not ticket.present]


def of(signup: Signup, *, now: datetime) -> Day:
    """Tickets are for those with a place, until the last meeting is over."""
    run = signup.run
    rows = [row for row in guest_queries.people_of(signup) if row.state in SEATED]
    if not rows or run.state == RunState.CANCELLED:
        return Day(False, [], None, [])
    prefetch_related_objects([run], "meetings")
    meetings = list(run.meetings.all())
    over = bool(meetings) and all(row.ends_at + attendance.DOORS_OPEN < now for row in meetings)
    marks = list(Attendance.objects.filter(meeting__run=run, enrolment__in=rows, presence=Presence.PRESENT))
    came = {mark.enrolment_id for mark in marks}
    meeting = next((row for row in meetings if attendance.doors_are_open(row, now=now)), None)
    here = {mark.enrolment_id for mark in marks if meeting and mark.meeting_id == meeting.pk}
    shown = [] if over or run.state != RunState.PUBLISHED else rows
    made = [_ticket(row, row.pk in here) for row in shown if row.state == EnrolmentState.CONFIRMED]
    return Day(True, made, meeting, _after(rows, came, asked=feedback.is_open(run, now=now)))


def _ticket(row: Enrolment, present: bool) -> Ticket:
    return Ticket(row, tickets.shown(row.uid), tickets.square(tickets.address(row.uid)), present)


def _after(rows: list[Enrolment], came: set[int], *, asked: bool) -> list[After]:
    """Those who were present and are asked how it was, and those with a certificate."""
    given = set(FeedbackGiven.objects.filter(enrolment__in=rows).values_list("enrolment", flat=True)) if asked else ()
    completed = [row for row in rows if row.state == EnrolmentState.COMPLETED]
    valid = Certificate.objects.filter(enrolment__in=completed, state=CertificateState.VALID) if completed else ()
    certificates = {one.enrolment_id: one for one in valid}
    found = [
        After(row, certificates.get(row.pk), asked and row.pk in came and row.pk not in given, row.pk in given)
        for row in rows
    ]
    return [one for one in found if one.certificate or one.may_answer or one.answered]
