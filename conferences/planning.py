"""Planning a year's budget: how much stands in each line, changed with a reason."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from conferences.budget_access import may_plan_budgets
from conferences.budget_states import CostKind, MoveKind, Pot
from conferences.ledger import Ledger, lock, name_of
from conferences.models import Budget, BudgetMove
from conferences.money import shown
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import School

Plan = Mapping[str, int]
"""Tiyn by line (CostKind); a line that is not named stays as it is."""


@transaction.atomic
def plan(
    *,
    year: int,
    school: School | None,
    planned: Plan,
    actor: Actor,
    now: datetime,
    reason: str = "",
    seen: Plan | None = None,
) -> list[BudgetMove]:
    """Set what the lines of a year have, of a school or of the network; lines that are missing are made.

    The first plan needs no reason, a change does. `seen` is what the person had before them. Raises Refused for
    less than is reserved, committed and spent already, Stale if the plan is another by now than was seen.
    """
    if not may_plan_budgets(actor):
        raise Refused(_("Budgets are planned by head office and finance."))
    rows = _locked(year, school, planned)
    if seen is not None and any(row.planned != seen.get(row.kind, 0) for row in rows.values()):
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    if not reason.strip() and any(row.planned not in (0, planned[row.kind]) for row in rows.values()):
        raise Refused(_("Say why the sums are changed."))
    book = Ledger(rows, "plan", actor, now, note=reason.strip())
    for key, row in rows.items():
        more = planned[row.kind] - row.planned
        if -more > row.free:
            raise Refused(
                _("Less than is taken already. Budget: %(budget)s. Reserved, committed and spent: %(taken)s.")
                % {"budget": name_of(row), "taken": shown(row.planned - row.free)}
            )
        book.move(key, MoveKind.PLAN, Pot.OUTSIDE, Pot.FREE, max(0, more))
        book.move(key, MoveKind.CUT, Pot.FREE, Pot.OUTSIDE, max(0, -more))
    return book.write()


def _locked(year: int, school: School | None, planned: Plan) -> dict[int, Budget]:
    """The lines that are planned, locked by key. A line of nothing that does not exist is not made."""
    unknown = planned.keys() - set(CostKind.values)
    if unknown or any(tiyn < 0 for tiyn in planned.values()):
        raise ValueError(f"no such plan: {dict(planned)}")
    lines = Budget.objects.filter(year=year, school=school)
    have = set(lines.values_list("kind", flat=True))
    for kind in planned:
        if kind not in have and planned[kind]:
            Budget.objects.get_or_create(year=year, school=school, kind=kind)
    return lock(list(lines.filter(kind__in=planned).values_list("pk", flat=True)))
