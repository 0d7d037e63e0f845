"""Who may do what with a trip: plain predicates over loaded objects."""

from collections.abc import Collection

from conferences.models import Trip, TripApproval
from conferences.trip_states import ApprovalState, TripPart
from schools.access import Actor, leads
from schools.states import Role


def may_ask(actor: Actor) -> bool:
    """Librarians for themselves and colleagues, directors and HQ for their people."""
    return actor.person_id is not None and (
        actor.has(Role.LIBRARIAN) or bool(actor.schools_led()) or actor.runs_network
    )


def owns(actor: Actor, trip: Trip) -> bool:
    """The requester and the travellers: the request is theirs to write, to send and to take back."""
    if actor.person_id is None:
        return False
    return actor.person_id == trip.requester_id or actor.person_id in {row.person_id for row in trip.travellers.all()}


def sees_all_trips(actor: Actor) -> bool:
    """The network's offices and finance, who decide on and account for trips."""
    return actor.is_network or actor.has(Role.FINANCE)


def may_see_trip(actor: Actor, trip: Trip, *, asked: Collection[TripApproval] = ()) -> bool:
    """Its owners, the heads of the travellers' schools once it was sent, the offices, and who is asked for a word."""
    if owns(actor, trip):
        return True
    if trip.version == 0:
        return actor.superuser
    if sees_all_trips(actor) or any(leads(actor, row.school_id) for row in trip.travellers.all()):
        return True
    return any(row.person_id == actor.person_id for row in asked if row.person_id)


def watches_trip(actor: Actor, trip: Trip) -> bool:
    """The heads of the travellers' schools and the network's offices, who weigh a request."""
    return actor.is_network or any(leads(actor, row.school_id) for row in trip.travellers.all())


def involved(trip: Trip) -> frozenset[int]:
    """Everybody who asked for the trip, wrote in the request, agreed to travel once or travels: they decide nothing.

    Who is taken out of the request stays here: nobody becomes an approver by an edit.
    """
    travel = {row.person_id for row in trip.travellers.all()}
    return frozenset({hand.person_id for hand in trip.hands.all()} | travel)


def may_decide_trip(
    actor: Actor, trip: Trip, approval: TripApproval, *, holders: Collection[int] = (), hands: Collection[int] = ()
) -> bool:
    """True if the word that is awaited may be the actor's.

    `holders` are the people in whose place the actor stands today and who could give this word themselves;
    one who asks or travels lends the word to nobody. `hands` have said yes to this trip, or somebody did for them.
    """
    if approval.state != ApprovalState.OPEN or actor.person_id is None:
        return False
    mine = involved(trip)
    if actor.person_id in mine or actor.person_id in hands:
        return False
    return asks(actor, approval) or any(holder not in mine and holder not in hands for holder in holders)


def asks(actor: Actor, approval: TripApproval) -> bool:
    """True if the step asks for the actor's own word, not a stand-in's."""
    if approval.person_id:
        return approval.person_id == actor.person_id
    if approval.role == Role.DIRECTOR:
        return leads(actor, approval.school_id)
    return actor.has(approval.role)


def part_of(actor: Actor, trip: Trip) -> str:
    """The part that the actor plays beside approval; «» for none."""
    if owns(actor, trip):
        return TripPart.OWNER
    return TripPart.COORDINATOR if actor.runs_network else ""


def may_set_routes(actor: Actor) -> bool:
    """Routes of approval and stand-ins are the coordinators' and administrators' to keep."""
    return actor.runs_network


def may_excuse(actor: Actor, trip: Trip) -> bool:
    """HQ lets somebody travel in spite of what is overdue; never on a request of the own."""
    return actor.runs_network and actor.person_id not in involved(trip)
