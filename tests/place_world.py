"""Rows of places for a conference for the table of doors, written when a line asks for them."""

from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from conferences.models import Delegation, WishAppeal
from tests.cast import Cast
from tests.conferences import places, rows


class PlaceWorld:
    """A part of the world of `doors.py`."""

    cast: Cast

    @cached_property
    def places(self) -> Delegation:
        """Applications of two schools are over; HQ has scored one of them."""
        made = places.delegation(self._edition("Tampere", "FI"), days=-1, school_cap=1)
        scored = places.wish(made, self.cast.librarian)
        places.wish(made, self.cast.stranger)
        places.scored(scored, self.cast.hq.person, 70)
        return made

    @cached_property
    def open_places(self) -> Delegation:
        made = places.delegation(self._edition("Tartu", "EE"))
        places.wish(made, self.cast.librarian)
        return made

    @cached_property
    def proposed_places(self) -> Delegation:
        return places.proposed(places.closed(self._edition("Oulu", "FI"), self.cast), self.cast)

    @cached_property
    def shared_places(self) -> Delegation:
        """The librarian has the only place; the colleague from the other school appeals."""
        made = places.shared(places.closed(self._edition("Vilnius", "LT"), self.cast), self.cast)
        WishAppeal.objects.create(wish=made.wishes.get(person=self.cast.stranger.person), text="Баяндамам бар еді.")
        return made

    @property
    def of_proposed_places(self) -> dict[str, object]:
        return {"uid": self.proposed_places.edition.uid}

    @property
    def of_shared_places(self) -> dict[str, object]:
        return {"uid": self.shared_places.edition.uid}

    def of_shared(self, name: str) -> dict[str, object]:
        return {"uid": self.shared_places.wishes.get(person=getattr(self.cast, name).person).uid}

    @property
    def of_places(self) -> dict[str, object]:
        return {"uid": self.places.edition.uid}

    @property
    def of_open_places(self) -> dict[str, object]:
        return {"uid": self.open_places.edition.uid}

    def of_wish(self, name: str) -> dict[str, object]:
        return {"uid": self.places.wishes.get(person=getattr(self.cast, name).person).uid}

    def _edition(self, city: str, country: str):
        start = timezone.localdate() + timedelta(days=240 + len(city))
        return rows.edition(
            series=rows.series(city.lower()),
            year=start.year,
            city=city,
            country=country,
            starts_on=start,
            ends_on=start + timedelta(days=3),
        )
