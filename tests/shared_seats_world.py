"""A run whose seats are shared by rules, for the walk through every address."""

from datetime import UTC, datetime
from functools import cached_property

from courses.models import Run, SeatShare
from courses.states import EnrolmentState
from tests import make
from tests.cast import Cast
from tests.courses import rows

MERGE = datetime(2030, 3, 20, 13, 0, tzinfo=UTC)


class SharedSeatsWorld:
    """Rows of shared seats, written when a line asks for them."""

    cast: Cast

    @cached_property
    def shared(self) -> Run:
        """Promises to a school and a region; two held seats of the own school, one with a name; some are taken."""
        limits = {"school_limit": 4, "region_limit": 12, "hold_limit": 3, "offer_hours": 48}
        run = rows.run(capacity=20, chain=rows.director_chain(), merge_at=MERGE, **limits)
        region = self.cast.other_school.region
        SeatShare.objects.create(run=run, school=self.cast.school, floor=1, held=2)
        SeatShare.objects.create(run=run, school=self.cast.other_school, floor=2, cap=3)
        SeatShare.objects.create(run=run, region=region, floor=4)
        named = {"of_held": True, "nominated_by": self.cast.director.person}
        rows.seats(run, [self.cast.colleague.person], state=EnrolmentState.NOMINATED, school=self.cast.school, **named)
        rows.seats(run, [self.cast.stranger.person], school=self.cast.other_school)
        rows.seats(run, make.librarians(self.cast.school, 4), school=self.cast.school)
        line = make.librarians(self.cast.school, 2)
        rows.seats(run, line, state=EnrolmentState.WAITING, school=self.cast.school)
        return run
