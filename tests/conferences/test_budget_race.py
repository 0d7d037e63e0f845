"""Two requests at the same moment, and money for one: one gets it, the other is told what is left."""

import os

import pytest
from django.db import IntegrityError, transaction

from conferences import budget_proof, budgeting, planning
from conferences.ledger import Ledger
from conferences.models import Budget, BudgetMove
from conferences.trip_states import TripState
from schools.access import SYSTEM
from schools.errors import Refused
from tests.conferences import trips
from tests.conferences.money import NOW, YEAR, budget, sums
from tests.courses.at_once import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 50 if os.environ.get("STRESS") else 3


def approved(trip, charges):
    """Sent and approved in one transaction, as the last word does it."""

    def deed():
        with transaction.atomic():
            budgeting.reserve(trip=trip, charges=charges, actor=SYSTEM, now=NOW)
            budgeting.commit(trip=trip, actor=SYSTEM, now=NOW)
            type(trip).objects.filter(pk=trip.pk).update(
                state=TripState.APPROVED, version=1, route=trips.ApprovalRoute.objects.first()
            )

    return deed


def careless(trip, row):
    """The twin's deed: the line is read without a lock."""

    def deed():
        with transaction.atomic():
            book = Ledger({row.pk: Budget.objects.get(pk=row.pk)}, "reserve", SYSTEM, NOW, trip)
            book.move(row.pk, "reserve", "free", "reserved", 600)
            book.write()

    return deed


def test_money_for_one_goes_to_one(cast):
    trips.route()
    for number in range(ROUNDS):
        row, other = budget(1000, year=YEAR + number), budget(1000, kind="fee", year=YEAR + number)
        one, two = trips.trip_of(cast.librarian), trips.trip_of(cast.stranger)
        errors = at_once(approved(one, {row.pk: 600, other.pk: 600}), approved(two, {other.pk: 600, row.pk: 600}))
        assert [type(error) for error in errors] == [Refused]
        assert sums(row, other) == [(0, 600, 0, 400)] * 2
    assert BudgetMove.objects.filter(kind="commit").count() == 2 * ROUNDS
    assert budget_proof.verify() == []


def test_the_same_approval_twice_at_once_writes_its_lines_once(cast):
    trips.route()
    row, trip = budget(1000), trips.trip_of(cast.librarian)
    for _ in range(ROUNDS):
        with transaction.atomic():
            budgeting.release(trip=trip, actor=SYSTEM, now=NOW)
            budgeting.reserve(trip=trip, charges={row.pk: 600}, actor=SYSTEM, now=NOW)
        before = BudgetMove.objects.count()

        def commit():
            with transaction.atomic():
                budgeting.commit(trip=trip, actor=SYSTEM, now=NOW)

        assert at_once(commit, commit) == []
        assert (BudgetMove.objects.count() - before, sums(row)) == (1, [(0, 600, 0, 400)])


def test_without_the_lock_one_balance_would_write_over_the_other(cast):
    """The twin: two read 1,000, both hold 600, and the row tells of one of them while the ledger has both."""
    broken = 0
    for number in range(20):
        row = budget(1000, year=YEAR + number)
        one, two = trips.trip_of(cast.librarian), trips.trip_of(cast.stranger)
        errors = at_once(careless(one, row), careless(two, row))
        broken += errors == [] and row.moves.filter(kind="reserve").count() == 2
        if broken:
            break
    assert broken == 1
    assert [fault for fault in budget_proof.verify() if "its ledger says" in fault]


def test_two_who_plan_the_same_line_at_once_leave_one_line(cast):
    def plan(tiyn):
        return lambda: planning.plan(
            year=YEAR, school=None, planned={"travel": tiyn}, actor=SYSTEM, now=NOW, reason="Жоспар"
        )

    assert at_once(plan(500), plan(700)) == []
    assert Budget.objects.get().planned in (500, 700)
    assert [fault for fault in budget_proof.verify() if "budget" in fault] == []


def test_the_database_itself_refuses_what_the_row_cannot_give(cast):
    row = budget(1000)
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.filter(pk=row.pk).update(committed=1001)
