"""A month as weeks from Monday, with runs laid over their days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dates import MONTHS
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.models import Run

WEEK = 7


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    inside: bool
    """Belongs to the month that is shown, and not to its neighbours."""
    today: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a run that falls into one week. Columns count from 1, Monday."""

    run: Run
    column: int
    span: int
    starts: bool
    ends: bool
    first: bool
    """The first piece of this run in the month."""


@dataclass(frozen=True, slots=True)
class Week:
    days: list[Day]
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year; `step` leads to its neighbours."""

    year: int
    month: int

    def step(self, count: int) -> "Month":
        place = self.year * 12 + self.month - 1 + count
        return Month(place // 12, place % 12 + 1)

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return self.step(1).first - timedelta(days=1)

    @property
    def name(self) -> str:
        """«2026 жылғы желтоқсан», «Декабрь 2026», "December 2026"."""
        month = str(MONTHS[self.month])
        if (get_language() or "").startswith("kk"):
            month = month.lower()
        return _("%(month)s %(year)s") % {"month": month, "year": self.year}

    @property
    def value(self) -> str:
        """As the address bar writes it: 2026-12."""
        return f"{self.year}-{self.month:02}"


def month_of(value: str) -> Month:
    """The month behind «2026-12»."""
    year, month = value.split("-")
    return Month(int(year), int(month))


def weeks(month: Month, runs: Iterable[Run], *, today: date) -> list[Week]:
    """The weeks that touch the month, with the pieces of the runs (which have dates) in their order."""
    runs = list(runs)
    return [Week(_days(monday, month, today), list(_pieces(monday, month, runs))) for monday in _mondays(month)]


def _mondays(month: Month) -> Iterator[date]:
    monday = month.first - timedelta(days=month.first.weekday())
    while monday <= month.last:
        yield monday
        monday += timedelta(days=WEEK)


def _days(monday: date, month: Month, today: date) -> list[Day]:
    days = [monday + timedelta(days=count) for count in range(WEEK)]
    return [Day(day, month.first <= day <= month.last, day == today) for day in days]


def _pieces(monday: date, month: Month, runs: list[Run]) -> Iterator[Piece]:
    sunday = monday + timedelta(days=WEEK - 1)
    for run in runs:
        if run.starts_on is None or run.ends_on is None:
            continue
        start, end = max(run.starts_on, monday), min(run.ends_on, sunday)
        if start > end:
            continue
        yield Piece(
            run=run,
            column=(start - monday).days + 1,
            span=(end - start).days + 1,
            starts=run.starts_on >= monday,
            ends=run.ends_on <= sunday,
            first=run.starts_on >= monday or monday <= month.first,
        )
