"""Runs are joined while somebody applies: nobody ends with a seat in two of them."""

from datetime import timedelta

import pytest

from courses import enrolling, intakes, seats
from courses.models import Enrolment, Intake, Run
from schools.errors import Refused
from tests.courses import rows
from tests.courses.test_deriving_race import race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two(cast):
    """Two runs of one course; the librarian has a place in the first."""
    course = rows.course()
    one, other = (rows.run(course=course, start=rows.START + timedelta(days=7 * at)) for at in range(2))
    enrolling.enrol(person=cast.librarian.person, run=one, actor=cast.librarian.actor)
    return one, other


def apply(cast, run):
    return lambda: enrolling.enrol(person=cast.librarian.person, run=run, actor=cast.librarian.actor)


def test_who_applies_while_the_runs_are_joined_is_refused(cast, two):
    one, other = two
    errors, more = race(lambda: intakes.join(run=one, other=other, actor=cast.hq.actor), apply(cast, other))
    assert errors == []
    assert [type(error) for error in more] == [Refused]
    assert (Enrolment.objects.count(), seats.verify()) == (1, [])


def test_joining_waits_for_who_applies_and_is_refused(cast, two):
    one, other = two
    errors, more = race(apply(cast, other), lambda: intakes.join(run=one, other=other, actor=cast.hq.actor))
    assert errors == []
    assert [type(error) for error in more] == [Refused]
    assert (Enrolment.objects.count(), Intake.objects.count(), seats.verify()) == (2, 0, [])


def test_without_the_locks_there_would_be_two_seats(cast, two):
    """The twin: it looks, sees one seat, and joins, while the second seat is being written."""
    one, other = two

    def careless():
        assert Enrolment.objects.count() == 1
        Run.objects.filter(pk=one.pk).update(intake=Intake.objects.create())
        Run.objects.filter(pk=other.pk).update(intake=Run.objects.get(pk=one.pk).intake)

    errors, more = race(apply(cast, other), careless)
    assert (errors, more) == ([], [])
    assert [fault.split(":")[1] for fault in seats.verify()] == [" 2 places in parallel runs"]
