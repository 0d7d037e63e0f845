"""Intakes whose places are allocated, for tests."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from courses import allocating, enrolling, reference
from courses.models import Allocation, AllocationRules, Enrolment, Intake, Run
from schools.access import Actor
from schools.models import Person
from schools.queries import school_id_of
from tests.courses import rows


def rules() -> AllocationRules:
    """The first version, as every portal has it."""
    reference.load_allocation_rules()
    return AllocationRules.objects.get(version=1)


def runs(*capacities: int, hours: int = 24, **fields: object) -> list[Run]:
    """Parallel runs whose places are allocated; applications are taken for so many hours still."""
    intake = Intake.objects.create(by_allocation=True)
    course = rows.course()
    closes_at = timezone.now() + timedelta(hours=hours)
    return [
        rows.run(
            capacity=capacity,
            course=course,
            intake=intake,
            closes_at=closes_at,
            start=rows.START + timedelta(days=7 * number),
            **fields,
        )
        for number, capacity in enumerate(capacities)
    ]


def apply(person: Person, *wishes: Run) -> list[Enrolment]:
    """The person applies for these runs, the dearest first, through the verb."""
    actor = Actor(person.pk, str(person), grants=frozenset(), is_authenticated=True)
    return [enrolling.enrol(person=person, run=run, actor=actor) for run in wishes]


def pool(people: Sequence[Person], *wishes: Run) -> None:
    """As `apply` for many, written straight into the table."""
    for order, run in enumerate(wishes, start=1):
        for person in people:
            school = school_id_of(person, on=timezone.localdate())
            rows.seats(run, [person], state="pooled", wish=order, school_id=school)


def close(intake: Intake) -> None:
    """The deadlines of all its runs pass."""
    intake.runs.update(closes_at=timezone.now() - timedelta(minutes=1))


def propose(intake: Intake, actor: Actor) -> Allocation:
    close(intake)
    return allocating.propose(intake=intake, rules=rules(), actor=actor)
