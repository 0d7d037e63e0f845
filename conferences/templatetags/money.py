"""Sums of money on pages: `{% load money %}`."""

from decimal import Decimal

from django import template

from conferences import money
from schools import wording

register = template.Library()


@register.filter
def tenge(tiyn: int | None) -> str:
    """A sum of tiyn in tenge, without its unit: `1 000,50`. Nothing for None."""
    return "" if tiyn is None else money.typed(tiyn)


@register.filter
def sum_in(minor: int | None, currency: str) -> str:
    """A sum of minor units with its currency: {{ line.amount|sum_in:line.currency }} gives `1 000,50 USD`."""
    return "" if minor is None else money.shown(minor, currency)


@register.filter
def rate(micro: int) -> str:
    """Tenge for one unit: {{ line.rate|rate }} gives `495,87`."""
    return money.rate_shown(micro)


@register.filter
def indices(thousandths: int) -> str:
    """A number of monthly indices: {{ norm.mci|indices }} gives `6` or `1,5`."""
    return wording.number(Decimal(thousandths).scaleb(-3))
