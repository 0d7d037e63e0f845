"""The named cast that every test works with: real rows, known passwords, two schools.

`cast.librarian`, `cast.colleague`, `cast.director`, `cast.deputy` belong to `cast.school`;
`cast.stranger`, `cast.other_director` to `cast.other_school`; `cast.hq`, `cast.finance`, `cast.trainer`,
`cast.auditor`, `cast.administrator` to the network; `cast.guest` has a person and no account.
Each has `.person`, `.user`, `.actor` and `.client()`; the password is `make.PASSWORD`.
"""

from dataclasses import dataclass

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from schools.access import NOBODY, Actor
from schools.models import Membership, Person, School, User
from schools.states import Post, Role
from tests import make

AT_SCHOOL = {
    "librarian": (Role.LIBRARIAN, "Сәрсенова", "Әлия", "Қайратқызы", Post.TEACHER_LIBRARIAN),
    "colleague": (Role.LIBRARIAN, "Ғабитова", "Гүлнар", "Өмірбекқызы", Post.SENIOR),
    "director": (Role.DIRECTOR, "Оспанов", "Ерлан", "Маратұлы", Post.DIRECTOR),
    "deputy": (Role.DEPUTY, "Төлегенова", "Айжан", "", Post.DEPUTY),
}
AT_OTHER_SCHOOL = {
    "stranger": (Role.LIBRARIAN, "Ермекова", "Зере", "Нұрланқызы", Post.TEACHER_LIBRARIAN),
    "other_director": (Role.DIRECTOR, "Хамитов", "Қайрат", "", Post.DIRECTOR),
}
NETWORK = {
    "hq": (Role.HQ, "Үсенова", "Нұрсұлу", "Ахметқызы", Post.STAFF),
    "finance": (Role.FINANCE, "Ким", "Виктор", "Сергеевич", Post.STAFF),
    "trainer": (Role.TRAINER, "Иманбаев", "Дәурен", "", Post.OTHER),
    "auditor": (Role.AUDITOR, "Петрова", "Ольга", "Ивановна", Post.STAFF),
    "administrator": (Role.ADMINISTRATOR, "Жұмабаев", "Асқар", "Болатұлы", Post.STAFF),
}


@dataclass(frozen=True)
class Member:
    """One of the cast. `user` is None and `actor` nobody for the guest, who has no account."""

    person: Person
    user: User | None
    actor: Actor

    def client(self) -> Client:
        """A new browser, signed in."""
        return make.client_of(self.user)


@dataclass(frozen=True)
class Cast:
    school: School
    other_school: School
    librarian: Member
    colleague: Member
    director: Member
    deputy: Member
    stranger: Member
    other_director: Member
    hq: Member
    finance: Member
    trainer: Member
    auditor: Member
    administrator: Member
    guest: Member

    def everyone(self) -> dict[str, Member]:
        """All who have an account, by name."""
        members = {name: value for name, value in vars(self).items() if isinstance(value, Member)}
        return {name: member for name, member in members.items() if member.user}


def _people() -> dict[str, Person]:
    rows = {
        name: make.new_person(
            surname=surname, given_name=given, patronymic=patronymic, post=post, email=f"{name}@example.kz"
        )
        for name, (_, surname, given, patronymic, post) in {**AT_SCHOOL, **AT_OTHER_SCHOOL, **NETWORK}.items()
    }
    Person.objects.bulk_create(rows.values())
    return rows


def _member(person: Person, user: User, role: str, school: School | None) -> Member:
    grants = frozenset({(str(role), school.pk if school else None)})
    return Member(person, user, Actor(person.pk, str(user), grants=grants, is_authenticated=True))


def build() -> Cast:
    """Write the cast in a handful of statements."""
    school = make.school("semey", name="Семей ФМБ НЗМ")
    almaty = make.region("KZ-75", name_kk="Алматы қаласы", name_ru="город Алматы", name_en="Almaty city", kind="city")
    other = make.school("almaty-chb", name="Алматы ХББ НЗМ", region=almaty, city_kk="Алматы", direction="CB")
    where = {name: school for name in AT_SCHOOL} | {name: other for name in AT_OTHER_SCHOOL}
    roles = {name: row[0] for name, row in {**AT_SCHOOL, **AT_OTHER_SCHOOL, **NETWORK}.items()}
    people = _people()
    users = {name: make.new_account(person) for name, person in people.items()}
    User.objects.bulk_create(users.values())
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users.values()
    )
    Membership.objects.bulk_create(
        Membership(person=people[name], role=roles[name], school=where.get(name), valid_from=make.LONG_AGO)
        for name in people
    )
    members = {name: _member(people[name], users[name], roles[name], where.get(name)) for name in people}
    guest = Member(make.person(surname="Қонақова", given_name="Мәриям", email="guest@example.kz"), None, NOBODY)
    return Cast(school=school, other_school=other, guest=guest, **members)


@pytest.fixture
def cast(db: None) -> Cast:
    return build()
