"""Every move of a trip that the table does not name is refused, by whichever verb and in whichever state."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from conferences import approving, sending, trip_moves
from conferences.models import Trip, TripApproval
from conferences.trip_access import part_of
from conferences.trip_states import TRIP_MOVES, TripPart, TripState, TripVerb, allowed
from schools.errors import Refused
from tests.cast import Cast, Member
from tests.conferences.asking import budgets, sent
from tests.conferences.trips import route, trip_of

pytestmark = pytest.mark.django_db
MADE = [verb for verb in TripVerb.values if TRIP_MOVES[verb].sources]
EVERY = list(product(TripState.values, MADE, TripPart.values))
FORBIDDEN = [(state, verb, part) for state, verb, part in EVERY if not allowed(verb, state, part)]
UNNAMED = [(verb, to) for verb in MADE for to in TripState.values if to not in TRIP_MOVES[verb].targets]


def test_the_table_forbids_most(cast: Cast) -> None:
    assert len(EVERY) == 8 * 8 * 4
    assert len(FORBIDDEN) == len(EVERY) - sum(
        len(TRIP_MOVES[verb].sources) * len(TRIP_MOVES[verb].who) for verb in MADE
    )


def test_no_forbidden_move_is_made(cast: Cast) -> None:
    asked = route()
    trip = trip_of(cast.librarian, version=1, route=asked)
    for state, verb, part in FORBIDDEN:
        trip.state = state
        with pytest.raises(Refused):
            trip_moves.make(
                trip, verb, TRIP_MOVES[verb].targets[0], part=part, actor=cast.librarian.actor, now=timezone.now()
            )
    assert not trip.moves.exists()


def test_no_move_leads_where_the_table_does_not(cast: Cast) -> None:
    trip = trip_of(cast.librarian, version=1, route=route())
    for verb, to in UNNAMED:
        trip.state = TRIP_MOVES[verb].sources[0]
        with pytest.raises(ValueError):
            trip_moves.make(
                trip, verb, to, part=TRIP_MOVES[verb].who[0], actor=cast.librarian.actor, now=timezone.now()
            )


def test_every_allowed_move_is_made(cast: Cast) -> None:
    """The twin: the same call, with what the table names, passes."""
    trip = trip_of(cast.librarian, version=1, route=route())
    done = 0
    for verb in MADE:
        rule = TRIP_MOVES[verb]
        for state, part, to in product(rule.sources, rule.who, rule.targets):
            trip.state = state
            trip_moves.make(trip, verb, to, part=part, actor=cast.librarian.actor, now=timezone.now())
            done += 1
    assert trip.moves.count() == done


WHO = ("librarian", "colleague", "director", "other_director", "hq", "finance", "auditor", "trainer", "administrator")
DEEDS: dict[str, Callable[[Trip, Any], object]] = {
    TripVerb.SUBMIT: lambda trip, actor: sending.submit(trip=trip, actor=actor, seen=trip.changed_at),
    TripVerb.AMEND: lambda trip, actor: sending.take_back(trip=trip, actor=actor),
    TripVerb.WITHDRAW: lambda trip, actor: sending.withdraw(trip=trip, actor=actor),
    TripVerb.CANCEL: lambda trip, actor: sending.call_off(trip=trip, actor=actor, note="себеп"),
}


@pytest.mark.parametrize("verb", DEEDS)
@pytest.mark.parametrize("state", TripState.values)
def test_by_the_verbs_too(cast: Cast, state: str, verb: str) -> None:
    """Every role, state and verb that the table does not allow is refused, and leaves the trip as it was."""
    trip = trip_of(cast.librarian, version=1, route=route(), state=state)
    for name in WHO:
        member: Member = getattr(cast, name)
        if not allowed(verb, state, part_of(member.actor, trip) or "nobody"):
            with pytest.raises(Refused):
                DEEDS[verb](trip, member.actor)
    assert Trip.objects.get(pk=trip.pk).state == state


@pytest.mark.parametrize("verb", ["approve", "decline", "send_back"])
def test_words_are_given_by_those_asked_alone(cast: Cast, verb: str) -> None:
    route()
    budgets(cast)
    trip = sent(cast.librarian)
    row = TripApproval.objects.get(trip=trip)
    for name in WHO:
        if name != "director":
            with pytest.raises(Refused):
                getattr(approving, verb)(approval=row, actor=getattr(cast, name).actor, seen_version=1, note="сөз")
    assert TripApproval.objects.get(pk=row.pk).state == "open"
    getattr(approving, verb)(approval=row, actor=cast.director.actor, seen_version=1, note="сөз")
    assert TripApproval.objects.get(pk=row.pk).decided_by == cast.director.person
