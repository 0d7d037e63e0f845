"""Small helps for the tables of a report."""

from collections.abc import Iterator, Sequence

from django import template

from nis_library.reports.tables import Cell, Table

register = template.Library()


@register.filter
def with_keys(table: Table) -> Iterator[tuple[list[Cell], str]]:
    """Rows with the key that opens what is behind them."""
    return zip(table.rows, table.keys, strict=True)


@register.filter
def at(items: Sequence[object], index: int) -> object:
    return items[index]


@register.filter
def is_number(cell: Cell) -> bool:
    return isinstance(cell, int)
