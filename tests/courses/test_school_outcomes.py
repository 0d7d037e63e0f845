"""A director reads what allocations gave the people of the own school, with the reasons."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import translation

from courses import publishing
from courses.models import Allocation
from tests import make
from tests.cast import Cast
from tests.courses import intakes


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def published(cast: Cast, *people, places: int = 1) -> Allocation:
    (run,) = intakes.runs(places)
    intakes.pool(people, run)
    return publishing.publish(allocation=intakes.propose(run.intake, cast.hq.actor), actor=cast.hq.actor)


def page(member) -> str:
    return member.client().get(reverse("courses:school_outcomes")).text


def test_directors_read_of_their_own_people_alone_where_the_place_is_and_why(cast: Cast) -> None:
    made = published(cast, cast.librarian.person, cast.stranger.person)
    own, theirs = page(cast.director), page(cast.other_director)
    assert cast.librarian.person.full_name in own
    assert cast.stranger.person.full_name not in own
    assert cast.stranger.person.full_name in theirs
    outcome = made.outcomes.get(enrolment__person=cast.librarian.person)
    assert ("waiting list" in own) == (outcome.run is None)
    assert reverse("courses:enrolment", args=[outcome.enrolment.uid]) in own


def test_a_proposal_is_nobody_s_yet(cast: Cast) -> None:
    (run,) = intakes.runs(1)
    intakes.pool([cast.librarian.person], run)
    intakes.propose(run.intake, cast.hq.actor)
    assert "Nothing was shared yet" in page(cast.director)


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_asks_as_much_for_many_as_for_one(cast: Cast, number: int, django_assert_num_queries) -> None:
    published(cast, *make.librarians(cast.school, number), places=3)
    client = cast.director.client()
    with django_assert_num_queries(7):
        assert client.get(reverse("courses:school_outcomes")).status_code == 200


def test_the_rules_lead_there_for_those_who_lead(cast: Cast) -> None:
    address, rules = reverse("courses:school_outcomes"), reverse("courses:sharing_rules")
    assert address in cast.deputy.client().get(rules).text
    assert address not in cast.librarian.client().get(rules).text
