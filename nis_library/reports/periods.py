"""The years that reports speak of."""

from dataclasses import dataclass
from datetime import date

from nis_library.reports.states import PeriodKind

FIRST_YEAR = 2011
"""Since then NIS librarians take courses."""
ACADEMIC_START = (9, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar year, or the academic year that begins on 1 September of `year` and ends on 31 August."""

    kind: str
    year: int

    @property
    def start(self) -> date:
        return date(self.year, *ACADEMIC_START) if self.kind == PeriodKind.ACADEMIC else date(self.year, 1, 1)

    @property
    def end(self) -> date:
        """The last day, inclusive."""
        return date(self.year + 1, 8, 31) if self.kind == PeriodKind.ACADEMIC else date(self.year, 12, 31)

    @property
    def before(self) -> "Period":
        return Period(self.kind, self.year - 1)

    @property
    def months(self) -> list[tuple[int, int]]:
        """(year, month) of each month in order."""
        first = self.start.month
        return [(self.year + (first + i - 1) // 12, (first + i - 1) % 12 + 1) for i in range(12)]

    @property
    def label(self) -> str:
        """«2026», or «2026/27» for an academic year."""
        return f"{self.year}/{(self.year + 1) % 100:02d}" if self.kind == PeriodKind.ACADEMIC else str(self.year)


def latest(kind: str, *, today: date) -> Period:
    """The period of that kind in which `today` lies."""
    period = Period(kind, today.year)
    return period.before if period.start > today else period
