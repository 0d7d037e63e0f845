"""Courses and runs for tests."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

from django.utils import timezone

from courses.models import (
    ApprovalChain,
    ApprovalStep,
    Attendance,
    Course,
    Derivation,
    Enrolment,
    Meeting,
    Run,
    RunTrainer,
    Topic,
)
from courses.states import CourseState, EnrolmentState, MarkSource, Presence, RunState
from schools.models import Person
from schools.states import Role

_number = count(1)
LANGUAGES = ("kk", "ru", "en")
START = datetime(2030, 4, 8, 4, 0, tzinfo=UTC)
"""Nine o'clock in Almaty on a Monday far enough away."""


def chain(*roles: str) -> ApprovalChain:
    """An approval chain with these steps; none at all asks nobody."""
    names = {f"name_{language}": "→".join(roles) or "—" for language in LANGUAGES}
    row = ApprovalChain.objects.create(code=f"chain-{next(_number)}", **names)
    ApprovalStep.objects.bulk_create(
        ApprovalStep(chain=row, order=order, role=role) for order, role in enumerate(roles, start=1)
    )
    return row


def topic(code: str = "reading", name: str = "Оқу") -> Topic:
    return Topic.objects.get_or_create(code=code, defaults={f"name_{language}": name for language in LANGUAGES})[0]


def course(**fields: object) -> Course:
    number = next(_number)
    texts = {
        f"{field}_{language}": f"{field} {number} {language}"
        for field in ("title", "summary", "outcomes", "audience")
        for language in LANGUAGES
    }
    return Course.objects.create(
        **{
            "topic": fields.pop("topic", None) or topic(),
            "hours": 16,
            "state": CourseState.PUBLISHED,
            **texts,
            **fields,
        }
    )


def run(*, capacity: int = 2, start: datetime | None = START, days: int = 2, **fields: object) -> Run:
    """A published, open run with one eight-hour meeting a day; `start=None` leaves the dates to be announced."""
    dates = {}
    if start is not None:
        dates = {
            "starts_on": timezone.localdate(start),
            "ends_on": timezone.localdate(start + timedelta(days=days - 1)),
        }
    row = Run.objects.create(
        **{
            "course": fields.pop("course", None) or course(),
            "state": RunState.PUBLISHED,
            "capacity": capacity,
            "chain": fields.pop("chain", None) or chain(),
            "opens_at": timezone.now() - timedelta(days=1),
            **dates,
            **fields,
        }
    )
    if start is not None:
        Meeting.objects.bulk_create(
            Meeting(
                run=row,
                starts_at=start + timedelta(days=day),
                ends_at=start + timedelta(days=day, hours=7),
                day=timezone.localdate(start + timedelta(days=day)),
                hours=8,
            )
            for day in range(days)
        )
    return row


def past_run(trainer: Person, **fields: object) -> Run:
    """A run that ended last week, taught by this person; two meetings of eight hours."""
    start = timezone.localtime(timezone.now() - timedelta(days=9)).replace(hour=9, minute=0, second=0, microsecond=0)
    row = run(**{"start": start, "capacity": 50, "opens_at": None, **fields})
    RunTrainer.objects.create(run=row, person=trainer)
    return row


def seats(run: Run, people: Iterable[Person], *, state: str = EnrolmentState.CONFIRMED, **fields: object) -> list:
    """Seats of these people, written straight into the table: `state`, and whatever else is given."""
    if state == EnrolmentState.OFFERED:
        fields.setdefault("offer_until", timezone.now() + timedelta(days=1))
    made = [
        Enrolment(run=run, person=person, state=state, number=number, **fields)
        for number, person in enumerate(people, start=run.next_number)
    ]
    Enrolment.objects.bulk_create(made)
    run.next_number += len(made)
    run.save(update_fields=["next_number"])
    return made


def attend(enrolments: Iterable[Enrolment], presence: str = Presence.PRESENT) -> None:
    """The same mark for each of them at every meeting of their run."""
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, enrolment=row, presence=presence, source=MarkSource.TRAINER)
        for row in enrolments
        for meeting in row.run.meetings.all()
    )


def source(run: Run, source: Course | Run) -> Derivation:
    """`run` came from a course or an earlier run; written straight into the table."""
    return Derivation.objects.create(
        run=run, **{"source_course" if isinstance(source, Course) else "source_run": source}
    )


def director_chain() -> ApprovalChain:
    return chain(Role.DIRECTOR)


def two_step_chain() -> ApprovalChain:
    return chain(Role.DIRECTOR, Role.HQ)
