"""Approval of trips: word by word, version by version; nobody on own requests; money and days follow."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from conferences import approving, requesting, route_keeping, sending
from conferences.approving import Changed
from conferences.models import AdvanceReport, BudgetMove, StandIn, Trip, TripApproval, TripMove
from conferences.requesting import Companion
from conferences.route_keeping import StepPlan
from conferences.trip_queries import words_to_give
from conferences.trip_time import spans_of
from schools import agenda
from schools.errors import Refused, Stale
from schools.models import AuditEntry, Busy
from tests.cast import Cast
from tests.conferences.asking import BASICS, MILLION, budgets, cost, ready, sent, travel_budget, word, words
from tests.conferences.trips import route

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(cast: Cast) -> None:
    route()
    budgets(cast)


def yes(trip, member, version=None):
    (row,) = [row for row in words_to_give(member.actor) if row.trip_id == trip.pk]
    return approving.approve(approval=row, actor=member.actor, seen_version=version or trip.version)


def test_a_trip_of_two_schools_asks_both_directors_then_hq_then_finance(cast: Cast) -> None:
    trip = sent(cast.librarian, cast.stranger)
    assert {(row.role, row.school) for row in words(trip)} == {
        ("director", cast.school),
        ("director", cast.other_school),
    }
    assert travel_budget().reserved == MILLION
    yes(trip, cast.director)
    assert [row.role for row in words(trip)] == ["director"]
    yes(trip, cast.other_director)
    assert [row.role for row in words(trip)] == ["hq"]
    yes(trip, cast.hq)
    assert not Busy.objects.exists()
    trip = yes(trip, cast.finance)
    assert (trip.state, trip.order_year, trip.order_number) == ("approved", timezone.localdate().year, 1)
    budget = travel_budget()
    assert (budget.reserved, budget.committed, budget.free) == (0, MILLION, 9 * MILLION)
    assert Busy.objects.count() == 2
    assert list(TripMove.objects.filter(trip=trip).values_list("verb", flat=True)) == [
        "start",
        "submit",
        *["approve"] * 4,
    ]
    assert AuditEntry.objects.filter(verb="trip.approve").count() == 4


def test_what_was_read_is_what_is_approved(cast: Cast) -> None:
    trip = sent(cast.librarian)
    old = word(trip)
    trip = sending.take_back(trip=trip, actor=cast.librarian.actor)
    trip = requesting.set_estimate(
        trip=trip, costs=[cost(2 * MILLION)], actor=cast.librarian.actor, seen=trip.changed_at
    )
    trip = sending.submit(trip=trip, actor=cast.librarian.actor, seen=trip.changed_at)
    assert trip.version == 2
    with pytest.raises(Changed) as refusal:
        approving.approve(approval=word(trip), actor=cast.director.actor, seen_version=1)
    found = {(row.part, row.field): (row.old, row.new) for row in refusal.value.differences}
    assert found[("", "total")] == (MILLION, 2 * MILLION)
    assert found[("lines", "sum")] == ([MILLION, "KZT"], [2 * MILLION, "KZT"])
    with pytest.raises(Stale):
        approving.approve(approval=old, actor=cast.director.actor, seen_version=2)
    assert travel_budget().reserved == 2 * MILLION
    yes(trip, cast.director)


@pytest.mark.parametrize("verb", ["decline", "send_back"])
def test_no_and_back_free_the_money_and_need_a_word(cast: Cast, verb: str) -> None:
    trip = sent(cast.librarian)
    yes(trip, cast.director)
    deed = getattr(approving, verb)
    with pytest.raises(Refused):
        deed(approval=word(trip), actor=cast.hq.actor, seen_version=1, note="  ")
    trip = deed(approval=word(trip), actor=cast.hq.actor, seen_version=1, note="Қымбат")
    assert trip.state == {"decline": "declined", "send_back": "returned"}[verb]
    assert travel_budget().free == 10 * MILLION
    assert words(trip) == []
    assert words(trip, "approved") == []


def test_a_replayed_word_makes_one_line_and_says_who_decided(cast: Cast) -> None:
    trip = sent(cast.librarian)
    row = word(trip)
    approving.approve(approval=row, actor=cast.director.actor, seen_version=1)
    with pytest.raises(Stale) as refusal:
        approving.approve(approval=row, actor=cast.deputy.actor, seen_version=1)
    assert cast.director.person.short_name in str(refusal.value)
    assert TripMove.objects.filter(trip=trip, verb="approve").count() == 1
    assert BudgetMove.objects.filter(kind="reserve").count() == 1


class TestNobodyDecidesOnTheOwnRequest:
    def test_a_director_who_travels_is_decided_on_by_hq(self, cast: Cast) -> None:
        trip = sent(cast.director)
        assert [row.role for row in words(trip)] == ["hq"]
        assert not words_to_give(cast.director.actor).exists()
        assert not words_to_give(cast.deputy.actor).exists()
        with pytest.raises(Refused):
            approving.approve(approval=word(trip), actor=cast.deputy.actor, seen_version=1)

    def test_hq_who_travels_waits_for_another_of_hq(self, cast: Cast) -> None:
        trip = sent(cast.hq)
        assert [row.role for row in words(trip)] == ["hq"]
        with pytest.raises(Refused):
            approving.approve(approval=word(trip), actor=cast.hq.actor, seen_version=1)
        assert not words_to_give(cast.hq.actor).exists()

    def test_a_stand_in_does_not_carry_the_own_word_back(self, cast: Cast) -> None:
        today = timezone.localdate()
        days = {"valid_from": today, "valid_to": today, "named_by": cast.hq.person}
        StandIn.objects.create(holder=cast.hq.person, deputy=cast.trainer.person, **days)
        trip = sent(cast.hq)
        assert not words_to_give(cast.trainer.actor).exists()
        with pytest.raises(Refused):
            approving.approve(approval=word(trip), actor=cast.trainer.actor, seen_version=1)

    def test_a_traveller_who_is_a_stand_in_decides_nothing(self, cast: Cast) -> None:
        today = timezone.localdate()
        days = {"valid_from": today, "valid_to": today, "named_by": cast.hq.person}
        StandIn.objects.create(holder=cast.hq.person, deputy=cast.librarian.person, **days)
        trip = sent(cast.librarian)
        yes(trip, cast.director)
        assert not words_to_give(cast.librarian.actor).exists()
        with pytest.raises(Refused):
            approving.approve(approval=word(trip), actor=cast.librarian.actor, seen_version=1)

    def test_who_was_taken_out_of_the_request_stays_out_of_the_approval(self, cast: Cast) -> None:
        trip = ready(cast.librarian, cast.director)
        only = [Companion(cast.librarian.person, "speaker", "Әріптесім қалады")]
        trip = requesting.set_travellers(trip=trip, companions=only, actor=cast.librarian.actor, seen=trip.changed_at)
        trip = sending.submit(trip=trip, actor=cast.librarian.actor, seen=trip.changed_at)
        assert [row.role for row in words(trip)] == ["hq"]
        assert not words_to_give(cast.director.actor).exists()

    def test_who_was_merely_named_once_still_decides(self, cast: Cast) -> None:
        """Nobody is kept from deciding by a name that was written down and taken out again."""
        trip = ready(cast.librarian)
        first = Companion(cast.librarian.person, "speaker", "Әріптесім қалады")
        both = [first, Companion(cast.director.person, "listener", "Орынбасар")]
        trip = requesting.set_travellers(trip=trip, companions=both, actor=cast.librarian.actor, seen=trip.changed_at)
        trip = requesting.set_travellers(
            trip=trip, companions=[first], actor=cast.librarian.actor, seen=trip.changed_at
        )
        trip = sending.submit(trip=trip, actor=cast.librarian.actor, seen=trip.changed_at)
        assert [row.role for row in words(trip)] == ["director"]
        assert words_to_give(cast.director.actor).count() == 1

    def test_who_asks_for_others_decides_nothing(self, cast: Cast) -> None:
        trip = ready(cast.director, cast.librarian)
        only = [Companion(cast.librarian.person, "speaker", "Әріптесім қалады")]
        trip = requesting.set_travellers(trip=trip, companions=only, actor=cast.director.actor, seen=trip.changed_at)
        trip = sending.submit(trip=trip, actor=cast.director.actor, seen=trip.changed_at)
        assert [row.role for row in words(trip)] == ["hq"]


class TestStandIns:
    def test_a_stand_in_gives_the_word_in_the_holders_place(self, cast: Cast) -> None:
        today = timezone.localdate()
        route_keeping.name_stand_in(
            holder=cast.hq.person, deputy=cast.trainer.person, valid_from=today, valid_to=today, actor=cast.hq.actor
        )
        trip = sent(cast.librarian)
        yes(trip, cast.director)
        assert [row.role for row in words_to_give(cast.trainer.actor)] == ["hq"]
        yes(trip, cast.trainer)
        row = TripApproval.objects.get(trip=trip, role="hq")
        assert (row.decided_by, row.acting_for) == (cast.trainer.person, cast.hq.person)

    @pytest.mark.parametrize("shift", [-2, 2])
    def test_and_only_on_the_days_named(self, cast: Cast, shift: int) -> None:
        day = timezone.localdate() + timedelta(days=shift)
        StandIn.objects.create(
            holder=cast.hq.person, deputy=cast.trainer.person, valid_from=day, valid_to=day, named_by=cast.hq.person
        )
        trip = sent(cast.librarian)
        yes(trip, cast.director)
        assert not words_to_give(cast.trainer.actor).exists()
        with pytest.raises(Refused):
            approving.approve(approval=word(trip), actor=cast.trainer.actor, seen_version=1)


class TestTwoHands:
    @pytest.fixture(autouse=True)
    def _route(self, cast: Cast) -> None:
        names = {"name_kk": "БК", "name_ru": "ГО", "name_en": "HQ"}
        step = StepPlan(order=1, role="hq", two_hands_from=MILLION, **names)
        route_keeping.set_route(steps=[step], valid_from=timezone.localdate(), actor=cast.administrator.actor)

    def test_a_large_sum_needs_two_different_people(self, cast: Cast) -> None:
        trip = sent(cast.librarian)
        first, second = words(trip)
        assert (first.hand, second.hand) == (1, 2)
        approving.approve(approval=first, actor=cast.hq.actor, seen_version=1)
        with pytest.raises(Refused):
            approving.approve(approval=second, actor=cast.hq.actor, seen_version=1)
        assert not words_to_give(cast.hq.actor).exists()
        other = replace(cast.administrator.actor, grants=frozenset({("hq", None)}))
        assert approving.approve(approval=second, actor=other, seen_version=1).state == "approved"

    def test_a_stand_in_is_no_second_hand_of_the_same_holder(self, cast: Cast) -> None:
        today = timezone.localdate()
        days = {"valid_from": today, "valid_to": today, "named_by": cast.hq.person}
        StandIn.objects.create(holder=cast.hq.person, deputy=cast.trainer.person, **days)
        trip = sent(cast.librarian)
        first, second = words(trip)
        approving.approve(approval=first, actor=cast.trainer.actor, seen_version=1)
        assert not words_to_give(cast.hq.actor).exists()
        with pytest.raises(Refused):
            approving.approve(approval=second, actor=cast.hq.actor, seen_version=1)

    def test_a_small_one_needs_one(self, cast: Cast) -> None:
        trip = sent(cast.librarian, amount=MILLION - 1)
        assert [row.hand for row in words(trip)] == [1]


def test_a_course_that_was_confirmed_meanwhile_stops_the_last_word(cast: Cast) -> None:
    trip = sent(cast.librarian)
    yes(trip, cast.director)
    yes(trip, cast.hq)
    agenda.take(person=cast.librarian.person, spans=spans_of(trip), source="enrolment:0")
    with pytest.raises(Refused):
        approving.approve(approval=word(trip), actor=cast.finance.actor, seen_version=1)
    assert word(trip).state == "open"


def test_no_order_is_made_once_the_trip_should_have_begun(cast: Cast) -> None:
    trip = sent(cast.librarian)
    yes(trip, cast.director)
    yes(trip, cast.hq)
    Trip.objects.filter(pk=trip.pk).update(starts_on=timezone.localdate())
    with pytest.raises(Refused):
        approving.approve(approval=word(trip), actor=cast.finance.actor, seen_version=1)
    approving.decline(approval=word(trip), actor=cast.finance.actor, seen_version=1, note="Кеш")
    assert travel_budget().free == 10 * MILLION


def test_hq_frees_the_money_of_a_trip_that_nobody_made(cast: Cast) -> None:
    trip = sent(cast.librarian)
    for member in (cast.director, cast.hq, cast.finance):
        trip = yes(trip, member)
    Trip.objects.filter(pk=trip.pk).update(starts_on=timezone.localdate() - timedelta(days=9))
    with pytest.raises(Refused):
        sending.call_off(trip=trip, actor=cast.librarian.actor, note="Бармадым")
    account = AdvanceReport.objects.create(trip=trip, state="submitted", version=1)
    with pytest.raises(Refused):
        sending.call_off(trip=trip, actor=cast.hq.actor, note="Бармады")
    account.delete()
    assert sending.call_off(trip=trip, actor=cast.hq.actor, note="Бармады").state == "cancelled"
    assert travel_budget().free == 10 * MILLION


def test_money_that_is_gone_stops_the_sending(cast: Cast) -> None:
    sent(cast.librarian, amount=9 * MILLION)
    trip = ready(cast.stranger, amount=2 * MILLION)
    with pytest.raises(Refused):
        sending.submit(trip=trip, actor=cast.stranger.actor, seen=trip.changed_at)
    trip.refresh_from_db()
    assert (trip.state, trip.version) == ("draft", 0)


def test_an_approved_trip_taken_back_frees_all_and_is_asked_anew(cast: Cast) -> None:
    trip = sent(cast.librarian)
    for member in (cast.director, cast.hq, cast.finance):
        trip = yes(trip, member)
    trip = sending.take_back(trip=trip, actor=cast.librarian.actor)
    assert (trip.state, trip.order_number) == ("returned", None)
    assert travel_budget().free == 10 * MILLION
    assert not Busy.objects.exists()
    trip = sending.submit(trip=trip, actor=cast.librarian.actor, seen=trip.changed_at)
    for member in (cast.director, cast.hq, cast.finance):
        trip = yes(trip, member)
    assert trip.order_number == 2


def test_the_year_of_the_first_day_pays(cast: Cast) -> None:
    budgets(cast, year=2026)
    over_new_year = replace(BASICS, starts_on=date(2026, 12, 30), ends_on=date(2027, 1, 6))
    sent(cast.librarian, basics=over_new_year)
    assert travel_budget(2026).reserved == MILLION
    assert travel_budget(2027).reserved == 0


def test_what_others_pay_takes_no_budget(cast: Cast) -> None:
    trip = ready(cast.librarian)
    costs = [cost(payer="host"), cost(payer="traveller", amount=5)]
    trip = requesting.set_estimate(trip=trip, costs=costs, actor=cast.librarian.actor, seen=trip.changed_at)
    trip = sending.submit(trip=trip, actor=cast.librarian.actor, seen=trip.changed_at)
    assert trip.total == MILLION + 5
    assert travel_budget().reserved == 0
    assert not BudgetMove.objects.filter(kind="reserve").exists()
