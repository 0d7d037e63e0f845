"""Rates and norms as they stand on a day."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from conferences.currencies import HOME
from conferences.models import Mci, PerDiemNorm, Rate
from conferences.money import MICRO, Money, to_tenge
from conferences.per_diem import Norm, Norms
from schools.errors import Refused


@dataclass(frozen=True, slots=True)
class Priced:
    """A sum in tenge with what it was computed by: `tenge` tiyn at `micro` millionths of a tenge a unit."""

    tenge: int
    micro: int
    on: date
    source: str = ""


def rate_of(currency: str, *, on: date) -> Rate | None:
    """The newest rate that was published by that day."""
    return Rate.objects.filter(currency=currency, on__lte=on).order_by("-on").first()


def rates_on(currencies: set[str], *, on: date) -> dict[str, Rate]:
    """The newest rate of each currency by that day, in one query."""
    rows = Rate.objects.filter(currency__in=currencies - {HOME}, on__lte=on).order_by("currency", "on")
    return {row.currency: row for row in rows}


def price(sum: Money, *, on: date, rates: dict[str, Rate] | None = None) -> Priced:
    """What a sum is in tenge on that day. Raises Refused where no rate of its currency is on record by then.

    Many sums of one day: read their rates once, with `rates_on`.
    """
    if sum.currency == HOME:
        return Priced(sum.minor, MICRO, on)
    rate = rates.get(sum.currency) if rates is not None else rate_of(sum.currency, on=on)
    if rate is None:
        raise Refused(
            _("No exchange rate is on record for this day or earlier. Currency: %(currency)s, day: %(day)s.")
            % {"currency": sum.currency, "day": f"{on:%d.%m.%Y}"}
        )
    return Priced(to_tenge(sum.minor, sum.currency, rate.micro), rate.micro, rate.on, rate.source)


def norms() -> Norms:
    """All per diem norms with the monthly index, for `per_diem`. Two queries."""
    rows = PerDiemNorm.objects.order_by("country", "valid_from")
    return Norms(
        [
            Norm(
                row.country, row.valid_from, None if row.minor is None else Money(row.minor, row.currency), row.mci or 0
            )
            for row in rows
        ],
        list(Mci.objects.values_list("valid_from", "kzt")),
    )


def all_rates(currency: str = "") -> QuerySet[Rate]:
    """Rates, the newest first; of one currency where it is named."""
    rows = Rate.objects.order_by("-on", "currency")
    return rows.filter(currency=currency) if currency else rows


def all_norms() -> QuerySet[PerDiemNorm]:
    """Norms by country, the newest of each first."""
    return PerDiemNorm.objects.order_by("country", "-valid_from")


def rated_currencies() -> list[str]:
    """Currencies that have a rate, by code."""
    return list(Rate.objects.order_by("currency").values_list("currency", flat=True).distinct())
