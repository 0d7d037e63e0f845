"""Who may do what when a trip is over: plain predicates over loaded objects."""

from conferences.coming_back_states import BackPart, WrittenState
from conferences.models import Trip, WrittenReport
from conferences.trip_access import involved
from schools.access import Actor
from schools.states import Role


def parts_of(actor: Actor, trip: Trip) -> frozenset[str]:
    """The parts that the actor plays. Whoever asked, travels or wrote in the request accounts to somebody else."""
    if actor.person_id is None:
        return frozenset()
    if actor.person_id in {row.person_id for row in trip.travellers.all()}:
        return frozenset([BackPart.TRAVELLER])
    if actor.person_id in involved(trip):
        return frozenset()
    found = [BackPart.FINANCE] if actor.has(Role.FINANCE) else []
    return frozenset([*found, *([BackPart.COORDINATOR] if actor.runs_network else [])])


def travels(actor: Actor, trip: Trip) -> bool:
    return BackPart.TRAVELLER in parts_of(actor, trip)


def may_see_account(actor: Actor, trip: Trip) -> bool:
    """The account of money and its receipts: those who travelled, those who account for it, and who looks after them.

    Asked of people who see the trip: the school's director sees it there in figures, without receipts.
    """
    return travels(actor, trip) or actor.has(Role.FINANCE) or actor.is_network


def may_see_written(actor: Actor, report: WrittenReport) -> bool:
    """Once it is open: every colleague. Before: those who travelled."""
    return report.state == WrittenState.PUBLISHED or travels(actor, report.trip)


def may_see_due(actor: Actor) -> bool:
    """The list of reports that are due: finance, who accepts them, and the network's offices."""
    return actor.has(Role.FINANCE) or actor.is_network
