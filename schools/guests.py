"""People without an account: known by their name and the mail address that stands for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from schools import audit, registry
from schools.access import Actor
from schools.folding import fold
from schools.models import Person
from schools.states import Language, Post

GUEST = Q(account=None, memberships=None, archived_at=None)
"""A condition on Person: somebody without account and role, who was not removed."""
NOTHING = {"surname": "–", "given_name": "", "patronymic": "", "latin_name": "", "email": "", "phone": ""}


@dataclass(frozen=True, slots=True)
class GuestData:
    """What a guest tells of a person: names as forms have cleaned them."""

    surname: str
    given_name: str
    patronymic: str = ""
    post: str = Post.TEACHER

    @property
    def key(self) -> str:
        """By this, two spellings of a name are one person's."""
        return fold(f"{self.surname} {self.given_name} {self.patronymic}")


def known(email: str) -> dict[str, Person]:
    """The guests for whom this address stood before, by folded name. People with an account or a role never count:

    whoever types an address has not shown yet that it is theirs. Nobody is known by no address.
    """
    if not email:
        return {}
    rows = Person.objects.filter(GUEST, email=email)
    return {fold(row.full_name): row for row in rows.order_by("-pk")}


def is_guest(person: Person) -> bool:
    """True for somebody without account and role."""
    return not hasattr(person, "account") and not person.memberships.exists()


def add(rows: Iterable[GuestData], *, email: str, language: str = Language.KK) -> Sequence[Person]:
    """Write down new guests in one statement."""
    people = [
        Person(
            surname=row.surname,
            given_name=row.given_name,
            patronymic=row.patronymic,
            post=row.post,
            language=language,
            email=email,
        )
        for row in rows
    ]
    return Person.objects.bulk_create(people)


def forget(person: Person, *, actor: Actor) -> bool:
    """Remove a guest's name and address for good; what they attended stays without a name.

    Somebody with an account or a role is left as they are, since more than one link's word is needed: False.
    Call it inside a transaction.
    """
    if not is_guest(person):
        return False
    blank(person, archived_at=timezone.now())
    registry.erased.tell(person=person, actor=actor)
    audit.erase(person=person, actor=actor)
    return True


def blank(person: Person, **also: object) -> None:
    """Take name, address and telephone from the row."""
    values = {**NOTHING, **also}
    for field, value in values.items():
        setattr(person, field, value)
    person.save(update_fields=list(values))
