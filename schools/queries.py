"""Reads of the ground floor that are used twice or more."""

from datetime import date

from django.db.models import Q, QuerySet

from schools.access import NOBODY, Actor
from schools.models import Membership, Person, School, User
from schools.states import Role


def in_force(day: date) -> Q:
    """Rows with `valid_from`/`valid_to` that hold on `day`."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def actor_of(user: User, *, on: date) -> Actor:
    """The actor behind an account, with the roles in force on that day (one query)."""
    if not user.is_authenticated:
        return NOBODY
    grants = frozenset(
        Membership.objects.filter(in_force(on), person_id=user.person_id).values_list("role", "school_id")
    )
    return Actor(
        person_id=user.person_id,
        name=str(user),
        grants=grants,
        superuser=user.is_superuser,
        is_authenticated=True,
    )


def school_of(person: Person, *, on: date) -> School | None:
    """The school where the person works as a librarian, director or deputy on that day."""
    row = (
        Membership.objects.filter(in_force(on), person=person, school__isnull=False)
        .select_related("school__region")
        .prefetch_related("school__names")
        .order_by("valid_from")
        .last()
    )
    return row.school if row else None


def heads_of(school: School, *, on: date) -> QuerySet[Person]:
    """Director and deputies of the school on that day."""
    return (
        Person.objects.filter(
            in_memberships(on, role__in=[Role.DIRECTOR, Role.DEPUTY], school=school), archived_at=None
        )
        .distinct()
        .order_by("id")
    )


def holders_of(role: str, *, on: date) -> QuerySet[Person]:
    """People who hold a network role on that day."""
    return Person.objects.filter(in_memberships(on, role=role), archived_at=None).distinct().order_by("id")


def in_memberships(day: date, **filters: object) -> Q:
    """A condition on Person: has a membership in force on `day` that fits `filters`."""
    return Q(pk__in=Membership.objects.filter(in_force(day), **filters).values("person_id"))
