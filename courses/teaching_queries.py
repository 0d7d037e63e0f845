"""Reads of the trainer's room: the runs, who takes part, and what was marked so far."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from courses.models import Attendance, Certificate, Enrolment, Meeting, Run
from courses.queries import with_seats
from courses.states import SEATED, CertificateState, EnrolmentState, Presence, RunState
from schools.alphabet import in_order

BY_NAME = (*in_order("person__surname", "person__given_name"), F("id").asc())
"""Kazakh order of names: rosters, sign-in sheets and lists of results are read aloud in it."""


def taught(person_id: int, *, past: bool, today: date) -> QuerySet[Run]:
    """The runs that the person teaches: those over, the latest first, or those that are not, the next first.

    A run is not over before its results are decided. Adds the seats, and `undecided`: whether anybody's result is open.
    """
    undecided = Enrolment.objects.filter(run=OuterRef("pk"), state=EnrolmentState.CONFIRMED)
    runs = Run.objects.filter(trainers__person=person_id).exclude(state=RunState.DRAFT)
    runs = runs.annotate(undecided=Exists(undecided))
    over = Q(ends_on__lt=today, undecided=False) | Q(state=RunState.CANCELLED)
    runs = runs.filter(over) if past else runs.exclude(over)
    order = F("starts_on").desc(nulls_last=True) if past else F("starts_on").asc(nulls_last=True)
    return with_seats(runs).select_related("course", "host").prefetch_related("host__names").order_by(order, "id")


def for_teaching(runs: QuerySet[Run]) -> QuerySet[Run]:
    """With what every page of the trainer's room shows of the run."""
    return runs.select_related("course", "host").prefetch_related("host__names", "meetings", "trainers__person")


def participants(run: Run, states: tuple[str, ...] = SEATED) -> QuerySet[Enrolment]:
    """Who takes part, or took part, by name, with the school and its names."""
    return (
        Enrolment.objects.filter(run=run, state__in=states)
        .select_related("person", "school")
        .prefetch_related("school__names")
        .order_by(*BY_NAME)
    )


def with_hours(enrolments: QuerySet[Enrolment]) -> QuerySet[Any]:
    """Adds `attended`, the academic hours of the meetings at which the person was present."""
    present = Q(attendance__presence=Presence.PRESENT)
    return enrolments.annotate(attended=Coalesce(Sum("attendance__meeting__hours", filter=present), 0))


def hours_held(run: Run, *, now: datetime) -> int:
    """Academic hours of the meetings that have begun. The meetings are loaded with the run."""
    return sum(meeting.hours for meeting in run.meetings.all() if meeting.starts_at <= now)


def marks_of(meeting: Meeting) -> dict[int, Attendance]:
    """The marks that stand at a meeting, by key of enrolment."""
    return {row.enrolment_id: row for row in Attendance.objects.filter(meeting=meeting)}


def marks_of_person(enrolment: Enrolment) -> dict[int, Attendance]:
    """The marks of one person, by key of the meeting."""
    return {row.meeting_id: row for row in Attendance.objects.filter(enrolment=enrolment)}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A meeting with the number of people by their mark; `unmarked` have none yet. `order` counts from 1."""

    order: int
    meeting: Meeting
    counts: dict[str, int] = field(default_factory=dict)
    unmarked: int = 0


def sheets(run: Run) -> list[Sheet]:
    """The meetings of a run with what was marked, in order. The meetings are loaded with the run."""
    marked: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Attendance.objects.filter(meeting__run=run, enrolment__state__in=SEATED).order_by()
    for key, presence, count in rows.values_list("meeting", "presence").annotate(n=Count("pk")):
        marked[key][presence] = count
    people = Enrolment.objects.filter(run=run, state__in=SEATED).count()
    return [
        Sheet(order, meeting, marked[meeting.pk], people - sum(marked[meeting.pk].values()))
        for order, meeting in enumerate(run.meetings.all(), start=1)
    ]


def marks_missing(run: Run, *, now: datetime) -> int:
    """How many marks nobody has written yet for people whose result is open, at meetings that have begun."""
    begun = [meeting.pk for meeting in run.meetings.all() if meeting.starts_at <= now]
    people = Enrolment.objects.filter(run=run, state=EnrolmentState.CONFIRMED)
    written = Attendance.objects.filter(meeting__in=begun, enrolment__in=people).count()
    return len(begun) * people.count() - written


def decided(run: Run) -> QuerySet[Enrolment]:
    """Those whose result stands, by name, with their hours; `certified` says that a valid certificate stands."""
    valid = Certificate.objects.filter(enrolment=OuterRef("pk"), state=CertificateState.VALID)
    rows = participants(run, (EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED))
    return with_hours(rows).annotate(certified=Exists(valid))


def to_certify(run: Run) -> QuerySet[Enrolment]:
    """Who has completed the run and never had a certificate of it. A revoked one is replaced by hand alone."""
    return participants(run, (EnrolmentState.COMPLETED,)).filter(certificates=None)


def certificates_of_run(run: Run) -> dict[int, Certificate]:
    """The newest certificate of each enrolment, by key of enrolment."""
    return {row.enrolment_id: row for row in Certificate.objects.filter(enrolment__run=run).order_by("id")}
