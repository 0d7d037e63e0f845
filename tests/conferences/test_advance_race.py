"""Deeds about an account at the same moment: one of them is done, the others are told."""

import os
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from conferences import advance, advance_moves, budget_proof, budgeting, written_reports
from conferences.models import AdvanceMove, AdvanceReport, Budget, BudgetMove, Trip, TripMove
from schools.errors import Refused, Stale
from tests.conferences import coming_back as rows
from tests.conferences import money
from tests.courses.at_once import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 50 if os.environ.get("STRESS") else 3


@pytest.fixture(autouse=True)
def day(time_machine):
    time_machine.move_to("2027-08-10T10:00:00+05:00", tick=True)


def sent(cast) -> AdvanceReport:
    """An account that waits for finance, its money promised to the trip."""
    trip = rows.approved(cast.librarian)
    budget = Budget.objects.first() or money.budget(100_000_000_000, kind="travel", year=2027)
    with transaction.atomic():
        how = {"trip": trip, "actor": cast.hq.actor, "now": timezone.now()}
        budgeting.reserve(charges={budget.pk: 49_587_000}, **how)
        budgeting.commit(**how)
    report = rows.account(trip, state="submitted", version=1)
    rows.spent(report, rows.estimate(trip))
    return report


def test_two_words_of_finance_at_once_are_one(cast):
    for _round in range(ROUNDS):
        report = sent(cast)
        accept = partial(advance.accept, report=report, actor=cast.finance.actor, seen=1)
        errors = at_once(accept, accept, partial(advance.take_back, report=report, actor=cast.librarian.actor))
        assert [type(error) for error in errors] == [Stale, Stale]
        assert AdvanceMove.objects.filter(report=report).count() == 1
        spent = BudgetMove.objects.filter(trip=report.trip, kind="spend").count()
        assert spent == AdvanceReport.objects.filter(pk=report.pk, state="accepted").count()
    assert budget_proof.verify() == []


def careless(report: AdvanceReport, actor) -> None:
    """The twin's deed: the report is read without a lock."""
    with transaction.atomic():
        found = AdvanceReport.objects.get(pk=report.pk)
        advance_moves.make(found, "accept", actor=actor, now=timezone.now())


def test_without_the_lock_both_are_written(cast):
    doubled = 0
    for _round in range(10):
        report = sent(cast)
        deed = partial(careless, report, cast.finance.actor)
        at_once(deed, deed)
        doubled += AdvanceMove.objects.filter(report=report).count() == 2
    assert doubled > 0


def test_the_last_two_steps_at_once_close_the_trip_once(cast):
    for _round in range(ROUNDS):
        report = sent(cast)
        words = rows.written(report.trip, cast.librarian)
        errors = at_once(
            partial(advance.accept, report=report, actor=cast.finance.actor, seen=1),
            partial(written_reports.publish, report=words, actor=cast.librarian.actor),
        )
        assert errors == []
        assert Trip.objects.get(pk=report.trip_id).state == "closed"
        assert TripMove.objects.filter(trip=report.trip_id, verb="close").count() == 1


def test_travellers_begin_one_account(cast):
    for _round in range(ROUNDS):
        trip = rows.approved(cast.librarian, cast.stranger)
        rows.estimate(trip)
        start = [partial(advance.start, trip=trip, actor=who.actor) for who in (cast.librarian, cast.stranger)]
        assert at_once(*start) == []
        assert AdvanceReport.objects.get(trip=trip).lines.count() == 1


def test_money_that_is_not_promised_is_not_accounted_for(cast):
    report = sent(cast)
    with transaction.atomic():
        budgeting.release(trip=report.trip, actor=cast.hq.actor, now=timezone.now())
        charges = {Budget.objects.get().pk: 49_587_000}
        budgeting.reserve(trip=report.trip, charges=charges, actor=cast.hq.actor, now=timezone.now())
    with pytest.raises(Refused):
        advance.accept(report=report, actor=cast.finance.actor, seen=1)
