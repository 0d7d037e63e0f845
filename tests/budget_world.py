"""Rows of budgets, rates and norms for the table of doors, written when a line asks for them."""

from functools import cached_property

from django.db import transaction
from django.utils import timezone

from conferences import budgeting
from conferences.models import Budget, Rate
from schools.access import SYSTEM
from tests.cast import Cast
from tests.conferences import money, trips


class BudgetWorld:
    """A part of the world of `doors.py`."""

    cast: Cast

    @cached_property
    def budget(self) -> Budget:
        """A line of the school with money in every pot, beside the network's and another line."""
        row = money.budget(90_000_000, school=self.cast.school)
        money.budget(30_000_050, kind="fee", school=self.cast.school)
        money.budget(250_000_000)
        money.budget(40_000_000, school=self.cast.other_school)
        with transaction.atomic():
            self._move(row)
        return row

    def _move(self, row: Budget) -> None:
        now, who = timezone.now(), self.cast.librarian.actor
        going, coming = trips.trip_of(self.cast.librarian), trips.trip_of(self.cast.colleague, city="Вроцлав")
        for trip, tiyn in ((going, 41_250_050), (coming, 12_000_000)):
            budgeting.reserve(trip=trip, charges={row.pk: tiyn}, actor=who, now=now)
        budgeting.commit(trip=going, actor=self.cast.director.actor, now=now)
        closed = trips.trip_of(self.cast.librarian, city="Рим")
        budgeting.spend(trip=closed, actuals={row.pk: 8_000_000}, actor=SYSTEM, now=now)

    @property
    def of_budget(self) -> dict[str, object]:
        return {"year": self.budget.year, "owner": self.cast.school.uid}

    @property
    def of_network(self) -> dict[str, object]:
        return {"year": self.budget.year, "owner": "network"}

    @property
    def of_empty_budget(self) -> dict[str, object]:
        return {"year": self.budget.year + 1, "owner": self.cast.school.uid}

    @property
    def network_line(self) -> dict[str, object]:
        assert self.budget
        return {"uid": Budget.objects.get(school=None).uid}

    @property
    def of_account(self) -> dict[str, object]:
        """The trip that was accounted for."""
        return {"uid": self.budget.moves.get(kind="spend").trip.uid}

    @property
    def of_no_account(self) -> dict[str, object]:
        return {"uid": self.budget.moves.get(kind="commit").trip.uid}

    @cached_property
    def rate(self) -> Rate:
        """Two currencies with rates, and norms of every kind."""
        money.norms()
        money.rate("EUR", 541_270_000)
        return money.rate()
