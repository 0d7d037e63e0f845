"""Whatever becomes of trips and plans in whatever order: the ledger adds up and no pot goes below zero."""

import os
from collections import defaultdict

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conferences import budget_proof, budgeting, planning
from conferences.budget_states import Pot
from conferences.ledger import SUMS, held_by
from conferences.models import Budget, BudgetMove
from conferences.trip_states import TripState as T
from schools.access import SYSTEM
from schools.errors import Refused
from tests.conferences import trips
from tests.conferences.money import NOW, YEAR, budget

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HISTORIES = 2000 if os.environ.get("STRESS") else 60
TRIPS, LINES = 3, ("travel", "fee")

which = st.integers(0, TRIPS - 1)
charges = st.fixed_dictionaries({line: st.integers(0, 700) for line in LINES})
deed = st.one_of(
    st.tuples(st.just("reserve"), which, charges),
    st.tuples(st.just("commit"), which, st.just({})),
    st.tuples(st.just("release"), which, st.just({})),
    st.tuples(st.just("spend"), which, charges),
    st.tuples(st.just("correct"), which, charges),
    st.tuples(st.just("plan"), which, charges),
)
AFTER = {"reserve": T.SUBMITTED, "commit": T.APPROVED, "release": T.WITHDRAWN, "spend": T.CLOSED, "correct": T.CLOSED}
"""The state that a trip's verb would give it."""


class Story:
    """A year with two lines, and three trips that want their money."""

    def __init__(self, cast) -> None:
        self.lines = {line: budget(1000, kind=line) for line in LINES}
        members = (cast.librarian, cast.colleague, cast.stranger)
        self.trips = [trips.trip_of(member) for member in members]
        self.done = 0

    def do(self, name: str, number: int, sums: dict[str, int]) -> None:
        """One deed; what the rules refuse is no deed, and leaves no trace."""
        before = self.seen()
        try:
            with transaction.atomic():
                self.plan(sums) if name == "plan" else self.move(name, number, sums)
        except Refused:
            assert self.seen() == before
        else:
            self.done += 1

    def plan(self, sums: dict[str, int]) -> None:
        planning.plan(year=YEAR, school=None, planned=sums, actor=SYSTEM, now=NOW, reason="Өзгерді")

    def move(self, name: str, number: int, sums: dict[str, int]) -> None:
        by_line = {self.lines[line].pk: tiyn for line, tiyn in sums.items()}
        facts = {"reserve": {"charges": by_line}, "spend": {"actuals": by_line}}
        facts["correct"] = {"actuals": by_line, "reason": "Түзету"}
        call = {"trip": self.trips[number], "actor": SYSTEM, "now": NOW, **facts.get(name, {})}
        getattr(budgeting, name)(**call)
        again = getattr(budgeting, name)(**call)
        assert again == []
        self.state(number, name)

    def state(self, number: int, name: str) -> None:
        """The trip's state follows the money, as the verbs of trips have it; a verb without effect changes nothing."""
        pots = {pot for held in held_by(self.trips[number]).values() for pot in held}
        state = AFTER[name] if pots or name == "release" else T.WITHDRAWN
        state = T.CLOSED if pots == {Pot.SPENT} else state
        type(self.trips[number]).objects.filter(pk=self.trips[number].pk).update(
            state=state, version=1, route=self.route
        )

    @property
    def route(self):
        return trips.ApprovalRoute.objects.first() or trips.route()

    def seen(self) -> list[tuple[int, ...]]:
        return [*Budget.objects.order_by("pk").values_list(*SUMS), (BudgetMove.objects.count(),)]


def faults_of(lines: list[tuple[int, str, str, int]], told: dict[int, dict[str, int]]) -> list[str]:
    """The promises, counted from the bare lines of the ledger (budget, from, to, sum) against what each row tells."""
    pots: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    found = []
    for budget_id, source, target, amount in lines:
        pots[budget_id][source] -= amount
        pots[budget_id][target] += amount
        if any(sum < 0 for pot, sum in pots[budget_id].items() if pot != Pot.OUTSIDE):
            found.append("below zero")
    for budget_id, sums in told.items():
        if any(sum != pots[budget_id][pot] for pot, sum in sums.items()):
            found.append("the row tells something else than its ledger")
        if sum(pots[budget_id].values()):
            found.append("money came from nowhere")
    return found


def bare() -> tuple[list[tuple[int, str, str, int]], dict[int, dict[str, int]]]:
    lines = list(BudgetMove.objects.order_by("pk").values_list("budget", "source", "target", "amount"))
    told = {
        row.pk: {"free": row.free, "reserved": row.reserved, "committed": row.committed, "spent": row.spent}
        for row in Budget.objects.all()
    }
    return lines, told


@settings(
    max_examples=HISTORIES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=st.lists(deed, min_size=1, max_size=14))
def test_every_history_adds_up(cast, history):
    with transaction.atomic():
        story = Story(cast)
        for name, number, sums in history:
            story.do(name, number, sums)
        assert faults_of(*bare()) == []
        assert budget_proof.verify() == []
        for trip in story.trips:
            budgeting.commit(trip=trip, actor=SYSTEM, now=NOW)
            budgeting.release(trip=trip, actor=SYSTEM, now=NOW)
            assert {pot for held in held_by(trip).values() for pot in held} <= {Pot.SPENT}
        assert sum(row.reserved + row.committed for row in Budget.objects.all()) == 0
        assert faults_of(*bare()) == []
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("lines", "told", "fault"),
    [
        ([(1, "free", "reserved", 5)], {}, "below zero"),
        ([(1, "outside", "free", 5)], {1: {"free": 4}}, "the row tells something else than its ledger"),
    ],
)
def test_broken_promises_are_seen(lines, told, fault):
    assert faults_of(lines, told) == [fault]


def test_the_story_is_not_empty(cast):
    """The deeds really do something: one trip is paid, the next finds too little, the third is given up."""
    story = Story(cast)
    for name, number, sum in (("reserve", 0, 700), ("commit", 0, 0), ("reserve", 1, 301), ("reserve", 2, 300)):
        story.do(name, number, {"travel": sum, "fee": 0})
    story.do("spend", 0, {"travel": 650, "fee": 10})
    story.do("release", 2, {})
    assert story.done == 5
    told = Budget.objects.order_by("pk").values_list(*SUMS)
    assert list(told) == [(1000, 0, 0, 650), (1000, 0, 0, 10)]
