"""Guests for tests: contacts, the people they bring, and sign-ups."""

from itertools import count

from courses import signing_up
from courses.models import Run, Signup
from courses.signing_up import Contact
from schools.guests import GuestData
from schools.models import School
from tests.courses import rows

_number = count(1)
SURNAMES = ("Бекова", "Дәулетов", "Ескенова", "Жақсыбек", "Кәрімова", "Латифов")


def run(**fields: object) -> Run:
    """A published seminar that is open to staff of any school."""
    return rows.run(**{"outreach": True, "course": rows.course(kind="seminar", hours=6), "days": 1, **fields})


def people(many: int) -> list[GuestData]:
    return [GuestData(surname=f"{SURNAMES[at % 6]}{next(_number)}", given_name="Айгүл") for at in range(many)]


def sign_up(run: Run, many: int = 1, *, email: str = "", school: School | None = None, language: str = "kk") -> Signup:
    """A contact signs up so many people; nothing is confirmed yet."""
    coming = people(many)
    contact = Contact(
        name=f"{coming[0].surname} {coming[0].given_name}",
        email=email or f"guest{next(_number)}@example.kz",
        language=language,
    )
    return signing_up.sign_up(run=run, contact=contact, coming=coming, school=school).signup


def states(run: Run) -> list[tuple[int, str]]:
    """Number and state of everybody in the run, in order."""
    return list(run.enrolments.order_by("number").values_list("number", "state"))
