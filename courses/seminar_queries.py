"""What the public pages of seminars read."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from courses import queries
from courses.cards import stage
from courses.models import Run
from courses.states import RunState

CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a seminar stands for somebody who would like to come; `stage` is one of `cards`, or CANCELLED."""

    stage: str
    free: int

    @property
    def takes(self) -> bool:
        """True if a sign-up is taken now, for a place or for the waiting list."""
        return self.stage in ("open", "full")


def public_seminars() -> QuerySet[Run]:
    """Seminars for staff of any school that everyone may see, with what their pages show."""
    return queries.for_page(queries.visible_runs().filter(outreach=True))


def standing(run: Run, *, now: datetime, today: date) -> Standing:
    """Where the seminar stands; `run` comes from `public_seminars()`."""
    if run.state == RunState.CANCELLED:
        return Standing(CANCELLED, 0)
    free: int = run.free  # type: ignore[attr-defined]
    return Standing(stage(run, free=free, now=now, today=today), free)
