"""Somebody gets a seat while the run is being moved: the seat's taken time is that of the new dates."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction

from courses import enrolling, moving, running, seats
from courses.models import Run
from schools.models import Busy
from tests.courses.test_moving import REASON, published, schedule

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def in_thread(deed):
    """Run in a thread of its own with its own connection; errors come back in the list."""
    errors = []

    def work():
        try:
            deed()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    return thread, errors


def blocked_writers() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def apply_slowly(cast, run, inside: Event, go: Event):
    with transaction.atomic():
        enrolling.enrol(person=cast.librarian.person, run=run, actor=cast.librarian.actor)
        inside.set()
        assert go.wait(20)


def taken_and_met(run):
    """The librarian's taken time, and the run's meetings."""
    return set(Busy.objects.values_list("start", "end")), set(run.meetings.values_list("starts_at", "ends_at"))


def test_a_seat_given_meanwhile_moves_along(cast):
    run, inside, go = published(cast), Event(), Event()
    wanted, seen = schedule(run), running.version(run)
    applying, errors = in_thread(lambda: apply_slowly(cast, run, inside, go))
    assert inside.wait(20)
    mover, more = in_thread(
        lambda: moving.move_run(run=run, schedule=wanted, actor=cast.hq.actor, reason=REASON, seen=seen)
    )
    while mover.is_alive() and not blocked_writers():
        pass
    go.set()
    applying.join(20)
    mover.join(20)
    assert (errors, more) == ([], [])
    taken, met = taken_and_met(run)
    assert len(taken) == 2
    assert taken == met


def test_without_the_second_look_the_seat_would_keep_the_old_time(cast):
    """The twin: dates rewritten for those who had a seat at the first look alone."""
    run, inside, go = published(cast), Event(), Event()
    wanted = schedule(run)

    def careless():
        with transaction.atomic():
            assert not run.enrolments.exists()
            locked = seats.lock_run(run.pk)
            moving._write(locked, wanted)

    applying, errors = in_thread(lambda: apply_slowly(cast, run, inside, go))
    assert inside.wait(20)
    mover, more = in_thread(careless)
    while mover.is_alive() and not blocked_writers():
        pass
    go.set()
    applying.join(20)
    mover.join(20)
    assert (errors, more) == ([], [])
    taken, met = taken_and_met(Run.objects.get(pk=run.pk))
    assert not taken & met
