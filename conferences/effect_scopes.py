"""Whose effect is looked at: a year's trips or all of them, one trip, one traveller's, one conference's."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from conferences.models import Edition, Trip
from conferences.sharing_states import GONE
from schools import queries
from schools.access import Actor, may_see_person
from schools.models import Person

YEAR, TRIP, PERSON, EDITION = "year", "trip", "person", "edition"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Scope:
    """Trips under one heading. `kind` and `key` make its address."""

    kind: str
    key: str
    title: str
    trips: QuerySet[Trip]
    about: Trip | Person | Edition | None = None


def went(today: date) -> QuerySet[Trip]:
    """Trips that were approved and have begun."""
    return Trip.objects.filter(state__in=GONE, starts_on__lte=today)


def years(today: date) -> list[int]:
    """Years in which somebody went, the latest first."""
    return sorted(
        {day.year for day in went(today).order_by().values_list("starts_on", flat=True).distinct()}, reverse=True
    )


def scope_of(kind: str, key: str, *, actor: Actor, today: date) -> Scope | None:
    """The trips that are meant; None where there is no such row, or it is not for the actor."""
    makers = {YEAR: _year, TRIP: _trip, PERSON: _person, EDITION: _edition}
    return makers[kind](key, actor, today) if kind in makers else None


def _year(key: str, _actor: Actor, today: date) -> Scope | None:
    if key == ALL:
        return Scope(YEAR, ALL, _("The whole network"), went(today))
    if not (key.isascii() and key.isdigit() and len(key) == 4):
        return None
    return Scope(YEAR, key, _("Trips of %(year)s") % {"year": key}, went(today).filter(starts_on__year=int(key)))


def _trip(key: str, _actor: Actor, today: date) -> Scope | None:
    trip = went(today).filter(uid=key).first()
    return Scope(TRIP, key, str(trip), Trip.objects.filter(pk=trip.pk), trip) if trip else None


def _person(key: str, actor: Actor, today: date) -> Scope | None:
    person = Person.objects.filter(uid=key, archived_at=None).first()
    if person is None or not may_see_person(actor, person.pk, queries.school_id_of(person, on=today)):
        return None
    trips = went(today).filter(pk__in=Trip.objects.filter(travellers__person=person))
    return Scope(PERSON, key, person.full_name, trips, person)


def _edition(key: str, _actor: Actor, today: date) -> Scope | None:
    edition = Edition.objects.select_related("series").filter(uid=key).first()
    return Scope(EDITION, key, str(edition), went(today).filter(edition=edition), edition) if edition else None
