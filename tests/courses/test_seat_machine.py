"""Whatever people do in whatever order: the queue is fair, no seat is oversold and none is wasted.

The twins do one deed carelessly, as a wrong line in the portal would: histories find each of them.
"""

import os

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from courses import moves
from courses.models import Enrolment
from courses.states import EnrolmentState as S
from courses.states import Verb
from schools.access import SYSTEM
from tests.courses.seat_machine import SeatMachine
from tests.courses.seat_world import actor_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HISTORIES = 2000 if os.environ.get("STRESS") else 60
SETTINGS = settings(
    max_examples=HISTORIES,
    stateful_step_count=16,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)


UNTIL_FOUND = settings(
    SETTINGS, max_examples=1000, phases=[Phase.generate], report_multiple_bugs=False, derandomize=True
)
"""What a twin breaks is not told in its shortest form: finding it is all. Each run plays the same histories."""


def play(machine, cast, kind=SETTINGS):
    """All histories of this machine, with the staff of the test."""
    run_state_machine_as_test(type(machine.__name__, (machine,), {"cast": cast}), settings=kind)


def test_every_history_keeps_the_promises(cast):
    play(SeatMachine, cast)


class Careless(SeatMachine):
    """Who gives a seat back gives it to somebody of one's own choice."""

    def gives_back(self, row):
        had_seat = row.state in (S.OFFERED, S.CONFIRMED)
        moves.make(row, Verb.WITHDRAW, S.WITHDRAWN, actor=actor_of(row.person), now=timezone.now())
        line = Enrolment.objects.filter(run=row.run, state=S.WAITING).select_related("run", "person", "school")
        if had_seat and (chosen := self.chosen(line.order_by("number"))):
            moves.make(chosen, Verb.CONFIRM, S.CONFIRMED, actor=SYSTEM, now=timezone.now())

    def chosen(self, line):
        raise NotImplementedError


class LastFirst(Careless):
    """The newest number gets the seat."""

    def chosen(self, line):
        return line.last()


class Unruly(Careless):
    """The lowest number gets the seat, whatever the rules for schools and regions, offers or other events say."""

    def chosen(self, line):
        return line.first()


class Wasteful(Careless):
    """Nobody gets the seat before a worker looks."""

    def chosen(self, line):
        return None


class Overselling(Careless):
    """Two get the one seat."""

    def chosen(self, line):
        first, second = (*line[:2], None, None)[:2]
        if second:
            moves.make(second, Verb.CONFIRM, S.CONFIRMED, actor=SYSTEM, now=timezone.now())
        return first


class Doubling(SeatMachine):
    """Who takes over a place gets it, and the other keeps it."""

    def agrees(self, asked):
        super().agrees(asked)
        Enrolment.objects.filter(pk=asked.enrolment_id, state=S.WITHDRAWN).update(state=S.CONFIRMED)


@pytest.mark.parametrize("machine", [LastFirst, Unruly, Wasteful, Overselling, Doubling])
def test_a_careless_deed_is_found(cast, machine):
    with pytest.raises(AssertionError, match=r"seats went to|seats are given|without an offer|handed over"):
        play(machine, cast, UNTIL_FOUND)
