"""The one place where a trip changes state. Each move writes its timeline row and its audit row."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from conferences.models import Traveller, Trip, TripApproval, TripHand, TripMove
from conferences.trip_states import TRIP_MOVES, allowed
from schools import audit, bell
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person

TELL = "conferences.tasks.tell_trip"
SAVED = ["state", "version", "total", "route", "order_year", "order_number", "ordered_on", "changed_at"]


def lock(trip: Trip) -> Trip:
    """The trip as it is now, with its travellers, versions and the words given; people first, then the trip.

    Raises Stale if people joined or left before the locks were there, Refused if the trip is gone.
    """
    people = set(Traveller.objects.filter(trip=trip.pk).values_list("person_id", flat=True))
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))
    row = loaded(Trip.objects.select_for_update(no_key=True, of=("self",)).filter(pk=trip.pk)).first()
    if row is None:
        raise Refused(_("This request is no longer there."))
    if {traveller.person_id for traveller in row.travellers.all()} != people:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    return row


def take_hand(trip: Trip, actor: Actor) -> None:
    """The actor wrote in the request or agreed to travel, and so decides nothing about it, whatever is edited later.

    Merely being named does not count: nobody could else be kept from deciding by writing the name down once.
    """
    if actor.person_id is not None:
        TripHand.objects.get_or_create(trip=trip, person_id=actor.person_id)


def loaded(trips: QuerySet[Trip]) -> QuerySet[Trip]:
    """With what every rule about a trip reads."""
    return trips.select_related("requester", "edition__series", "presentation", "run__course").prefetch_related(
        "travellers__person", "travellers__school__names", "hands", "versions", "approvals__step"
    )


def refuse_move(verb: str, trip: Trip, part: str) -> None:
    """Raises Stale where the trip's state forbids the move, Refused where the actor's part in it does."""
    if allowed(verb, trip.state, part):
        return
    if part in TRIP_MOVES[verb].who:
        raise Stale(_("This request has been decided or changed in the meantime. Its present status is shown."))
    raise Refused(_("This is not yours to do with this request."))


def make(
    trip: Trip,
    verb: str,
    to: str,
    *,
    part: str,
    actor: Actor,
    now: datetime,
    note: str = "",
    approval: TripApproval | None = None,
) -> TripMove:
    """Move `trip` to state `to`, inside the caller's transaction and under the caller's lock.

    Raises as `refuse_move` does, and ValueError for a state that the move cannot lead to.
    """
    if trip.pk:
        refuse_move(verb, trip, part)
    if to not in TRIP_MOVES[verb].targets:
        raise ValueError(f"{verb} does not lead to {to}")
    was = trip.state if trip.pk else None
    trip.state, trip.changed_at = to, now
    trip.save(update_fields=SAVED) if trip.pk else trip.save()
    move = TripMove.objects.create(
        trip=trip,
        verb=verb,
        state=to,
        version=trip.version,
        approval=approval,
        actor_id=actor.person_id,
        at=now,
        note=note,
    )
    changes: dict[str, tuple[object, object]] = {"state": (was, to), "version": (None, trip.version)}
    if approval is not None:
        changes["step"] = (None, approval.role or "person")
        changes["in_place_of"] = (None, approval.acting_for_id)
    audit.record(actor=actor, verb=f"trip.{verb}", subject=trip, changes=changes, note=note, person=trip.requester)
    bell.ring(TELL, move.pk)
    return move
