"""Who stands in for whom on a day."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from conferences.models import StandIn, Trip, TripApproval
from conferences.trip_access import may_decide_trip
from conferences.trip_states import ApprovalState
from schools.access import Actor
from schools.models import Person
from schools.queries import heads_of, holders_of, in_force
from schools.states import Role


def standing_in(actor: Actor, *, on: date) -> QuerySet[StandIn]:
    """For whom the actor stands in on that day."""
    return StandIn.objects.filter(in_force(on), deputy=actor.person_id).order_by("valid_from", "id")


def asked_people(approval: TripApproval, *, on: date) -> QuerySet[Person]:
    """Who could give this word themselves on that day, whether or not they had a hand in the request."""
    if approval.person_id:
        return Person.objects.filter(pk=approval.person_id, archived_at=None)
    if approval.role == Role.DIRECTOR:
        assert approval.school_id is not None, "held by approval_director_has_a_school"
        return heads_of(approval.school_id, on=on)
    return holders_of(approval.role, on=on)


def holders_for(actor: Actor, approval: TripApproval, *, on: date) -> list[int]:
    """People in whose place the actor stands and whose word this could be, the longest standing first."""
    if actor.person_id is None:
        return []
    held = list(standing_in(actor, on=on).values_list("holder", flat=True))
    if not held:
        return []
    able = set(asked_people(approval, on=on).filter(pk__in=held).values_list("pk", flat=True))
    return [pk for pk in held if pk in able]


def hands_of(trip: Trip) -> set[int]:
    """Who has said yes to the trip, and in whose place it was said: each of them once. `trip` is loaded."""
    given = [row for row in trip.approvals.all() if row.state == ApprovalState.APPROVED]
    return {pk for row in given for pk in (row.decided_by_id, row.acting_for_id) if pk is not None}


def word_for(actor: Actor, trip: Trip) -> TripApproval | None:
    """The word about the trip that is awaited from the actor, if any. `trip` is loaded.

    One query, and more only for who stands in for somebody.
    """
    awaited = [row for row in trip.approvals.all() if row.state == ApprovalState.OPEN]
    if not awaited or actor.person_id is None:
        return None
    today, hands = timezone.localdate(), hands_of(trip)
    stands = standing_in(actor, on=today).exists()
    for row in awaited:
        held = holders_for(actor, row, on=today) if stands else []
        if may_decide_trip(actor, trip, row, holders=held, hands=hands):
            return row
    return None


def readers_of(approval: TripApproval, *, on: date, but: frozenset[int]) -> list[Person]:
    """Whom to write that a word is awaited: those who could give it, and who stands in for them today."""
    able = list(asked_people(approval, on=on))
    deputies = StandIn.objects.filter(in_force(on), holder__in=[row.pk for row in able if row.pk not in but])
    stands = Person.objects.filter(Q(pk__in=deputies.values("deputy")), archived_at=None).order_by("id")
    found = {row.pk: row for row in [*able, *stands] if row.pk not in but}
    return list(found.values())
