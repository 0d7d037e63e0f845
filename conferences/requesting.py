"""Writing a request: what it is for, who travels, the way, the estimate, the promises. Only its owners write,

and only while nobody decides on it. Each part is saved by itself, so that a long form is never lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import trip_access, trip_letters, trip_moves
from conferences.models import Edition, EstimateLine, Leg, Presentation, Promise, Traveller, Trip
from conferences.trip_states import CHANGEABLE, Audience, Payer, TripPart, TripState, TripVerb
from courses.models import Run
from schools import audit
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person, Region, School
from schools.queries import school_of

MOST_TRAVELLERS, MOST_LEGS, MOST_LINES, MOST_PROMISES = 30, 30, 120, 60


@dataclass(frozen=True, slots=True)
class Basics:
    """What a trip is for, where it goes and when. Days are local."""

    purpose: str
    city: str
    country: str
    starts_on: date
    ends_on: date
    needs_visa: bool = False
    edition: Edition | None = None
    presentation: Presentation | None = None
    run: Run | None = None


@dataclass(frozen=True, slots=True)
class Companion:
    """One traveller as the request names them."""

    person: Person
    role: str
    covered_by: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One leg of the way."""

    departs_on: date
    arrives_on: date
    origin: str
    destination: str
    country: str
    means: str


@dataclass(frozen=True, slots=True)
class Cost:
    """One line of the estimate, already turned into tenge: `tenge` tiyn for `amount` minor units of `currency`."""

    kind: str
    what: str
    amount: int
    currency: str
    rate: int
    rate_on: date
    rate_source: str
    tenge: int
    payer: str
    payer_school: School | None = None
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Pledge:
    """One promise to pass on."""

    person: Person
    kind: str
    what: str
    audience: str
    due_on: date
    region: Region | None = None


@transaction.atomic
def start(*, basics: Basics, actor: Actor) -> Trip:
    """Begin a request. Whoever works at a school travels, until the list of travellers says otherwise.

    Raises Refused for those who may ask for no trip.
    """
    if actor.person_id is None or not trip_access.may_ask(actor):
        raise Refused(_("Only librarians, directors and head office ask for trips."))
    now = timezone.now()
    trip = Trip(requester_id=actor.person_id, created_at=now, **_fields(basics))
    trip_moves.make(trip, TripVerb.START, TripState.DRAFT, part=TripPart.OWNER, actor=actor, now=now)
    trip_moves.take_hand(trip, actor)
    person = Person.objects.get(pk=actor.person_id)
    if school := school_of(person, on=timezone.localdate(now)):
        Traveller.objects.create(
            trip=trip, person=person, school=school, role="speaker" if basics.presentation else "listener"
        )
    return trip


@transaction.atomic
def set_basics(*, trip: Trip, basics: Basics, actor: Actor, seen: datetime) -> Trip:
    """Change what the trip is for, where and when. Agreement to other days or another country has to be given anew."""
    trip = _to_write(trip, actor, seen)
    before = (trip.country, trip.starts_on, trip.ends_on)
    for name, value in _fields(basics).items():
        setattr(trip, name, value)
    if before != (trip.country, trip.starts_on, trip.ends_on):
        trip.travellers.update(consented_at=None, transfer_consented_at=None, refused_at=None, consent_version="")
    trip = _written(trip, actor, "basics", fields=list(_fields(basics)))
    trip_letters.ask_travellers(trip, but=actor.person_id)
    return trip


@transaction.atomic
def set_travellers(*, trip: Trip, companions: Sequence[Companion], actor: Actor, seen: datetime) -> Trip:
    """Name who travels. Whoever stays on the list keeps the agreement given; lines and promises of those who go, go."""
    trip = _to_write(trip, actor, seen)
    people = [row.person.pk for row in companions]
    if len(set(people)) != len(people):
        raise Refused(_("Somebody stands on the list twice."))
    _refuse_many(companions, MOST_TRAVELLERS)
    standing = {row.person_id: row for row in trip.travellers.all()}
    gone = [row.pk for pk, row in standing.items() if pk not in people]
    Promise.objects.filter(trip=trip).exclude(person__in=people).delete()
    Traveller.objects.filter(pk__in=gone).delete()
    today = timezone.localdate()
    for companion in companions:
        row = standing.get(companion.person.pk) or Traveller(trip=trip, person=companion.person)
        row.school = school_of(companion.person, on=today)
        row.role, row.covered_by = companion.role, companion.covered_by
        row.save()
    trip.total = _total(trip)
    trip = _written(trip, actor, "travellers", fields=["total"])
    trip_letters.ask_travellers(trip, but=actor.person_id)
    return trip


@transaction.atomic
def set_way(*, trip: Trip, stretches: Sequence[Stretch], actor: Actor, seen: datetime) -> Trip:
    """Write the way there and back, in order."""
    trip = _to_write(trip, actor, seen)
    _refuse_many(stretches, MOST_LEGS)
    trip.legs.all().delete()
    Leg.objects.bulk_create(
        Leg(
            trip=trip,
            order=order,
            departs_on=row.departs_on,
            arrives_on=row.arrives_on,
            origin=row.origin,
            destination=row.destination,
            country=row.country,
            means=row.means,
        )
        for order, row in enumerate(stretches, start=1)
    )
    return _written(trip, actor, "way")


@transaction.atomic
def set_estimate(*, trip: Trip, costs: Sequence[Cost], actor: Actor, seen: datetime) -> Trip:
    """Write the estimate; its total is what an approver agrees to.

    Raises Refused where a line names somebody who does not travel.
    """
    trip = _to_write(trip, actor, seen)
    _refuse_many(costs, MOST_LINES)
    travellers = {row.person_id: row for row in trip.travellers.all()}
    trip.lines.all().delete()
    for order, cost in enumerate(costs, start=1):
        if cost.person and cost.person.pk not in travellers:
            raise Refused(_("%(name)s does not travel.") % {"name": cost.person})
        EstimateLine.objects.create(
            trip=trip,
            order=order,
            traveller=travellers[cost.person.pk] if cost.person else None,
            payer_school=cost.payer_school if cost.payer == Payer.SCHOOL else None,
            **{name: getattr(cost, name) for name in COST_FIELDS},
        )
    trip.total = _total(trip)
    return _written(trip, actor, "estimate", fields=["total"])


@transaction.atomic
def set_promises(*, trip: Trip, pledges: Sequence[Pledge], actor: Actor, seen: datetime) -> Trip:
    """Write what the travellers will pass on, for whom and by when.

    Raises Refused for somebody who does not travel, and a day that lies before the return.
    """
    trip = _to_write(trip, actor, seen)
    _refuse_many(pledges, MOST_PROMISES)
    travellers = {row.person_id for row in trip.travellers.all()}
    trip.promises.all().delete()
    for pledge in pledges:
        if pledge.person.pk not in travellers:
            raise Refused(_("%(name)s does not travel.") % {"name": pledge.person})
        if pledge.due_on <= trip.ends_on:
            raise Refused(_("A promise is kept after the return: choose a later day."))
        region = pledge.region if pledge.audience == Audience.REGION else None
        Promise.objects.create(
            trip=trip,
            person=pledge.person,
            kind=pledge.kind,
            what=pledge.what,
            audience=pledge.audience,
            region=region,
            due_on=pledge.due_on,
        )
    return _written(trip, actor, "promises")


COST_FIELDS = ("kind", "what", "amount", "currency", "rate", "rate_on", "rate_source", "tenge", "payer")


def _fields(basics: Basics) -> dict[str, Any]:
    return {name: getattr(basics, name) for name in Basics.__slots__}


def _to_write(trip: Trip, actor: Actor, seen: datetime) -> Trip:
    """The trip under lock. Raises Refused for strangers, Stale if it was decided, or changed since `seen`."""
    row = trip_moves.lock(trip)
    if not trip_access.owns(actor, row):
        raise Refused(_("Only those who ask for this trip or travel write in the request."))
    if row.state not in CHANGEABLE:
        raise Stale(_("The request was sent. Take it back to change it."))
    if row.changed_at != seen:
        raise Stale(_("Somebody else has changed the request since you opened this page. Compare, and save again."))
    return row


def _written(trip: Trip, actor: Actor, part: str, *, fields: Sequence[str] = ()) -> Trip:
    trip.changed_at = timezone.now()
    trip.save(update_fields=[*fields, "changed_at"])
    trip_moves.take_hand(trip, actor)
    audit.record(actor=actor, verb=f"trip.write_{part}", subject=trip, changes={"total": (None, trip.total)})
    return trip


def _total(trip: Trip) -> int:
    return trip.lines.aggregate(total=Sum("tenge"))["total"] or 0


def _refuse_many(rows: Sequence[object], most: int) -> None:
    if len(rows) > most:
        raise Refused(_("These are more rows than one request may have: at most %(most)s.") % {"most": most})
