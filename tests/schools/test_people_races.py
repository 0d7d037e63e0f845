"""Two hands on one person at once: one deed is done, the other is refused, and nothing is half done."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from schools import people, roles, roster
from schools.errors import Refused
from schools.models import Membership, Person, RosterImport, User
from schools.roster import Entry
from schools.states import Role
from tests import make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TIMES = 8


def at_once(*deeds: object) -> list[str]:
    """Run the deeds side by side: «done» or «refused» of each. Any other error fails the test."""

    def run(deed: object) -> str:
        try:
            deed()
        except Refused:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(run, deeds))


def test_two_transfers_of_one_librarian_do_not_both_hold(cast):
    schools = [make.school() for _ in range(TIMES)]
    today = timezone.localdate()

    def move(school: object):
        return lambda: roles.transfer(person=cast.librarian.person, school=school, on=today, actor=cast.hq.actor)

    assert at_once(*map(move, schools)) == ["done"] + ["refused"] * (TIMES - 1)
    rows = Membership.objects.filter(person=cast.librarian.person, role=Role.LIBRARIAN).order_by("valid_from")
    assert [row.valid_to for row in rows] == [today - timedelta(days=1), None]


def test_two_invitations_to_one_address_make_one_person(cast):
    data = people.PersonData(surname="Жаңа", given_name="Адам", email="new@example.kz")
    today = timezone.localdate()

    def invite():
        people.invite(data=data, role="librarian", school=cast.school, since=today, actor=cast.hq.actor)

    assert at_once(*[invite] * TIMES) == ["done"] + ["refused"] * (TIMES - 1)
    assert (User.objects.filter(email=data.email).count(), Person.objects.filter(email=data.email).count()) == (1, 1)


def test_a_roster_is_applied_once(cast):
    row = {"surname": "Жаңа", "given_name": "Адам", "email": "new@example.kz", "school": "semey"}
    roster.keep(name="r.csv", entries=[Entry(2, row)], since=timezone.localdate(), actor=cast.hq.actor)
    found = RosterImport.objects.get()

    def apply():
        roster.apply(roster=found, actor=cast.hq.actor)

    assert at_once(*[apply] * TIMES) == ["done"] + ["refused"] * (TIMES - 1)
    assert Person.objects.filter(email="new@example.kz").count() == 1


def test_without_the_lock_the_same_transfers_run_into_the_constraint(cast, monkeypatch):
    """The twin: it proves that the race is real, and that the database stands behind the lock."""
    together = Barrier(TIMES)

    def look_without_lock(person: Person) -> Person:
        together.wait(timeout=20)
        return person

    monkeypatch.setattr(roles, "lock", look_without_lock)
    with pytest.raises(IntegrityError):
        test_two_transfers_of_one_librarian_do_not_both_hold(cast)
