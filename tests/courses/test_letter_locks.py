"""Letters to a contact and about a run lock in one order: rows of people, the sign-up, then their moves."""

from threading import Event

import pytest
from django.db import transaction
from django.db.utils import OperationalError
from django.utils import timezone

from courses import moving, notices
from courses.models import Enrolment, EnrolmentMove, Signup
from tests.courses import guests, rows
from tests.courses.test_moving import REASON
from tests.courses.test_moving_race import blocked_writers, in_thread

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def tell_slowly(signup, inside: Event, go: Event):
    """What `guest_letters.tell_signup` locks, with a pause where somebody else may come in between."""
    with transaction.atomic():
        list(Enrolment.objects.select_for_update(no_key=True).filter(signup=signup).order_by("pk"))
        Signup.objects.select_for_update(no_key=True, of=("self",)).get(pk=signup.pk)
        inside.set()
        assert go.wait(20)
        EnrolmentMove.objects.filter(enrolment__signup=signup).update(told_at=timezone.now())


def both(cast) -> list[Exception]:
    """A letter to the contact and the one about the run that was called off, at the same moment."""
    run, inside, go = guests.run(), Event(), Event()
    signup = guests.confirmed(run, 2)
    moving.cancel_run(run=run, actor=cast.hq.actor, reason=REASON)
    EnrolmentMove.objects.update(told_at=None)
    one, errors = in_thread(lambda: tell_slowly(signup, inside, go))
    assert inside.wait(20)
    other, more = in_thread(notices.tell_untold)
    while other.is_alive() and not blocked_writers():
        pass
    go.set()
    one.join(30)
    other.join(30)
    return [*errors, *more]


def test_a_letter_to_the_contact_and_one_about_the_run_do_not_wait_for_each_other(cast):
    assert both(cast) == []


def test_without_the_one_order_one_of_them_would_die(cast, monkeypatch):
    """The twin."""
    monkeypatch.setattr(notices, "_lock_with_guests", lambda _rows: None)
    [died] = both(cast)
    assert isinstance(died, OperationalError)


def hold(row: Enrolment, inside: Event, go: Event) -> None:
    """Lock one row until told to go on."""
    with transaction.atomic():
        Enrolment.objects.select_for_update(no_key=True).get(pk=row.pk)
        inside.set()
        assert go.wait(20)


def locked_ahead(cast) -> tuple[bool, bool]:
    """The first row of a batch is somebody else's: whether the batch waits for it, and locks a later one meanwhile."""
    run, inside, go = guests.run(), Event(), Event()
    [staff] = rows.seats(run, [cast.librarian.person])
    signup = guests.confirmed(run)
    moving.cancel_run(run=run, actor=cast.hq.actor, reason=REASON)
    one, _errors = in_thread(lambda: hold(staff, inside, go))
    assert inside.wait(20)
    other, errors = in_thread(notices.tell_untold)
    while other.is_alive() and not blocked_writers():
        pass
    waits = other.is_alive()
    with transaction.atomic():
        free = Enrolment.objects.select_for_update(no_key=True, skip_locked=True).filter(signup=signup)
        ahead = not list(free)
    go.set()
    one.join(30)
    other.join(30)
    assert errors == []
    return waits, ahead


def test_a_batch_of_staff_and_guests_is_locked_in_the_order_of_its_rows(cast):
    assert locked_ahead(cast) == (True, False)


def test_with_guests_first_the_batch_would_lock_a_later_row(cast, monkeypatch):
    """The twin."""
    in_order = notices._lock_with_guests

    def guests_first(batch):
        in_order([row for row in batch if row.signup_id])
        in_order(batch)

    monkeypatch.setattr(notices, "_lock_with_guests", guests_first)
    assert locked_ahead(cast) == (True, True)
