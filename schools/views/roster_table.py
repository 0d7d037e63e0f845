"""The dry run of a roster as a table: what stands in each cell, what it was before, what is wrong with it."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import get_language

from schools.forms import roster_rows
from schools.roster import Kind, Plan

BADGES = {
    Kind.NEW: ("ok", "person-plus"),
    Kind.CHANGED: ("info", "pencil"),
    Kind.TRANSFER: ("wait", "arrow-left-right"),
    Kind.SAME: ("quiet", "dash-circle"),
    Kind.ERROR: ("no", "x-circle-fill"),
}
NAMES = ("surname", "given_name", "patronymic")
MAIN = (*NAMES, "email", "school")


@dataclass(frozen=True, slots=True)
class Cell:
    label: str
    value: str
    before: str
    error: str


@dataclass(frozen=True, slots=True)
class TableRow:
    number: int
    names: list[Cell]
    email: Cell
    school: Cell
    others: list[Cell]
    label: str
    kind: str
    icon: str


def table_row(plan: Plan) -> TableRow:
    """The other columns stand in one cell, and only where something is new, changed or wrong."""
    language = (get_language() or "kk")[:2]

    def cell(column: str) -> Cell:
        before, _new = plan.changes.get(column, ("", ""))
        value = plan.values.get(column, "")
        if column == "school" and plan.school and "school" not in plan.errors:
            value = str(plan.school)
        heading = roster_rows.heading(column, language)
        return Cell(
            heading, roster_rows.shown(column, value), roster_rows.shown(column, before), plan.errors.get(column, "")
        )

    others = [cell(column) for column in roster_rows.HEADINGS if column not in MAIN and _matters(plan, column)]
    kind, icon = BADGES[plan.kind]
    return TableRow(
        number=plan.number,
        names=[cell(column) for column in NAMES],
        email=cell("email"),
        school=cell("school"),
        others=others,
        label=str(capfirst(plan.kind.label)),
        kind=kind,
        icon=icon,
    )


def _matters(plan: Plan, column: str) -> bool:
    if column in plan.errors or column in plan.changes:
        return True
    return plan.kind == Kind.NEW and bool(plan.values.get(column))
