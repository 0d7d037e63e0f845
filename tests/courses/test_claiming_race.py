"""A guest's record is taken over while the guest signs up, confirms or gets a seat: nothing is left behind."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest

from courses import claiming, signing_up, waiting
from courses.models import Enrolment, Signup
from courses.states import EnrolmentState as S
from schools import registry
from schools.errors import Refused
from schools.models import Busy, Person
from tests.courses import guests as visitors
from tests.courses import rows
from tests.courses.test_claiming import guest_in, sign_up
from tests.courses.test_moving_race import blocked_writers, in_thread

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def during_a_claim(cast, guest: Person, deed: Callable[[], object], *, waits: bool = True) -> list[Exception]:
    """Take the guest's record over and, before that is committed, begin the deed; its errors come back.

    With `waits` the deed is seen to wait for the lock, else it is over before the claim is.
    """
    inside, go = Event(), Event()

    def linger(**facts: object) -> None:
        inside.set()
        assert go.wait(20)

    registry.merged.listen(linger)
    try:
        claim, failed = in_thread(
            lambda: claiming.claim(person=cast.librarian.person, guest=guest, actor=cast.librarian.actor)
        )
        assert inside.wait(20)
        other, errors = in_thread(deed)
        until = time.monotonic() + 20
        while (blocked_writers() == 0) if waits else other.is_alive():
            assert time.monotonic() < until
            time.sleep(0.02)
        go.set()
        claim.join(30)
        other.join(30)
    finally:
        registry.merged.forget(linger)
    assert failed == []
    return errors


def left_behind() -> int:
    return Enrolment.objects.filter(person__archived_at__isnull=False).count()


def test_a_guest_who_signs_up_meanwhile_is_written_down_anew(cast):
    guest, run = guest_in(visitors.run(capacity=9)), visitors.run(capacity=9)
    assert during_a_claim(cast, guest, lambda: sign_up(run)) == []
    assert (left_behind(), run.enrolments.get().person.full_name) == (0, guest.full_name)


def test_twin_without_a_second_look_the_sign_up_goes_to_a_row_that_is_nobody(cast, monkeypatch):
    guest, run = guest_in(visitors.run(capacity=9)), visitors.run(capacity=9)
    monkeypatch.setattr(signing_up, "lock_people", lambda people: people)
    assert during_a_claim(cast, guest, lambda: sign_up(run), waits=False) == []
    assert left_behind() == 1


def test_a_link_that_is_used_meanwhile_is_told_to_look_again(cast):
    run = visitors.run(capacity=9, start=rows.START + timedelta(days=30))
    guest = guest_in(visitors.run(capacity=9))
    signup = sign_up(run)
    (problem,) = during_a_claim(cast, guest, lambda: signing_up.confirm(signup=signup))
    assert isinstance(problem, Refused)
    signing_up.confirm(signup=Signup.objects.get(pk=signup.pk))
    row = run.enrolments.get()
    assert (row.state, row.person, left_behind()) == (S.CONFIRMED, cast.librarian.person, 0)
    assert set(Busy.objects.values_list("person", flat=True)) == {cast.librarian.person.pk}


def test_a_seat_that_is_freed_meanwhile_takes_the_time_of_the_right_person(cast):
    run = visitors.run(capacity=1)
    visitors.confirmed(run)
    guest = guest_in(run)
    type(run).objects.filter(pk=run.pk).update(capacity=2)
    assert during_a_claim(cast, guest, lambda: waiting.fill(run_id=run.pk)) == []
    assert [state for _number, state in visitors.states(run)] == [S.CONFIRMED, S.CONFIRMED]
    assert (Busy.objects.filter(person=guest).count(), Busy.objects.filter(person=cast.librarian.person).count()) == (
        0,
        1,
    )


def test_of_two_claims_at_once_one_is_done(cast):
    guest = guest_in(visitors.run(capacity=9))
    claim = {"person": cast.librarian.person, "guest": guest, "actor": cast.librarian.actor}
    (problem,) = during_a_claim(cast, guest, lambda: claiming.claim(**claim))
    assert isinstance(problem, Refused)
    assert (left_behind(), Enrolment.objects.get().person) == (0, cast.librarian.person)
