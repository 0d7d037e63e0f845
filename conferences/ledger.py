"""The pen that writes the ledger of budgets: moves on locked lines, their balances and the audit trail at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conferences.budget_states import MoveKind, Pot
from conferences.models import Budget, BudgetMove, Trip
from conferences.money import shown
from schools import audit
from schools.access import Actor
from schools.errors import Refused

SUMS = ("planned", "reserved", "committed", "spent")
Pots = dict[str, int]


def lock(budget_ids: Collection[int]) -> dict[int, Budget]:
    """The lines as they are now, locked by key until the transaction ends. Budgets come last in the order of locks."""
    rows = Budget.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=budget_ids).order_by("pk")
    return {row.pk: row for row in rows}


def held_by(trip: Trip) -> dict[int, Pots]:
    """What a trip holds in each line's pots, as the ledger has it; pots that are empty are left out."""
    lines = BudgetMove.objects.filter(trip=trip).order_by().values_list("budget", "source", "target")
    found: dict[int, Pots] = defaultdict(lambda: defaultdict(int))
    for budget, source, target, amount in lines.annotate(amount=Sum("amount")):
        found[budget][source] -= amount
        found[budget][target] += amount
    return {
        budget: {pot: sum for pot, sum in pots.items() if sum and pot != Pot.FREE} for budget, pots in found.items()
    }


def name_of(budget: Budget) -> str:
    """The line in words: year, whose, what for."""
    owner = str(budget.school) if budget.school else pgettext("budget", "network")
    return f"{budget.year}, {owner}, {budget.get_kind_display()}"


@dataclass
class Ledger:
    """The moves of one deed. Nothing is written before `write`, and nothing at all where nothing moves."""

    budgets: dict[int, Budget]
    deed: str
    actor: Actor
    now: datetime
    trip: Trip | None = None
    note: str = ""
    lines: list[BudgetMove] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.before = {key: _sums(row) for key, row in self.budgets.items()}

    def move(self, budget_id: int, kind: MoveKind, source: Pot, target: Pot, amount: int) -> None:
        """Move so many tiyn; 0 moves nothing. Raises Refused where more than is free would leave the free pot."""
        if not amount:
            return
        budget = self.budgets[budget_id]
        if source == Pot.FREE and amount > budget.free:
            raise Refused(
                _("There is not enough money. Budget: %(budget)s. Free: %(free)s, needed: %(needed)s.")
                % {"budget": name_of(budget), "free": shown(budget.free), "needed": shown(amount)}
            )
        _apply(budget, source, target, amount)
        line = BudgetMove(budget=budget, trip=self.trip, kind=kind, source=source, target=target, amount=amount)
        line.actor_id, line.at, line.note = self.actor.person_id, self.now, self.note
        self.lines.append(line)

    def write(self) -> list[BudgetMove]:
        """Balances, lines and audit rows, in the caller's transaction."""
        changed = [row for key, row in self.budgets.items() if _sums(row) != self.before[key]]
        for row in changed:
            row.save(update_fields=SUMS)
        if self.lines:
            BudgetMove.objects.bulk_create(self.lines)
            audit.record_many(actor=self.actor, verb=f"budget.{self.deed}", deeds=[self._told(row) for row in changed])
        return self.lines

    def _told(self, row: Budget) -> audit.Deed:
        pairs = zip(SUMS, self.before[row.pk], _sums(row), strict=True)
        changes: dict[str, tuple[object, object]] = {name: (old, new) for name, old, new in pairs if old != new}
        if self.trip:
            changes["trip"] = (None, self.trip.pk)
        return audit.Deed(row, changes, self.note, row.school_id)


def _sums(row: Budget) -> tuple[int, ...]:
    return tuple(getattr(row, name) for name in SUMS)


def _apply(row: Budget, source: str, target: str, amount: int) -> None:
    """The move on the balances that the row keeps: what comes from outside is planned, free is the rest."""
    for pot, change in ((source, -amount), (target, amount)):
        if pot == Pot.OUTSIDE:
            row.planned -= change
        elif pot != Pot.FREE:
            setattr(row, pot, getattr(row, pot) + change)
