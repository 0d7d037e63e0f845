"""What a trip takes from the budgets: by payer, line of the estimate and year of its first day."""

from collections import defaultdict
from datetime import datetime

from conferences import budgeting
from conferences.models import Trip
from conferences.trip_states import Payer
from schools.access import Actor


def sums_of(trip: Trip) -> dict[budgeting.Need, int]:
    """Tiyn by budget. What the organiser or the traveller pays is nobody's budget."""
    sums: dict[budgeting.Need, int] = defaultdict(int)
    for line in trip.lines.filter(payer__in=(Payer.SCHOOL, Payer.NETWORK)):
        sums[(line.payer_school_id, line.kind)] += line.tenge
    return {charge: tiyn for charge, tiyn in sums.items() if tiyn}


def reserve(trip: Trip, *, actor: Actor, now: datetime) -> None:
    """Hold the money. Raises Refused where a budget is missing or has too little left."""
    budgeting.reserve(
        trip=trip, charges=budgeting.charges_for(start=trip.starts_on, needs=sums_of(trip)), actor=actor, now=now
    )


def commit(trip: Trip, *, actor: Actor, now: datetime) -> None:
    """What was held is promised to the trip."""
    budgeting.commit(trip=trip, actor=actor, now=now)


def release(trip: Trip, *, actor: Actor, now: datetime) -> None:
    """What was held or promised is free again."""
    budgeting.release(trip=trip, actor=actor, now=now)
