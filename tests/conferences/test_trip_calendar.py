"""Trips in private calendars: the days away, what is due before them, promises; and what was called off."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from conferences import approving, sending
from conferences.trip_queries import words_to_give
from courses import feeds
from tests.cast import Cast
from tests.conferences import asking
from tests.conferences.asking import BASICS
from tests.conferences.test_team_calendar import entries
from tests.conferences.trips import route

pytestmark = pytest.mark.django_db


@pytest.fixture
def trip(cast: Cast):
    route()
    asking.budgets(cast)
    return asking.sent(cast.librarian)


def decide(trip, *members):
    for member in members:
        row = words_to_give(member.actor).get(trip=trip)
        trip = approving.approve(approval=row, actor=member.actor, seen_version=trip.version)
    return trip


def names(member) -> set[str]:
    return {uid.partition("@")[0].partition("-")[2] for uid in entries(member)}


def test_before_approval_only_what_is_due(cast: Cast, trip) -> None:
    assert {"order", "tickets", "insurance"} <= names(cast.librarian)
    assert not {"trip", "promise"} & names(cast.librarian)
    assert names(cast.colleague) == set()


def test_an_approved_trip_takes_its_days_and_shows_its_promise(cast: Cast, trip) -> None:
    decide(trip, cast.director, cast.hq, cast.finance)
    found = {uid.partition("-")[2].partition("@")[0]: event for uid, event in entries(cast.librarian).items()}
    assert found["trip"].decoded("dtstart") == BASICS.starts_on
    assert found["trip"].decoded("dtend") == date(2027, 8, 10)
    assert "Лонг-Бич" in str(found["trip"]["summary"])
    assert found["promise"].decoded("dtstart") == trip.promises.get().due_on
    assert "order" not in found


def test_what_is_called_off_is_cancelled_by_a_higher_sequence(cast: Cast, trip) -> None:
    trip = decide(trip, cast.director, cast.hq, cast.finance)
    before = next(event for uid, event in entries(cast.librarian).items() if "-trip@" in uid)
    sending.call_off(trip=trip, actor=cast.librarian.actor, note="Ауырып қалды")
    (after,) = entries(cast.librarian).values()
    assert (str(after["uid"]), str(after["status"])) == (str(before["uid"]), "CANCELLED")
    assert after["sequence"] > before["sequence"]


@pytest.mark.parametrize("count", [1, 12])
def test_many_trips_ask_no_more(cast: Cast, count: int, django_assert_num_queries) -> None:
    route()
    asking.budgets(cast)
    for number in range(count):
        days = replace(BASICS, starts_on=date(2027, 2, 1 + 2 * number), ends_on=date(2027, 2, 2 + 2 * number))
        asking.sent(cast.librarian, basics=days, amount=5)
    feed = feeds.renew(person=cast.librarian.person, actor=cast.librarian.actor)
    with django_assert_num_queries(5):
        feeds.calendar(feed, today=timezone.localdate())
