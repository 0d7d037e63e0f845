"""Whatever people do in whatever order: the queue is fair, no seat is oversold and none is wasted."""

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses import deciding, enrolling, seats, waiting
from courses.models import Enrolment, EnrolmentMove
from courses.states import EnrolmentState as S
from schools.access import Actor
from schools.errors import Refused
from schools.states import Role
from tests import make
from tests.courses import rows

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HISTORIES = 2000 if os.environ.get("STRESS") else 60
PEOPLE = 6

who = st.integers(0, PEOPLE - 1)
deed = st.one_of(
    st.tuples(st.just("apply"), who),
    st.tuples(st.just("withdraw"), who),
    st.tuples(st.just("approve"), who),
    st.tuples(st.just("decline"), who),
    st.tuples(st.just("capacity"), st.integers(1, 4)),
    st.tuples(st.just("fill"), st.just(0)),
)


class Story:
    """A run with two seats, six librarians and a director who decides."""

    def __init__(self, cast) -> None:
        self.cast = cast
        self.run = rows.run(capacity=2, chain=rows.director_chain())
        self.people = make.librarians(cast.school, PEOPLE)

    def do(self, name: str, number: int) -> None:
        """One deed; what the rules refuse is no deed."""
        try:
            getattr(self, name)(number)
        except Refused:
            return

    def live(self, number: int, *states: str) -> Enrolment | None:
        return Enrolment.objects.filter(run=self.run, person=self.people[number], state__in=states).first()

    def apply(self, number: int) -> None:
        person = self.people[number]
        enrolling.enrol(person=person, run=self.run, actor=Actor(person_id=person.pk, is_authenticated=True))

    def withdraw(self, number: int) -> None:
        if row := self.live(number, S.PENDING, S.WAITING, S.CONFIRMED):
            enrolling.withdraw(enrolment=row, actor=Actor(person_id=row.person_id, is_authenticated=True))

    def approve(self, number: int) -> None:
        if row := self.live(number, S.PENDING):
            deciding.approve(enrolment=row, actor=self.cast.director.actor, seen_step=1)

    def decline(self, number: int) -> None:
        if row := self.live(number, S.PENDING):
            deciding.decline(enrolment=row, actor=self.cast.director.actor, seen_step=1, note="Жоқ")

    def capacity(self, number: int) -> None:
        self.run = waiting.set_capacity(run=self.run, capacity=number, actor=self.cast.hq.actor)

    def fill(self, _number: int) -> None:
        waiting.fill(run_id=self.run.pk)


def numbers(run, state):
    return set(Enrolment.objects.filter(run=run, state=state).values_list("number", flat=True))


def faults_of_step(before, after, waiting_before, waiting_after, capacity) -> list[str]:
    """What one deed did against the promises; sets hold the numbers confirmed and waiting."""
    found = []
    given = after - before
    if given and len(after) > capacity:
        found.append("a seat was given beyond capacity")
    if any(number < max(given, default=0) for number in waiting_after - given):
        found.append("somebody who waits was overtaken")
    if waiting_after and len(after) < capacity:
        found.append("a seat is free while somebody waits")
    if waiting_before - waiting_after - after and len(waiting_before - waiting_after - after) > 1:
        found.append("more than one person left the queue at once")
    return found


@settings(
    max_examples=HISTORIES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=st.lists(deed, min_size=1, max_size=18))
def test_every_history_keeps_the_promises(cast, history):
    with transaction.atomic():
        story = Story(cast)
        for name, number in history:
            before, waiting_before = numbers(story.run, S.CONFIRMED), numbers(story.run, S.WAITING)
            story.do(name, number)
            after, waiting_after = numbers(story.run, S.CONFIRMED), numbers(story.run, S.WAITING)
            assert faults_of_step(before, after, waiting_before, waiting_after, story.run.capacity) == []
        over = len(after) > story.run.capacity
        assert [fault for fault in seats.verify() if not (over and "seats given" in fault)] == []
        told = EnrolmentMove.objects.filter(enrolment__run=story.run).count()
        assert told >= Enrolment.objects.filter(run=story.run).count()
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        (({1, 2}, {1, 2, 3}, {3}, set(), 2), "a seat was given beyond capacity"),
        ((set(), {5}, {4, 5}, {4}, 1), "somebody who waits was overtaken"),
        (({1}, {1}, {2}, {2}, 2), "a seat is free while somebody waits"),
        (({1}, {1}, {2, 3}, set(), 1), "more than one person left the queue at once"),
    ],
)
def test_broken_promises_are_seen(step, fault):
    assert faults_of_step(*step) == [fault]


def test_the_story_is_not_empty(cast):
    """The deeds really do something: a short history by hand reaches a seat and the queue."""
    story = Story(cast)
    for number in range(3):
        story.do("apply", number)
        story.do("approve", number)
    assert (numbers(story.run, S.CONFIRMED), numbers(story.run, S.WAITING)) == ({1, 2}, {3})
    assert cast.director.actor.has(Role.DIRECTOR)
