"""Cells of the chain of effect beside their heads, as a page shows them."""

from collections.abc import Iterator

from django import template
from django.urls import reverse
from django.utils import timezone

from conferences.effect_tables import Line, Table
from conferences.models import Edition, Trip
from conferences.sharing_states import GONE
from schools import wording

register = template.Library()


@register.simple_tag
def chain_of(about: Trip | Edition) -> str:
    """{% chain_of trip as chain %}: the address of what came of a trip that has begun, or of a conference."""
    if isinstance(about, Edition):
        return reverse("conferences:effect_of", args=["edition", about.uid])
    begun = about.state in GONE and about.starts_on <= timezone.localdate()
    return reverse("conferences:effect_of", args=["trip", about.uid]) if begun else ""


@register.filter
def with_heads(line: Line, table: Table) -> Iterator[tuple[str, str]]:
    """{% for head, cell in line|with_heads:table %}: numbers grouped, nothing as a dash."""
    for head, cell in zip(table.heads, line.cells, strict=True):
        yield head, cell or "—" if isinstance(cell, str | None) else wording.number(cell)
