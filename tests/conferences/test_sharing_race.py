"""Two workers look at promises at once: one run keeps one promise of a person, and nobody sees an error."""

import pytest
from django.db import IntegrityError

from conferences import keeping
from conferences.models import Promise, TripDerivation
from conferences.trip_states import PromiseState
from tests.conferences.trips import gone_trip, promise
from tests.courses import rows
from tests.courses.test_deriving_race import race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def two_trips(cast):
    """Two trips of one librarian with a promise each, and one seminar that came from both."""
    run = rows.past_run(cast.librarian.person, course=rows.course(kind="seminar"))
    rows.attend(rows.seats(run, [cast.guest.person]))
    trips = [gone_trip(cast.librarian) for _at in range(2)]
    for trip in trips:
        promise(trip, cast.librarian)
        TripDerivation.objects.create(trip=trip, run=run)
    return trips


def kept() -> list[str]:
    return sorted(Promise.objects.values_list("state", flat=True))


def test_of_two_workers_one_gives_the_run_and_the_other_leaves_it(cast):
    first, second = two_trips(cast)
    errors = race(lambda: keeping.keep_promises([first.pk]), lambda: keeping.keep_promises([second.pk]))
    assert (errors, kept()) == (([], []), [PromiseState.KEPT, PromiseState.OPEN])


def test_without_the_savepoint_the_second_worker_would_fail(cast):
    """The twin: what the database refuses reaches the worker."""
    first, second = two_trips(cast)
    run = TripDerivation.objects.first().run

    def careless(trip):
        keeping.make(trip.promises.get(), "keep", actor=cast.hq.actor, run_id=run.pk)

    errors, more = race(lambda: careless(first), lambda: careless(second))
    assert (errors, [type(error) for error in more]) == ([], [IntegrityError])
    assert kept() == [PromiseState.KEPT, PromiseState.OPEN]
