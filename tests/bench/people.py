"""Crowds for the bench: librarians with accounts, and their sessions."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, models

from schools.models import Membership, Person, School, User
from schools.models.base import make_uid
from schools.states import Role
from tests import make


@dataclass(frozen=True)
class Member:
    person: int
    user: int
    session: str


def school() -> School:
    """A school of the network, as the reference data has it."""
    return School.objects.exclude(network_periods=None).order_by("code").first() or make.school()


def librarians(count: int) -> list[Member]:
    """New librarians of one school, signed in."""
    where = school()
    people = Person.objects.bulk_create(make.new_person(email=f"{make_uid().lower()}@example.kz") for _ in range(count))
    users = User.objects.bulk_create(make.new_account(person) for person in people)
    Membership.objects.bulk_create(
        Membership(person=person, role=Role.LIBRARIAN, school=where, valid_from=make.LONG_AGO) for person in people
    )
    return [Member(user.person_id, user.pk, _sign_in(user)) for user in users]


def _sign_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def number_from(model: type[models.Model], first: int) -> None:
    """Let the table's keys go on from `first`, so that a key can be told from those of other tables."""
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{model._meta.db_table}" ALTER COLUMN id RESTART WITH {first}')
