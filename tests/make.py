"""Rows for tests, made plainly: each function writes what its name says and returns the row."""

from datetime import date
from functools import lru_cache
from itertools import count

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.test import Client

from schools import directory
from schools.models import Membership, NetworkPeriod, Person, Region, School, SchoolName, User
from schools.states import Role

PASSWORD = "kitap-oqimyz-2026"
LONG_AGO = date(2015, 9, 1)
NAMES = ("Әлия", "Гүлнар", "Айжан", "Ерлан", "Нұрсұлу", "Қайрат", "Өмірбек", "Зере", "Үміт", "Хадиша")
_number = count(1)


@lru_cache
def password_hash() -> str:
    """The hash of PASSWORD, counted once: hashing is slow on purpose."""
    return make_password(PASSWORD)


def region(iso: str = "KZ-10", **fields: object) -> Region:
    names = {"name_kk": "Абай облысы", "name_ru": "область Абай", "name_en": "Abai Region", "kind": "oblast"}
    return Region.objects.get_or_create(iso=iso, defaults={**names, **fields})[0]


def school(code: str = "", *, name: str = "", in_network: bool = True, **fields: object) -> School:
    """A school of the network, with one name in three languages (`name` stands in all of them)."""
    number = next(_number)
    name = name or f"№{number} мектеп"
    row = School.objects.create(
        code=code or f"school-{number}",
        region=fields.pop("region", None) or region(),
        **{"city_kk": "Семей", "city_ru": "Семей", "city_en": "Semey", "direction": "PM", **fields},
    )
    SchoolName.objects.create(
        school=row,
        **{f"short_{language}": name for language in ("kk", "ru", "en")},
        **{f"official_{language}": f"{name} ({language})" for language in ("kk", "ru", "en")},
    )
    if in_network:
        NetworkPeriod.objects.create(school=row, valid_from=LONG_AGO)
    return row


def general_school(name: str = "", **fields: object) -> School:
    """A general-education school of the directory; `fields` are FACTS of it or columns."""
    number = next(_number)
    values = {"name_kk": name or f"№ {number} жалпы білім беретін мектеп", "city_kk": "Талғар", **fields}
    row, named = directory.new_school({"region": region(), **values}, source="added")
    for column in fields.keys() - set(directory.FACTS):
        setattr(row, column, fields[column])
    row.save()
    named.save()
    return row


def new_person(**fields: object) -> Person:
    """A person that is not yet saved, with a name and an address of their own."""
    number = next(_number)
    usual = {
        "surname": f"Сынақов{number}",
        "given_name": NAMES[number % len(NAMES)],
        "email": f"person{number}@example.kz",
    }
    return Person(**{**usual, **fields})


def person(**fields: object) -> Person:
    row = new_person(**fields)
    row.save()
    return row


def role(person: Person, role: str, school: School | None = None, **dates: object) -> Membership:
    """A role held since LONG_AGO, or for the dates given."""
    return Membership.objects.create(
        person=person, role=role, school=school, **{"valid_from": LONG_AGO, "valid_to": None, **dates}
    )


def new_account(person: Person, **fields: object) -> User:
    return User(email=person.email, person=person, password=password_hash(), **fields)


def account(person: Person, **fields: object) -> User:
    """An account with PASSWORD and a verified address."""
    user = new_account(person, **fields)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def librarian(school: School, **fields: object) -> Person:
    """A librarian of the school, without an account."""
    row = person(**fields)
    role(row, Role.LIBRARIAN, school)
    return row


def librarians(school: School, number: int) -> list[Person]:
    """Many librarians of one school, in two statements."""
    people = Person.objects.bulk_create(new_person() for _ in range(number))
    Membership.objects.bulk_create(
        Membership(person=row, role=Role.LIBRARIAN, school=school, valid_from=LONG_AGO) for row in people
    )
    return people


def client_of(user: User) -> Client:
    """A browser signed in as the account."""
    client = Client()
    client.force_login(user)
    return client
