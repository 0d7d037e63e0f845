"""What guests did under an address that an account has proved to be its own.

One address stands for many: a contact's colleagues, and everybody who shares a school's mailbox. So only guests are
found who were the contact themselves, by the name in the sign-up, and whose surname or given name is the reader's.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import Prefetch
from django.db.models.functions import Lower

from courses.models import Certificate, Enrolment, NotMine
from courses.states import LIVE, CertificateState
from schools.folding import fold
from schools.guests import GUEST
from schools.models import Person


@dataclass(frozen=True, slots=True)
class Found:
    """A guest who may be the reader, with what stands under that name, the newest first.

    `told` is true once the reader has said that it was somebody else.
    """

    guest: Person
    rows: list[Enrolment]
    told: bool


def found(person: Person) -> list[Found]:
    """Guests who may be this person. One query where nobody is found."""
    proved = EmailAddress.objects.filter(user__person=person, verified=True).values_list(Lower("email"))
    guests = Person.objects.filter(GUEST, email__in=proved).exclude(pk=person.pk)
    valid = Certificate.objects.filter(state=CertificateState.VALID)
    rows = (
        Enrolment.objects.filter(person__in=guests, state__in=LIVE)
        .select_related("person", "signup", "school", "run__course")
        .prefetch_related("school__names", Prefetch("certificates", valid, to_attr="valid"))
        .order_by("-run__starts_on", "-id")
    )
    by_guest: dict[Person, list[Enrolment]] = {}
    for row in rows:
        by_guest.setdefault(row.person, []).append(row)
    others = set(NotMine.objects.filter(person=person).values_list("guest", flat=True)) if by_guest else set()
    return [
        Found(guest, mine, guest.pk in others)
        for guest, mine in by_guest.items()
        if _is_contact(guest, mine) and _alike(guest, person)
    ]


def offered(person: Person) -> int:
    """How many courses and seminars stand under guests of whom the person has not spoken yet."""
    return sum(len(one.rows) for one in found(person) if not one.told)


def _is_contact(guest: Person, rows: Iterable[Enrolment]) -> bool:
    name = fold(guest.full_name)
    return any(row.signup and row.signup.email == guest.email and fold(row.signup.name) == name for row in rows)


def _alike(guest: Person, person: Person) -> bool:
    """Names change by marriage and by slips of the pen, but not both at once."""
    return any(fold(getattr(guest, part)) == fold(getattr(person, part)) for part in ("surname", "given_name"))
