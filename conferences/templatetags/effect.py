"""Cells of the chain of effect beside their heads, as a page shows them."""

from collections.abc import Iterator

from django import template

from conferences.effect_tables import Line, Table
from schools import wording

register = template.Library()


@register.filter
def with_heads(line: Line, table: Table) -> Iterator[tuple[str, str]]:
    """{% for head, cell in line|with_heads:table %}: numbers grouped, nothing as a dash."""
    for head, cell in zip(table.heads, line.cells, strict=True):
        yield head, cell or "—" if isinstance(cell, str | None) else wording.number(cell)
