"""Writing a request: who writes, when; what must stand before it is sent."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from conferences import requesting, sending, trip_moves
from conferences.models import Promise, Trip, TripExcuse
from conferences.requesting import Companion, Pledge, Stretch
from conferences.trip_gates import NotReady, faults_of
from conferences.trip_time import spans_of
from schools import agenda
from schools.errors import Refused, Stale
from schools.models import Mail
from tests.cast import Cast
from tests.conferences.asking import BASICS, budgets, cost, ready, sent
from tests.conferences.trips import route, trip_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(cast: Cast) -> None:
    route()
    budgets(cast)


def parts(trip: Trip) -> list[str]:
    fresh = trip_moves.loaded(Trip.objects.filter(pk=trip.pk)).get()
    return [fault.part for fault in faults_of(fresh, today=timezone.localdate())]


def test_a_draft_says_all_that_it_lacks_and_a_ready_one_nothing(cast: Cast) -> None:
    trip = requesting.start(basics=BASICS, actor=cast.librarian.actor)
    assert parts(trip) == ["travellers", "travellers", "way", "estimate", "promises"]
    with pytest.raises(NotReady) as refusal:
        sending.submit(trip=trip, actor=cast.librarian.actor, seen=trip.changed_at)
    assert len(refusal.value.faults) == 5
    assert parts(ready(cast.librarian)) == []


def test_strangers_write_nothing(cast: Cast) -> None:
    trip = ready(cast.librarian)
    for name in ("colleague", "stranger", "director", "hq", "administrator"):
        with pytest.raises(Refused):
            requesting.set_basics(trip=trip, basics=BASICS, actor=getattr(cast, name).actor, seen=trip.changed_at)
    with pytest.raises(Refused):
        requesting.start(basics=BASICS, actor=cast.auditor.actor)


def test_two_writers_do_not_overwrite_each_other(cast: Cast) -> None:
    trip = ready(cast.librarian, cast.colleague)
    seen = trip.changed_at
    requesting.set_estimate(trip=trip, costs=[cost(5)], actor=cast.colleague.actor, seen=seen)
    with pytest.raises(Stale):
        requesting.set_estimate(trip=trip, costs=[cost(7)], actor=cast.librarian.actor, seen=seen)
    with pytest.raises(Stale):
        sending.submit(trip=trip, actor=cast.librarian.actor, seen=seen)
    assert Trip.objects.get(pk=trip.pk).total == 5


def test_other_days_ask_for_agreement_anew(cast: Cast) -> None:
    trip = ready(cast.librarian)
    other = replace(BASICS, ends_on=BASICS.ends_on + timedelta(days=1))
    trip = requesting.set_basics(trip=trip, basics=other, actor=cast.librarian.actor, seen=trip.changed_at)
    assert trip.travellers.get().consented_at is None
    trip = requesting.set_basics(
        trip=trip, basics=replace(other, purpose="басқа"), actor=cast.librarian.actor, seen=trip.changed_at
    )
    sending.agree(trip=trip, actor=cast.librarian.actor, abroad=True)
    assert trip.travellers.get().consented_at is not None


def test_agreement_is_the_travellers_own(cast: Cast) -> None:
    trip = ready(cast.librarian, cast.colleague)
    with pytest.raises(Refused):
        sending.agree(trip=trip, actor=cast.director.actor, abroad=True)
    with pytest.raises(Refused):
        sending.agree(trip=trip, actor=cast.colleague.actor, abroad=False)
    sending.refuse(trip=trip, actor=cast.colleague.actor)
    assert parts(trip) == ["travellers"]


def test_way_back_is_needed_and_legs_come_in_order(cast: Cast) -> None:
    trip = ready(cast.librarian)
    there = Stretch(BASICS.starts_on, BASICS.starts_on + timedelta(days=2), "Семей", "Лонг-Бич", "US", "air")
    early = Stretch(BASICS.starts_on, BASICS.ends_on, "Лонг-Бич", "Семей", "US", "air")
    trip = requesting.set_way(trip=trip, stretches=[there], actor=cast.librarian.actor, seen=trip.changed_at)
    assert parts(trip) == ["way"]
    trip = requesting.set_way(trip=trip, stretches=[there, early], actor=cast.librarian.actor, seen=trip.changed_at)
    assert parts(trip) == ["way", "way"]


def test_another_trip_or_a_confirmed_course_on_these_days_is_refused(cast: Cast) -> None:
    sent(cast.librarian)
    second = ready(cast.librarian, basics=replace(BASICS, starts_on=BASICS.ends_on, ends_on=date(2027, 8, 20)))
    assert parts(second) == ["travellers"]
    third = ready(cast.stranger)
    agenda.take(person=cast.stranger.person, spans=spans_of(third), source="enrolment:0")
    assert parts(third) == ["travellers"]


class TestDebts:
    @pytest.fixture
    def owed(self, cast: Cast) -> Trip:
        """A trip that ended long ago and whose report nobody accepted."""
        return trip_of(
            cast.librarian,
            starts_on=date(2026, 3, 2),
            ends_on=date(2026, 3, 5),
            state="approved",
            version=1,
            route=route(),
        )

    def test_a_late_report_blocks_until_hq_excuses_it_with_a_word(self, cast: Cast, owed: Trip) -> None:
        trip = ready(cast.librarian)
        assert parts(trip) == ["travellers"]
        person = cast.librarian.person
        for name in ("librarian", "director", "finance"):
            with pytest.raises(Refused):
                sending.excuse(trip=trip, person=person, actor=getattr(cast, name).actor, reason="керек")
        with pytest.raises(Refused):
            sending.excuse(trip=trip, person=person, actor=cast.hq.actor, reason=" ")
        sending.excuse(trip=trip, person=person, actor=cast.hq.actor, reason="Ауырып қалды")
        sending.excuse(trip=trip, person=person, actor=cast.hq.actor, reason="екінші рет")
        assert TripExcuse.objects.get().reason == "Ауырып қалды"
        assert parts(trip) == []

    def test_an_overdue_promise_blocks_and_one_that_is_not_due_does_not(self, cast: Cast, owed: Trip) -> None:
        Trip.objects.filter(pk=owed.pk).update(state="closed")
        promise = Promise.objects.create(
            trip=owed, person=cast.librarian.person, what="оқу", audience="network", due_on=date(2026, 9, 1)
        )
        trip = ready(cast.librarian)
        assert parts(trip) == ["travellers"]
        Promise.objects.filter(pk=promise.pk).update(due_on=timezone.localdate() + timedelta(days=1))
        assert parts(trip) == []

    def test_hq_excuses_no_request_of_the_own(self, cast: Cast, owed: Trip) -> None:
        trip = ready(cast.hq, cast.librarian)
        with pytest.raises(Refused):
            sending.excuse(trip=trip, person=cast.librarian.person, actor=cast.hq.actor, reason="керек")


def test_a_school_pays_only_if_somebody_of_it_travels(cast: Cast) -> None:
    """Or its money would go without its director's word."""
    trip = ready(cast.librarian)
    foreign = [cost(5, payer="school", payer_school=cast.other_school)]
    trip = requesting.set_estimate(trip=trip, costs=foreign, actor=cast.librarian.actor, seen=trip.changed_at)
    assert parts(trip) == ["estimate"]
    own = [cost(5, payer="school", payer_school=cast.school)]
    trip = requesting.set_estimate(trip=trip, costs=own, actor=cast.librarian.actor, seen=trip.changed_at)
    assert parts(trip) == []


def test_a_promise_that_the_return_has_overtaken_is_no_promise(cast: Cast) -> None:
    trip = ready(cast.librarian)
    trip.promises.update(due_on=BASICS.ends_on)
    assert parts(trip) == ["promises"]


def test_promises_are_for_travellers_and_after_the_return(cast: Cast) -> None:
    trip = ready(cast.librarian)
    pledge = Pledge(cast.librarian.person, "seminar", "оқу", "country", BASICS.ends_on)
    with pytest.raises(Refused):
        requesting.set_promises(trip=trip, pledges=[pledge], actor=cast.librarian.actor, seen=trip.changed_at)
    other = replace(pledge, person=cast.colleague.person, due_on=date(2028, 1, 1))
    with pytest.raises(Refused):
        requesting.set_promises(trip=trip, pledges=[other], actor=cast.librarian.actor, seen=trip.changed_at)


def test_who_leaves_the_list_takes_promises_and_lines_along(cast: Cast) -> None:
    trip = ready(cast.librarian, cast.colleague)
    costs = [cost(5, person=cast.colleague.person), cost(7)]
    trip = requesting.set_estimate(trip=trip, costs=costs, actor=cast.librarian.actor, seen=trip.changed_at)
    only = [Companion(cast.librarian.person, "speaker", "Әріптесім қалады")]
    trip = requesting.set_travellers(trip=trip, companions=only, actor=cast.librarian.actor, seen=trip.changed_at)
    assert (trip.promises.count(), trip.lines.count(), trip.total) == (1, 1, 7)
    twice = [*only, *only]
    with pytest.raises(Refused):
        requesting.set_travellers(trip=trip, companions=twice, actor=cast.librarian.actor, seen=trip.changed_at)


def test_a_request_that_was_sent_is_written_no_more(cast: Cast) -> None:
    trip = sent(cast.librarian)
    with pytest.raises(Stale):
        requesting.set_estimate(trip=trip, costs=[cost(5)], actor=cast.librarian.actor, seen=trip.changed_at)
    assert not Mail.objects.filter(kind="trip", person=cast.colleague.person).exists()
