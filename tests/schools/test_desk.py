"""One number and one row of tabs for all that waits for a word."""

import pytest

from conferences.trip_queries import words_to_give
from courses import enrolling
from schools import desk
from tests.cast import Cast
from tests.conferences import asking
from tests.conferences.trips import route
from tests.courses import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def _waiting(cast: Cast) -> None:
    """Two applications and one trip wait for the director."""
    for member in (cast.librarian, cast.colleague):
        enrolling.enrol(person=member.person, run=rows.run(chain=rows.director_chain()), actor=member.actor)
    route()
    asking.budgets(cast)
    asking.sent(cast.librarian)


@pytest.mark.usefixtures("_waiting")
def test_all_kinds_are_counted_in_one_query(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert desk.count(cast.director.actor) == 3
    assert desk.count(cast.librarian.actor) == 0
    assert desk.count(cast.hq.actor) == 0


@pytest.mark.usefixtures("_waiting")
def test_tabs_say_how_many_wait_elsewhere(cast: Cast) -> None:
    found = {
        url.rsplit("/kk")[-1]: (here, count)
        for _label, url, here, count in desk.tabs(cast.director.actor, "courses:decisions")
    }
    assert sorted(found.values(), key=str) == [(False, 1), (True, None)]
    assert words_to_give(cast.director.actor).count() == 1
