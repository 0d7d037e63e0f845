"""Rows of trips for the table of doors, written when a line asks for them."""

from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from conferences import approving
from conferences.models import StandIn, Trip
from conferences.trip_queries import words_to_give
from tests.cast import Cast, Member
from tests.conferences import asking
from tests.conferences.trips import route


class TripWorld:
    """A part of the world of `doors.py`. Trips of the librarian: sent, approved, and a draft."""

    cast: Cast

    @cached_property
    def asked_trip(self) -> Trip:
        """Sent by the librarian, waiting for the director; the stranger of another school travels too."""
        route()
        asking.budgets(self.cast)
        return asking.sent(self.cast.librarian, self.cast.stranger)

    @cached_property
    def draft_trip(self) -> Trip:
        """The colleague's, with everything in it."""
        assert self.asked_trip.pk
        return asking.ready(self.cast.colleague)

    @cached_property
    def approved_trip(self) -> Trip:
        """The deputy's, whose school HQ decides for, with its order."""
        assert self.asked_trip.pk
        trip = asking.sent(self.cast.deputy)
        for member in (self.cast.hq, self.cast.finance):
            self._say_yes(trip, member)
        trip.refresh_from_db()
        return trip

    @property
    def word(self) -> dict[str, object]:
        """The word that the director of the librarian's school owes."""
        return {"uid": asking.words(self.asked_trip)[0].uid}

    def of_trip(self, trip: Trip) -> dict[str, object]:
        return {"uid": trip.uid}

    @cached_property
    def stand_in(self) -> StandIn:
        """The trainer stands in for HQ next month."""
        day = timezone.localdate() + timedelta(days=30)
        return StandIn.objects.create(
            holder=self.cast.hq.person,
            deputy=self.cast.trainer.person,
            valid_from=day,
            valid_to=day,
            named_by=self.cast.hq.person,
        )

    @property
    def with_stand_in(self) -> dict[str, object]:
        assert self.stand_in.pk
        return {}

    @property
    def with_trips(self) -> dict[str, object]:
        assert self.asked_trip.pk
        return {}

    def _say_yes(self, trip: Trip, member: Member) -> None:
        word = words_to_give(member.actor).get(trip=trip)
        approving.approve(approval=word, actor=member.actor, seen_version=trip.version)
