"""Budgets, rates and norms that tests begin with, written by the portal's own verbs where there are any."""

from datetime import UTC, date, datetime

from conferences import planning
from conferences.models import Budget, Mci, PerDiemNorm, Rate
from schools.access import SYSTEM
from schools.models import School

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
YEAR = 2027
"""The year of `trips.STARTS`."""
TENGE = 100


def budget(planned: int = 1000, *, kind: str = "travel", school: School | None = None, year: int = YEAR) -> Budget:
    """A line with so many tiyn, planned by the portal."""
    planning.plan(year=year, school=school, planned={kind: planned}, actor=SYSTEM, now=NOW, reason="Жаңа жоспар")
    return Budget.objects.get(year=year, school=school, kind=kind)


def sums(*budgets: Budget) -> list[tuple[int, int, int, int]]:
    """Reserved, committed, spent and free of each line as the database has it."""
    fresh = [Budget.objects.get(pk=row.pk) for row in budgets]
    return [(row.reserved, row.committed, row.spent, row.free) for row in fresh]


def ledger(row: Budget) -> list[tuple[str, str, str, int]]:
    """The lines of the ledger after the first plan, oldest first."""
    return list(row.moves.order_by("id").values_list("kind", "source", "target", "amount"))[1:]


def rate(currency: str = "USD", micro: int = 500_000_000, on: date = date(2026, 1, 5)) -> Rate:
    return Rate.objects.create(currency=currency, on=on, micro=micro, source="ҚР Ұлттық Банкі")


def norms() -> None:
    """Six monthly indices a day at home, eight abroad, 60 euro in Poland; the index of 2026."""
    long_ago = date(2013, 1, 1)
    Mci.objects.create(valid_from=date(2026, 1, 1), kzt=4325)
    PerDiemNorm.objects.create(country="KZ", valid_from=long_ago, mci=6000)
    PerDiemNorm.objects.create(country="", valid_from=long_ago, mci=8000)
    PerDiemNorm.objects.create(country="PL", valid_from=long_ago, minor=6000, currency="EUR")
