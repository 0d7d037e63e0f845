"""Rows of the chain of effect for the table of doors, written when a line asks for them."""

from datetime import timedelta
from functools import cached_property

from conferences import keeping, sharing
from conferences.models import Trip, TripDerivation
from tests import make
from tests.cast import Cast
from tests.conferences import rows
from tests.conferences.trips import gone_trip, promise, trip_of
from tests.courses import rows as course_rows


class EffectWorld:
    """A part of the world of `doors.py`."""

    cast: Cast

    @cached_property
    def gone(self) -> Trip:
        """The librarian's trip to a conference: two promises, a seminar held for guests, and one that came of it."""
        member, village = self.cast.librarian, make.general_school()
        trip = gone_trip(member, edition=rows.edition(year=2026, city="Lisbon"), city="Lisbon", country="PT")
        promise(trip, member)
        promise(trip, member, due_on=trip.ends_on, audience="country", what="Оқырмандар клубы")
        kind = {"outreach": True, "host": self.cast.school}
        first = course_rows.past_run(member.person, course=course_rows.course(kind="seminar"), **kind)
        course_rows.attend(course_rows.seats(first, [self.cast.guest.person], school=village))
        TripDerivation.objects.create(trip=trip, run=first)
        second = course_rows.past_run(self.cast.trainer.person, course=course_rows.course(kind="seminar"), **kind)
        course_rows.attend(course_rows.seats(second, [self.cast.stranger.person], school=self.cast.other_school))
        course_rows.source(second, first)
        return trip

    def effect(self, kind: str) -> dict[str, object]:
        """The address of the chain of this kind."""
        trip = self.gone
        keys = {
            "year": lambda: str(trip.starts_on.year),
            "trip": lambda: trip.uid,
            "draft": lambda: trip_of(self.cast.librarian).uid,
            "person": lambda: self.cast.librarian.person.uid,
            "edition": lambda: trip.edition.uid if trip.edition else "",
        }
        return {"kind": "trip" if kind == "draft" else kind, "key": keys[kind]()}

    @property
    def with_effect(self) -> dict[str, object]:
        """An address without parts that shows them."""
        assert self.gone.pk
        return {}

    @property
    def with_promises(self) -> dict[str, object]:
        """An address without parts that shows the librarian's promises, one overdue and one kept."""
        assert self.promised("kept")
        return {}

    def promised(self, about: str = "open") -> dict[str, object]:
        """A promise of the librarian that is open, kept, excused or of a draft; or one of the other school's."""
        member, trip = self.cast.librarian, self.gone
        if about == "stranger":
            return {"uid": promise(gone_trip(self.cast.stranger), self.cast.stranger).uid}
        if about == "draft":
            return {"uid": promise(trip_of(member), member).uid}
        if about == "kept":
            keeping.keep_due()
            return {"uid": trip.promises.get(state="kept").uid}
        if about == "excused":
            row = promise(trip, member, due_on=trip.ends_on + timedelta(days=40), what="Кітап көрмесі")
            sharing.excuse(promise=row, actor=self.cast.hq.actor, reason="Науқастанып қалды")
            return {"uid": row.uid}
        return {"uid": trip.promises.order_by("-due_on")[0].uid}
