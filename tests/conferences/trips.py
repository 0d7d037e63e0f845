"""Rows of trips that tests begin with. Verbs are tested from their own beginning, not from these."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from conferences.models import ApprovalRoute, Promise, RouteStep, Traveller, Trip, TripHand
from tests.cast import Member

STARTS, ENDS = date(2027, 8, 2), date(2027, 8, 9)


def trip_of(*members: Member, **fields: Any) -> Trip:
    """A trip of these people, a draft unless `fields` say otherwise; the first of them asks for it."""
    known = {"purpose": "IASL конференциясына қатысу", "city": "Лонг-Бич", "country": "US"}
    days = {"starts_on": STARTS, "ends_on": ENDS}
    trip = Trip.objects.create(requester=members[0].person, **{**known, **days, **fields})
    for member in members:
        school = next((pk for _role, pk in member.actor.grants if pk), None)
        Traveller.objects.create(trip=trip, person=member.person, school_id=school, role="speaker")
        TripHand.objects.create(trip=trip, person=member.person)
    return trip


def route(**above: int) -> ApprovalRoute:
    """Director, then HQ, then finance. `above` by role: from which total (tiyn) the step is asked."""
    made = ApprovalRoute.objects.create(number=ApprovalRoute.objects.count() + 1, valid_from=date(2013, 1, 1))
    for order, role in enumerate(("director", "hq", "finance"), start=1):
        RouteStep.objects.create(
            route=made, order=order, role=role, name_kk=role, name_ru=role, name_en=role, above=above.get(role, 0)
        )
    return made


def gone_trip(*members: Member, **fields: Any) -> Trip:
    """A trip of last month that was approved; `fields` may say otherwise."""
    today = timezone.localdate()
    days = {"starts_on": today - timedelta(days=40), "ends_on": today - timedelta(days=33)}
    standing = {"state": "approved", "version": 1, "route": ApprovalRoute.objects.first() or route()}
    return trip_of(*members, **{**days, **standing, **fields})


def promise(trip: Trip, member: Member, **fields: Any) -> Promise:
    """What the traveller promised: a seminar for the network's librarians, within a month from now."""
    usual = {"what": "Жобалық оқыту", "audience": "network", "due_on": timezone.localdate() + timedelta(days=30)}
    return Promise.objects.create(trip=trip, person=member.person, **{**usual, **fields})
