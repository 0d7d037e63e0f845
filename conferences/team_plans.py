"""The planner for what stands in the database: a conference, a presentation of ours, a trip."""

from datetime import date

from conferences.models import Edition, Presentation, Trip
from conferences.planner import Journey, Leads, Plan, Step, plan
from conferences.standing import COMING, standing
from conferences.states import GIVEN, EditionMode, PresentationFormat
from conferences.states import PresentationState as P
from conferences.trip_states import TripState
from schools import norms

KEYS = {
    "review": "review_days",
    "registration": "registration_days",
    "order": "order_days",
    "insurance": "insurance_days",
    "visa": "visa_days",
    "visa_least": "visa_least_days",
    "tickets": "tickets_days",
}
"""Which setting holds each lead time."""
REVIEWED = (P.ENDORSED, P.SUBMITTED, P.ACCEPTED, *GIVEN)
SENT = (P.SUBMITTED, P.ACCEPTED, P.REJECTED, *GIVEN)
ANSWERED = (P.ACCEPTED, P.REJECTED, *GIVEN)
WITH_TEXT = (PresentationFormat.PAPER, PresentationFormat.RESEARCH)
AHEAD_OF_TRIPS = (TripState.DRAFT, TripState.SUBMITTED, TripState.RETURNED, TripState.APPROVED)
DEAD = (P.REJECTED, P.WITHDRAWN)


def lead_times(*, on: date) -> Leads:
    """The lead times in force on that day (one query)."""
    found = norms.values(list(KEYS.values()), on=on)
    return Leads(**{name: found[key] for name, key in KEYS.items()})


def of_edition(edition: Edition, *, today: date) -> Plan | None:
    """What anybody who would go has to keep; None once the conference is not ahead. Calls and fees are at hand."""
    if standing(edition, today) not in COMING:
        return None
    return plan(_journey(edition, frozenset()), lead_times(on=today), today=today)


def of_presentation(
    presentation: Presentation, *, today: date, leads: Leads | None = None, done: frozenset[str] = frozenset()
) -> Plan | None:
    """The dates of the team, with what is done; `done` adds steps that a trip knows of.

    None for what is not pursued any more, or lies behind.
    """
    edition = presentation.edition
    if presentation.state in DEAD or standing(edition, today) not in COMING:
        return None
    own = {
        Step.REVIEW: presentation.state in REVIEWED,
        Step.ABSTRACT: presentation.state in SENT,
        Step.ANSWER: presentation.state in ANSWERED,
        Step.PAPER: presentation.state in GIVEN,
    }
    finished = done | {str(step) for step, stands in own.items() if stands}
    journey = _journey(edition, finished, with_text=presentation.format in WITH_TEXT)
    return plan(journey, leads or lead_times(on=today), today=today)


def of_trip(
    *,
    starts_on: date,
    country: str,
    needs_visa: bool | None = None,
    edition: Edition | None = None,
    done: frozenset[str] = frozenset(),
    today: date,
    leads: Leads | None = None,
) -> Plan:
    """The dates of a journey, with those of its conference where it goes to one. `done` holds values of Step."""
    early = _early(edition) if edition else None
    journey = Journey(
        starts_on=starts_on,
        country=country,
        needs_visa=needs_visa,
        early_until=early,
        registers=edition is not None,
        done=done,
    )
    return plan(journey, leads or lead_times(on=today), today=today)


def _journey(edition: Edition, done: frozenset[str], *, with_text: bool = True) -> Journey:
    """The first call that still says when abstracts are due speaks for the conference."""
    call = next((call for call in edition.calls.all() if call.abstract_due), None)
    return Journey(
        starts_on=edition.starts_on,
        country=edition.country,
        travels=edition.mode != EditionMode.ONLINE,
        abstract_due=call.abstract_due if call else None,
        outcome_on=call.outcome_on if call else None,
        paper_due=call.paper_due if call and with_text else None,
        early_until=_early(edition),
        done=done,
    )


def _early(edition: Edition) -> date | None:
    days = [fee.early_until for fee in edition.fees.all() if fee.early_until]
    return min(days, default=None)


def of_trip_row(trip: Trip, *, today: date, leads: Leads | None = None) -> Plan | None:
    """The dates of a trip that is still ahead and not given up; its order is done once it is approved."""
    if trip.starts_on < today or trip.state not in AHEAD_OF_TRIPS:
        return None
    done = {Step.ORDER.value} if trip.state == TripState.APPROVED else set()
    return of_trip(
        starts_on=trip.starts_on,
        country=trip.country,
        needs_visa=trip.needs_visa,
        edition=trip.edition,
        done=frozenset(done),
        today=today,
        leads=leads,
    )
