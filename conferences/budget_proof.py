"""The proof that money adds up: every balance against its ledger, every trip against its state."""

from collections import defaultdict
from collections.abc import Iterator

from conferences.budget_states import Pot
from conferences.ledger import SUMS
from conferences.models import Budget, BudgetMove, Trip
from conferences.trip_states import TripState as T

MAY_HOLD = {T.SUBMITTED: {Pot.RESERVED}, T.APPROVED: {Pot.COMMITTED, Pot.SPENT}, T.CLOSED: {Pot.SPENT}}
"""Pots in which a trip may have money, by its state; in the others it has none."""


def verify() -> list[str]:
    """What stands against the promises about money, one sentence each; an empty list if all is well."""
    return [*_of_lines(), *_of_trips()]


def _of_lines() -> Iterator[str]:
    for budget in Budget.objects.order_by("pk").iterator():
        pots: dict[str, int] = defaultdict(int)
        for source, target, amount in _ways(budget):
            pots[source] -= amount
            pots[target] += amount
            if min(sum for pot, sum in pots.items() if pot != Pot.OUTSIDE) < 0:
                yield f"budget {budget.uid}: a pot was below zero"
                break
        told = {"planned": -pots[Pot.OUTSIDE], **{name: pots[name] for name in SUMS[1:]}}
        for name in SUMS:
            if getattr(budget, name) != told[name]:
                yield f"budget {budget.uid}: {name} is {getattr(budget, name)}, its ledger says {told[name]}"


def _ways(budget: Budget) -> Iterator[tuple[str, str, int]]:
    yield from budget.moves.order_by("pk").values_list("source", "target", "amount").iterator()


def _of_trips() -> Iterator[str]:
    held: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    lines = BudgetMove.objects.filter(trip__isnull=False).order_by().values_list("trip", "source", "target", "amount")
    for key, source, target, amount in lines.iterator():
        held[key][source] -= amount
        held[key][target] += amount
    for trip in Trip.objects.filter(pk__in=held).order_by("pk"):
        for pot, sum in held[trip.pk].items():
            if sum and pot != Pot.FREE and pot not in MAY_HOLD.get(T(trip.state), set()):
                yield f"trip {trip.uid}: {sum} {pot}, though it is {trip.state}"
