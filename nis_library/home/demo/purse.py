"""Money of the demonstration: budgets of trips by year since 2013, exchange rates and per diem norms. All invented."""

from collections.abc import Iterator
from datetime import date

from conferences.budget_states import CostKind, MoveKind, Pot
from conferences.models import Budget, BudgetMove, PerDiemNorm, Rate
from conferences.money import MICRO
from nis_library.home.demo import rows
from nis_library.home.demo.chance import Chance, at
from schools.models import Person, School
from schools.queries import network_schools
from schools.states import Role

FIRST_YEAR = 2013
"""Since then librarians go to conferences every year."""
TIYN = 100
STEP = 50_000 * TIYN
"""Plans are round sums."""
NETWORK: dict[str, int] = {
    CostKind.PER_DIEM: 6_000_000,
    CostKind.TRAVEL: 14_000_000,
    CostKind.HOUSING: 8_000_000,
    CostKind.VISA: 900_000,
    CostKind.INSURANCE: 450_000,
    CostKind.FEE: 5_500_000,
    CostKind.OTHER: 1_000_000,
}
"""Tenge that the network plans for each line in 2026; a school plans about a tenth of it."""
SCHOOL_SHARE = 0.1
GROWTH = 1.07
"""By so much each year plans more than the one before."""
DOLLAR = {
    2013: 152,
    2014: 179,
    2015: 222,
    2016: 342,
    2017: 326,
    2018: 345,
    2019: 383,
    2020: 413,
    2021: 426,
    2022: 460,
    2023: 456,
    2024: 469,
    2025: 520,
}
"""Tenge for a dollar, near the yearly average; later years go on as the last."""
DOLLARS = {"USD": 1.0, "EUR": 1.1, "GBP": 1.28, "PLN": 0.26, "SGD": 0.74, "AED": 0.2723, "KRW": 0.00075, "JPY": 0.0068}
"""What a unit is worth in dollars, roughly and in all years."""
SOURCE = "Көрсетілім / демонстрация"
NORMS: tuple[tuple[str, int | None, str, int | None], ...] = (
    ("KZ", None, "", 6000),
    ("", None, "", 8000),
    ("US", 8000, "USD", None),
    ("GB", 7000, "GBP", None),
    ("PL", 6000, "EUR", None),
    ("DE", 7000, "EUR", None),
    ("SG", 9000, "SGD", None),
)
"""Country, sum in minor units and currency, or thousandths of the monthly index."""


class Purse:
    """Writes plans with their ledger lines, rates and norms; trips take from them by the portal's own verbs."""

    def __init__(self, chance: Chance, *, today: date) -> None:
        self.chance, self.today = chance, today
        self.planner = Person.objects.filter(memberships__role=Role.FINANCE).order_by("pk").first()

    def write(self) -> None:
        self._rates()
        rows.write(
            [
                PerDiemNorm(
                    uid=self.chance.uid(),
                    country=country,
                    valid_from=date(FIRST_YEAR, 1, 1),
                    minor=minor,
                    currency=currency,
                    mci=mci,
                    source=SOURCE,
                )
                for country, minor, currency, mci in NORMS
            ]
        )
        budgets = list(self._budgets())
        Budget.objects.bulk_create(budgets, batch_size=rows.BATCH)
        rows.write([self._plan(budget) for budget in budgets])

    def _rates(self) -> None:
        """A rate of each currency at the beginning of every quarter, until today."""
        days = [date(year, month, 5) for year in self._years() for month in (1, 4, 7, 10)]
        rows.write(
            [
                Rate(
                    uid=self.chance.uid(), currency=currency, on=day, micro=self._micro(day.year, worth), source=SOURCE
                )
                for day in days
                if day <= self.today
                for currency, worth in DOLLARS.items()
            ]
        )

    def _micro(self, year: int, worth: float) -> int:
        """Tenge and hundredths, wandering a little around the year's average."""
        tenge = DOLLAR.get(year, DOLLAR[max(DOLLAR)]) * worth * self.chance.uniform(0.97, 1.03)
        return max(1, round(tenge * 100)) * MICRO // 100

    def _years(self) -> range:
        return range(FIRST_YEAR, self.today.year + 2)

    def _budgets(self) -> Iterator[Budget]:
        """Next year's plans are the network's alone."""
        for year in self._years():
            owners: list[School | None] = [None]
            if year <= self.today.year:
                owners += network_schools(on=date(year, 1, 1))
            for owner in owners:
                for kind, tenge in NETWORK.items():
                    share = self.chance.uniform(0.7, 1.3) * SCHOOL_SHARE if owner else 1
                    planned = tenge * TIYN * share * GROWTH ** (year - 2026)
                    sum = max(1, round(planned / STEP)) * STEP
                    yield Budget(uid=self.chance.uid(), year=year, school=owner, kind=kind, planned=sum)

    def _plan(self, budget: Budget) -> BudgetMove:
        """Planned in the December before."""
        return BudgetMove(
            budget=budget,
            kind=MoveKind.PLAN,
            source=Pot.OUTSIDE,
            target=Pot.FREE,
            amount=budget.planned,
            actor=self.planner,
            at=min(at(date(budget.year - 1, 12, 15), 11), at(self.today, 9)),
        )
