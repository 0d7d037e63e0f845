"""Two coordinators name sources at once: no circle closes between them."""

from threading import Event

import pytest
from django.db import transaction

from courses import chain_queries, deriving
from courses.models import Derivation
from schools.errors import Refused
from tests.courses import rows
from tests.courses.test_moving_race import blocked_writers, in_thread

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def slowly(deed, inside: Event, go: Event):
    with transaction.atomic():
        deed()
        inside.set()
        assert go.wait(20)


def race(first, second):
    """Both deeds, the second while the first is not yet committed; the errors of each."""
    inside, go = Event(), Event()
    one, errors = in_thread(lambda: slowly(first, inside, go))
    assert inside.wait(20)
    two, more = in_thread(second)
    while two.is_alive() and not blocked_writers():
        pass
    go.set()
    one.join(20)
    two.join(20)
    return errors, more


def ring():
    """Four runs, of which b came from a, and d from c."""
    a, b, c, d = (rows.run() for _at in range(4))
    rows.source(b, a)
    rows.source(d, c)
    return a, b, c, d


def test_the_second_half_of_a_circle_is_refused_though_the_two_share_no_run(cast):
    a, b, c, d = ring()
    errors, more = race(
        lambda: deriving.derive(run=c, source=b, actor=cast.hq.actor),
        lambda: deriving.derive(run=a, source=d, actor=cast.hq.actor),
    )
    assert errors == []
    assert [type(error) for error in more] == [Refused]
    assert not chain_queries.descends(a, a)


def test_without_the_lock_the_circle_would_close(cast):
    """The twin: both look, both find no circle, both write."""
    a, b, c, d = ring()

    def careless(run, source):
        assert not chain_queries.descends(run, source)
        Derivation.objects.create(run=run, source_run=source)

    assert race(lambda: careless(c, b), lambda: careless(a, d)) == ([], [])
    assert [chain_queries.descends(a, run) for run in (b, c, d)] == [True, True, True]
    assert chain_queries.descends(d, a)
