"""What trips cost the schools and the network: as accounted where finance accepted the report, else as estimated.

What an organiser or a traveller paid is not counted. Sums are tiyn.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Sum

from conferences.coming_back_states import AdvanceState
from conferences.models import AdvanceLine, EstimateLine
from conferences.models.coming_back import ACCOUNTED


@dataclass(frozen=True, slots=True)
class Cost:
    """By trip (key): `actual` of accepted reports, `estimated` of the others."""

    actual: dict[int, int] = field(default_factory=dict)
    estimated: dict[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.actual.values()) + sum(self.estimated.values())

    def of(self, trip: int) -> int:
        return self.actual.get(trip, self.estimated.get(trip, 0))

    def each(self, people: int) -> int | None:
        """Tiyn for each person reached, rounded up to whole tenge; None where there is nobody or no cost."""
        return -(-self.total // (people * 100)) * 100 if people and self.total else None


def cost_of(trips: Collection[int]) -> Cost:
    """Two statements for any number of trips."""
    lines = AdvanceLine.objects.filter(
        report__trip__in=trips, report__state=AdvanceState.ACCEPTED, payer__in=ACCOUNTED, tenge__isnull=False
    )
    actual = dict(lines.order_by().values_list("report__trip").annotate(n=Sum("tenge")))
    foreseen = EstimateLine.objects.filter(trip__in=trips, payer__in=ACCOUNTED).exclude(trip__in=list(actual))
    return Cost(actual, dict(foreseen.order_by().values_list("trip").annotate(n=Sum("tenge"))))
