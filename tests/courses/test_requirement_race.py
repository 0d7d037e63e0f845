"""Two coordinators name prerequisites at once: no circle closes between them."""

import pytest

from courses import requirement_queries, requiring
from courses.models import Prerequisite
from schools.errors import Refused
from tests.courses import rows
from tests.courses.test_deriving_race import race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def half_circles():
    """Four courses, of which b needs a, and d needs c."""
    a, b, c, d = (rows.course() for _at in range(4))
    Prerequisite.objects.create(course=b, needed=a)
    Prerequisite.objects.create(course=d, needed=c)
    return a, b, c, d


def test_the_second_half_of_a_circle_is_refused_though_the_two_share_no_course(cast):
    a, b, c, d = half_circles()
    errors, more = race(
        lambda: requiring.need(course=c, needed=b, actor=cast.hq.actor),
        lambda: requiring.need(course=a, needed=d, actor=cast.hq.actor),
    )
    assert errors == []
    assert [type(error) for error in more] == [Refused]
    assert Prerequisite.objects.count() == 3


def test_without_the_lock_the_circle_would_close(cast):
    """The twin: both look, both find no circle, both write."""
    a, b, c, d = half_circles()

    def careless(course, needed):
        assert not requirement_queries.leads_back(course.pk, needed.pk)
        Prerequisite.objects.create(course=course, needed=needed)

    assert race(lambda: careless(c, b), lambda: careless(a, d)) == ([], [])
    assert requirement_queries.leads_back(b.pk, a.pk) is True
