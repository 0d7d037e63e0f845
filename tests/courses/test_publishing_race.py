"""Publishing while people withdraw, are approved, or publish as well: exact seats, everybody told once."""

import pytest
from django.db.models import Count

from courses import allocating, allocation_letters, deciding, enrolling, publishing, seats
from courses.models import Allocation, AllocationOutcome, Enrolment, EnrolmentMove
from courses.states import OPEN, AllocationState, EnrolmentState, Verb
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Mail
from schools.states import Role
from tests import make
from tests.courses import intakes, rows
from tests.courses.at_once import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 4


def proposal(cast, **fields) -> Allocation:
    first, second = intakes.runs(2, 1, **fields)
    intakes.pool([make.librarian(make.school()) for _ in range(6)], first, second)
    return intakes.propose(first.intake, cast.hq.actor)


def assert_sound(allocation: Allocation) -> None:
    assert seats.verify() == []
    assert not Enrolment.objects.filter(run__intake=allocation.intake, state=EnrolmentState.POOLED).exists()
    told = EnrolmentMove.objects.filter(verb=Verb.ALLOCATE).values("enrolment").annotate(n=Count("pk"))
    assert {row["n"] for row in told} == {1}


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_coordinators_publish_at_once(cast, _round):
    allocation = proposal(cast)
    one, other = (Allocation.objects.get(pk=allocation.pk) for _ in range(2))
    errors = at_once(
        lambda: publishing.publish(allocation=one, actor=cast.hq.actor),
        lambda: publishing.publish(allocation=other, actor=cast.administrator.actor),
    )
    assert [error for error in errors if not isinstance(error, Stale)] == []
    assert_sound(allocation)
    assert Enrolment.objects.filter(state=EnrolmentState.CONFIRMED).count() == 3
    at_once(*[lambda: allocation_letters.tell_allocation(allocation_id=allocation.pk)] * 2)
    assert Mail.objects.filter(kind="allocation").count() == 6
    assert AllocationOutcome.objects.filter(told_at=None).count() == 0


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_somebody_withdraws_while_it_is_published(cast, _round):
    allocation = proposal(cast)
    row = Enrolment.objects.order_by("pk").first()
    actor = Actor(row.person_id, "x", grants=frozenset(), is_authenticated=True)
    errors = at_once(
        lambda: publishing.publish(allocation=allocation, actor=cast.hq.actor),
        lambda: enrolling.withdraw(enrolment=row, actor=actor),
    )
    row.refresh_from_db()
    for error in errors:
        # Either the proposal misses somebody now, or the withdrawn wish had just lost to the person's other one.
        other = Enrolment.objects.filter(person=row.person, state=EnrolmentState.CONFIRMED).exclude(pk=row.pk)
        given_the_other = row.state not in OPEN and other.exists()
        assert isinstance(error, Stale) or (isinstance(error, Refused) and given_the_other)
    if allocation.state != AllocationState.PUBLISHED:
        publishing.publish(allocation=allocation, actor=cast.hq.actor)
    assert seats.verify() == []
    assert Enrolment.objects.filter(state=EnrolmentState.CONFIRMED).count() == 3


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_somebody_is_approved_while_it_is_published(cast, _round):
    """Either the proposal is stale and the newcomer takes part in the next, or the newcomer stands in the list."""
    allocation = proposal(cast, chain=rows.chain(Role.HQ))
    run = allocation.intake.runs.order_by("pk").first()
    late = rows.seats(
        run,
        [make.librarian(cast.school)],
        state="pending",
        school=cast.school,
        step=1,
        decider=Role.HQ,
        step_due=rows.START.date(),
    )[0]
    errors = at_once(
        lambda: publishing.publish(allocation=allocation, actor=cast.hq.actor),
        lambda: deciding.approve(enrolment=late, actor=cast.hq.actor, seen_step=1),
    )
    assert [error for error in errors if not isinstance(error, Stale)] == []
    late.refresh_from_db()
    allocation.refresh_from_db()
    if allocation.state == AllocationState.PUBLISHED:
        assert late.state in (EnrolmentState.WAITING, EnrolmentState.CONFIRMED)
    else:
        assert late.state == EnrolmentState.POOLED
        again = allocating.propose(intake=allocation.intake, rules=allocation.rules, actor=cast.hq.actor)
        publishing.publish(allocation=again, actor=cast.hq.actor)
    assert seats.verify() == []
    assert Enrolment.objects.filter(state=EnrolmentState.CONFIRMED).count() == 3
