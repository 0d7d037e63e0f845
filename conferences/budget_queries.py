"""Budgets as pages and files show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from conferences.budget_access import may_see_all_budgets
from conferences.budget_states import CostKind, Pot
from conferences.ledger import SUMS, held_by
from conferences.models import Budget, BudgetMove, Trip
from schools import figures
from schools.access import Actor
from schools.alphabet import sort_key
from schools.models import School
from schools.queries import network_schools


@dataclass(frozen=True, slots=True)
class Sums:
    """Where the money of one line, or of many, stands; tiyn."""

    planned: int = 0
    reserved: int = 0
    committed: int = 0
    spent: int = 0

    @property
    def free(self) -> int:
        return self.planned - self.reserved - self.committed - self.spent

    @property
    def pieces(self) -> list[figures.Piece]:
        """The bar: what is spent, committed and reserved, in this order; the rest of the bar is free."""
        parts = [("done", self.spent), ("taken", self.committed), ("offered", self.reserved)]
        return figures.meter_pieces([(kind, float(sum)) for kind, sum in parts], float(self.planned))


def sums_of(rows: Iterable[Budget]) -> Sums:
    """Lines added up."""
    columns = zip(*((row.planned, row.reserved, row.committed, row.spent) for row in rows), strict=True)
    return Sums(*(sum(column) for column in columns))


def seen_by(actor: Actor) -> QuerySet[Budget]:
    """The lines that the actor may see."""
    if may_see_all_budgets(actor):
        return Budget.objects.all()
    return Budget.objects.filter(school__in=actor.schools_led())


def years(actor: Actor) -> list[int]:
    """The years that have a plan, the newest first."""
    return list(seen_by(actor).order_by("-year").values_list("year", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose budget it is (no school: the network's), and its sums in one year."""

    school: School | None
    sums: Sums


def owners(actor: Actor, year: int, *, today: date) -> list[Owner]:
    """The network first, then by name the schools that have a plan or are in the network today. Three queries."""
    rows = seen_by(actor).filter(year=year).order_by().values_list("school")
    totals = rows.annotate(*(Sum(name) for name in SUMS))
    found: dict[int | None, Sums] = {school: Sums(*sums) for school, *sums in totals}
    everything = may_see_all_budgets(actor)
    inside = network_schools(on=today).order_by().values("pk")
    schools = School.objects.filter(Q(pk__in=[key for key in found if key]) | Q(pk__in=inside))
    mine = schools if everything else schools.filter(pk__in=actor.schools_led())
    named = sorted(mine.prefetch_related("names"), key=lambda school: sort_key(str(school)))
    network = [Owner(None, found.get(None, Sums()))] if everything else []
    return network + [Owner(school, found.get(school.pk, Sums())) for school in named]


def lines(year: int, school: School | None) -> list[Budget]:
    """The lines of one budget in the order of their list."""
    order = {kind: place for place, kind in enumerate(CostKind.values)}
    return sorted(Budget.objects.filter(year=year, school=school), key=lambda row: order[row.kind])


def moves(budget: Budget) -> QuerySet[BudgetMove]:
    """The ledger of a line, the newest first, with trip and hand at hand."""
    return budget.moves.select_related("trip", "actor").order_by("-id")


def accounted(trip: Trip) -> list[tuple[Budget, int]]:
    """The lines that a trip was ever paid from, with what it has spent of each."""
    held = held_by(trip)
    rows = Budget.objects.filter(pk__in=held).select_related("school").prefetch_related("school__names").order_by("pk")
    return [(row, held[row.pk].get(Pot.SPENT, 0)) for row in rows]
