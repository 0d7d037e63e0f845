"""Reads of the ground floor that are used twice or more."""

from datetime import date

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from schools.access import NOBODY, Actor
from schools.alphabet import in_order
from schools.models import Membership, NetworkPeriod, Person, School, User
from schools.states import Role, SchoolKind


def in_force(day: date) -> Q:
    """Rows with `valid_from`/`valid_to` that hold on `day`."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def actor_of(user: User | AnonymousUser, *, on: date) -> Actor:
    """The actor behind an account, with the roles in force on that day (one query)."""
    if not user.is_authenticated:
        return NOBODY
    held = (
        Membership.objects.filter(in_force(on), person=user.person_id) if user.person_id else Membership.objects.none()
    )
    grants = frozenset(held.values_list("role", "school_id"))
    return Actor(
        person_id=user.person_id,
        name=str(user),
        grants=grants,
        superuser=user.is_superuser,
        is_authenticated=True,
    )


def school_of(person: Person, *, on: date) -> School | None:
    """The school where the person works as a librarian, director or deputy on that day."""
    row = _places_of_work(person, on).select_related("school__region").last()
    return row.school if row else None


def school_id_of(person: Person, *, on: date) -> int | None:
    """The key of that school, where no more is needed."""
    return _places_of_work(person, on).values_list("school_id", flat=True).last()


def _places_of_work(person: Person, on: date) -> QuerySet[Membership]:
    return Membership.objects.filter(in_force(on), person=person, school__isnull=False).order_by("valid_from")


def heads_of(school: School | int, *, on: date) -> QuerySet[Person]:
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


def address_is_taken(email: str, *, but: User | None = None) -> bool:
    """True if an account signs in by this address, or has confirmed it as a further one."""
    users = User.objects.filter(email=email.lower())
    further = EmailAddress.objects.filter(email__iexact=email, verified=True)
    if but is not None:
        users, further = users.exclude(pk=but.pk), further.exclude(user=but)
    return users.exists() or further.exists()


def people_of(actor: Actor, *, on: date) -> QuerySet[Person]:
    """The people whom the actor may look up: everybody for the network's offices, else the schools led."""
    people = Person.objects.filter(archived_at=None)
    if actor.is_network:
        return people
    return people.filter(in_memberships(on, school__in=actor.schools_led()))


def with_roles(people: QuerySet[Person], *, on: date) -> QuerySet[Person]:
    """Adds `roles_now`, the memberships in force with their schools, and the account."""
    rows = Membership.objects.filter(in_force(on)).select_related("school").prefetch_related("school__names")
    return people.select_related("account").prefetch_related(Prefetch("memberships", rows, to_attr="roles_now"))


def network_schools(*, on: date) -> QuerySet[School]:
    """Schools that belong to the network on that day."""
    inside = NetworkPeriod.objects.filter(in_force(on)).values("school")
    return School.objects.filter(pk__in=inside, archived_at=None).order_by("code")


def with_librarians(schools: QuerySet[School], *, on: date) -> QuerySet[School]:
    """Adds `librarians`, how many work there on that day."""
    rows = (
        Membership.objects.filter(in_force(on), role=Role.LIBRARIAN, school=OuterRef("pk"))
        .order_by()
        .values("school")
        .annotate(n=Count("person", distinct=True))
        .values("n")
    )
    return schools.annotate(librarians=Coalesce(Subquery(rows), 0))


def nis_schools() -> QuerySet[School]:
    """NIS schools, for every list where one works, hosts or is looked up; the others stand in the directory."""
    return School.objects.filter(kind=SchoolKind.NIS, archived_at=None).order_by("code")


def schools_of(actor: Actor) -> QuerySet[School]:
    """Schools whose people the actor may look up."""
    return nis_schools() if actor.is_network else nis_schools().filter(pk__in=actor.schools_led())


def staff_of(school: School, *, on: date) -> QuerySet[Membership]:
    """Who works at the school on that day, in Kazakh order of names."""
    return (
        Membership.objects.filter(in_force(on), school=school, person__archived_at=None)
        .select_related("person")
        .order_by(*in_order("person__surname", "person__given_name"), "id")
    )


def people_at(school: School, *, on: date) -> QuerySet[Person]:
    """Everybody who works at the school on that day, in Kazakh order of names."""
    return Person.objects.filter(in_memberships(on, school=school), archived_at=None).order_by(
        *in_order("surname", "given_name"), "id"
    )
