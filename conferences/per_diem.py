"""Per diem by calendar day and country. Pure arithmetic: legs and norms come in, lines with sums go out.

Every calendar day of the trip is paid, from the first departure to the last day, both included. A day belongs to the
country in which the traveller arrived last by its end; before the first arrival, to the country of departure. So who
flies out before midnight and lands the next morning has one day at home and begins abroad with the day of landing,
and the day of coming home is paid as a day at home.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple, Protocol

from django.utils.translation import gettext as _

from conferences.currencies import HOME
from conferences.money import Money
from schools.errors import Refused

HOME_COUNTRY = "KZ"
ABROAD = ""
LONGEST = 366
"""Days of a trip that are still counted."""


class OnTheWay(Protocol):
    """A leg: `country` is the one it leads to."""

    @property
    def departs_on(self) -> date: ...
    @property
    def arrives_on(self) -> date: ...
    @property
    def country(self) -> str: ...


class PerDiem(NamedTuple):
    """So many days running in one country at one daily sum: `minor` is the sum of all of them."""

    country: str
    days: int
    minor: int
    currency: str

    @property
    def daily(self) -> Money:
        return Money(self.minor // self.days, self.currency)


@dataclass(frozen=True, slots=True)
class Norm:
    """What a day in `country` is paid from a day on: a sum, or thousandths of the monthly index."""

    country: str
    valid_from: date
    daily: Money | None = None
    mci: int = 0


@dataclass(frozen=True, slots=True)
class Norms:
    """All norms, and the monthly index in tenge with the day from which each holds; in any order."""

    norms: Sequence[Norm]
    mci: Sequence[tuple[date, int]] = ()

    def of(self, country: str, day: date) -> Money:
        """What that day in that country is paid. Raises Refused where no norm, or no index, is on record for it."""
        found = self._newest(country, day)
        if found is None and country != HOME_COUNTRY:
            found = self._newest(ABROAD, day)
        if found is None:
            raise Refused(
                _("There is no per diem norm on record. Country: %(country)s, day: %(day)s.")
                % {"country": country, "day": f"{day:%d.%m.%Y}"}
            )
        return found.daily or Money((self._index(day) * found.mci + 5) // 10, HOME)

    def _newest(self, country: str, day: date) -> Norm | None:
        rows = (norm for norm in self.norms if norm.country == country and norm.valid_from <= day)
        return max(rows, key=lambda norm: norm.valid_from, default=None)

    def _index(self, day: date) -> int:
        """The monthly index of the day in tenge."""
        values = [(since, kzt) for since, kzt in self.mci if since <= day]
        if not values:
            raise Refused(_("The monthly calculation index of %(day)s is not on record.") % {"day": f"{day:%d.%m.%Y}"})
        return max(values)[1]


def per_diem(legs: Iterable[OnTheWay], ends_on: date, norms: Norms, origin: str = HOME_COUNTRY) -> list[PerDiem]:
    """The lines of one traveller's per diem, in the order of the days.

    `legs` are in the order of travel, `ends_on` is the last day (it may lie after the last arrival), `origin` the
    country of departure. Days follow one another in a line while country and daily sum stay the same.
    Raises Refused where dates are out of order, the trip is longer than a year, or a norm is missing.
    """
    way = list(legs)
    if not way:
        return []
    _refuse_disorder(way, ends_on)
    paid = [(country, norms.of(country, day)) for day, country in _days(way, ends_on, origin)]
    lines = []
    for (country, daily), group in groupby(paid):
        days = len(list(group))
        lines.append(PerDiem(country, days, daily.minor * days, daily.currency))
    return lines


def _days(way: Sequence[OnTheWay], ends_on: date, origin: str) -> Iterator[tuple[date, str]]:
    """Each day with the country it belongs to."""
    first = way[0].departs_on
    for number in range((ends_on - first).days + 1):
        day = first + timedelta(days=number)
        arrived = [leg.country for leg in way if leg.arrives_on <= day]
        yield day, arrived[-1] if arrived else origin


def _refuse_disorder(way: Sequence[OnTheWay], ends_on: date) -> None:
    """Raises Refused unless each leg leaves after the one before has arrived, and all end by the last day."""
    before = way[0].departs_on
    for leg in way:
        if leg.departs_on < before or leg.arrives_on < leg.departs_on:
            raise Refused(_("The legs of the way are not in the order of their dates."))
        before = leg.arrives_on
    if before > ends_on:
        raise Refused(_("The way ends after the last day of the trip."))
    if (ends_on - way[0].departs_on).days >= LONGEST:
        raise Refused(_("A trip longer than a year is not counted."))
