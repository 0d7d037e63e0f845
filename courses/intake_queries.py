"""Reads of parallel runs: which they are, where somebody stands in each, and which could be joined."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from courses.models import Enrolment, Intake, Run
from courses.queries import with_seats
from courses.requirement_queries import equivalents
from courses.states import HOLDING, LIVE, RunState


@dataclass(frozen=True, slots=True)
class Beside:
    """A parallel run, and the reader's own live application for it."""

    run: Run
    mine: Enrolment | None

    @property
    def seated(self) -> bool:
        return self.mine is not None and self.mine.state in HOLDING


def beside(run: Run, person_id: int | None) -> list[Beside]:
    """Runs that are parallel to this one and public. Nothing is read where there are none; else two queries."""
    if run.intake_id is None:
        return []
    others = Run.objects.filter(intake=run.intake_id).exclude(pk=run.pk).exclude(state=RunState.DRAFT)
    runs = list(_shown(others))
    own = {}
    if person_id is not None and runs:
        rows = Enrolment.objects.filter(person=person_id, run__in=runs, state__in=LIVE)
        own = {row.run_id: row for row in rows}
    return [Beside(one, own.get(one.pk)) for one in runs]


def runs_of(intake: Intake) -> QuerySet[Run]:
    """The runs of an intake with their seats, drafts too."""
    return _shown(with_seats(intake.runs.all()))


def _shown(runs: QuerySet[Run]) -> QuerySet[Run]:
    rows = runs.select_related("course", "host").prefetch_related("host__names")
    return rows.order_by(F("starts_on").asc(nulls_last=True), "id")


def same_courses(course_id: int) -> set[int]:
    """The course and what counts as the same, by key."""
    return {course_id, *equivalents(course_id).values_list("pk", flat=True)}


def to_join(run: Run, *, today: date) -> QuerySet[Run]:
    """Runs of the same course, or of an equivalent, that are planned or open and stand in no intake."""
    rows = Run.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today),
        course__in=same_courses(run.course_id),
        state__in=(RunState.DRAFT, RunState.PUBLISHED),
        intake=None,
    )
    return _shown(with_seats(rows.exclude(pk=run.pk)))


def is_over(run: Run, *, today: date) -> bool:
    return run.ends_on is not None and run.ends_on < today
