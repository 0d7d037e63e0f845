"""A request that is ready to be sent, made by its own verbs; budgets and a route beside it."""

from datetime import date

from django.utils import timezone

from conferences import planning, requesting, sending
from conferences.models import Budget, Trip, TripApproval
from conferences.requesting import Basics, Companion, Cost, Pledge, Stretch
from tests.cast import Cast, Member

BASICS = Basics(
    purpose="IASL конференциясында баяндама жасау",
    city="Лонг-Бич",
    country="US",
    starts_on=date(2027, 8, 2),
    ends_on=date(2027, 8, 9),
)
MILLION = 1_000_000_00
"""Tiyn."""


def budgets(cast: Cast, *, network: int = 10 * MILLION, year: int = 2027) -> None:
    """A year's budget of the network: so much in the line of travel, and as much in per diem."""
    planning.plan(
        year=year,
        school=None,
        planned={"travel": network, "per_diem": network},
        actor=cast.hq.actor,
        now=timezone.now(),
        reason="Сынақ үшін",
    )


def travel_budget(year: int = 2027) -> Budget:
    return Budget.objects.get(year=year, school=None, kind="travel")


def cost(amount: int = MILLION, **fields: object) -> Cost:
    usual = {"kind": "travel", "what": "билет", "currency": "KZT", "rate": 1_000_000, "rate_on": timezone.localdate()}
    usual |= {"rate_source": "", "payer": "network", "amount": amount, "tenge": amount}
    return Cost(**{**usual, **fields})


def ready(*members: Member, basics: Basics = BASICS, amount: int = MILLION) -> Trip:
    """Everything that a request needs, written and agreed to; the first of these people asks."""
    actor = members[0].actor
    trip = requesting.start(basics=basics, actor=actor)
    companions = [Companion(member.person, "speaker", "Әріптесім қалады") for member in members]
    trip = requesting.set_travellers(trip=trip, companions=companions, actor=actor, seen=trip.changed_at)
    there = Stretch(basics.starts_on, basics.starts_on, "Семей", basics.city, basics.country, "air")
    back = Stretch(basics.ends_on, basics.ends_on, basics.city, "Семей", "KZ", "air")
    trip = requesting.set_way(trip=trip, stretches=[there, back], actor=actor, seen=trip.changed_at)
    trip = requesting.set_estimate(trip=trip, costs=[cost(amount)], actor=actor, seen=trip.changed_at)
    due = date(basics.ends_on.year, basics.ends_on.month, basics.ends_on.day).replace(year=basics.ends_on.year + 1)
    pledges = [Pledge(member.person, "seminar", "Оқу мәдениеті", "country", due) for member in members]
    trip = requesting.set_promises(trip=trip, pledges=pledges, actor=actor, seen=trip.changed_at)
    for member in members:
        sending.agree(trip=trip, actor=member.actor, abroad=True)
    return trip


def sent(*members: Member, **fields: object) -> Trip:
    """As `ready`, and sent."""
    trip = ready(*members, **fields)
    return sending.submit(trip=trip, actor=members[0].actor, seen=trip.changed_at)


def words(trip: Trip, state: str = "open") -> list[TripApproval]:
    return list(TripApproval.objects.filter(trip=trip, state=state).order_by("order", "school", "hand"))


def word(trip: Trip) -> TripApproval:
    """The one word that is awaited."""
    (row,) = words(trip)
    return row
