"""Budgets to take away: the lines of a year, and the ledger of one line, as a spreadsheet or as CSV."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conferences import budget_queries
from conferences.models import Budget, BudgetMove
from schools import workbooks
from schools.access import Actor
from schools.alphabet import sort_key

KINDS = ("xlsx", "csv")
Rows = Iterable[Sequence[workbooks.Cell]]


def in_tenge(tiyn: int) -> Decimal:
    """A sum as a spreadsheet takes it."""
    return Decimal(tiyn).scaleb(-2)


def year_file(actor: Actor, year: int, *, kind: str) -> bytes:
    """All lines of a year that the actor may see."""
    found = budget_queries.seen_by(actor).filter(year=year).select_related("school").prefetch_related("school__names")
    rows = sorted(found, key=lambda row: (row.school is not None, sort_key(str(row.school or "")), row.pk))
    title = _("Budgets of %(year)s") % {"year": year}
    return workbooks.table_file(kind, name=title, heads=_line_heads(), rows=map(_line, rows), title=title)


def _line_heads() -> list[str]:
    money = [
        pgettext("budget", "Planned"),
        pgettext("budget", "Reserved"),
        pgettext("budget", "Committed"),
        pgettext("budget", "Spent"),
        pgettext("budget", "Free"),
    ]
    return [
        _("Year"),
        _("Budget of"),
        pgettext("budget", "Line"),
        *(_("%(what)s, tenge") % {"what": word} for word in money),
    ]


def _line(row: Budget) -> list[workbooks.Cell]:
    owner = str(row.school) if row.school else pgettext("budget", "network")
    sums = (row.planned, row.reserved, row.committed, row.spent, row.free)
    return [row.year, owner, row.get_kind_display(), *(in_tenge(sum) for sum in sums)]


def ledger_file(budget: Budget, *, kind: str) -> bytes:
    """Every move of a line, the oldest first; taking from the pot «from» and adding to «to»."""
    heads = [_("When"), pgettext("budget", "Move"), _("From"), _("To"), _("%(what)s, tenge") % {"what": _("Sum")}]
    heads += [_("Trip"), _("Who"), _("Reason")]
    title = f"{budget.year} · {budget.school or pgettext('budget', 'network')} · {budget.get_kind_display()}"
    rows = (_move(move) for move in budget_queries.moves(budget).order_by("id"))
    return workbooks.table_file(kind, name=budget.get_kind_display(), heads=heads, rows=rows, title=title)


def _move(move: BudgetMove) -> list[workbooks.Cell]:
    return [
        f"{timezone.localtime(move.at):%d.%m.%Y %H:%M}",
        move.get_kind_display(),
        move.get_source_display(),
        move.get_target_display(),
        in_tenge(move.amount),
        str(move.trip) if move.trip else "",
        move.actor.short_name if move.actor else "",
        move.note,
    ]
