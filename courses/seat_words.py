"""What seats are left for somebody, in words: for readers of a run's page and for coordinators."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import seats
from courses.models import Run
from courses.seat_rules import Obstacle, Tally
from courses.waiting import NO_ROOM
from schools import wording
from schools.access import Actor
from schools.models import Person
from schools.queries import school_id_of

OUT_OF_TURN = {
    Obstacle.FULL: NO_ROOM[Obstacle.FULL],
    Obstacle.KEPT: NO_ROOM[Obstacle.KEPT],
    Obstacle.SCHOOL_CAP: gettext_lazy("This school has its most places already: the place goes beyond this rule."),
    Obstacle.REGION_CAP: gettext_lazy("This region has its most places already: the place goes beyond this rule."),
}
"""What a coordinator reads before a place is given out of turn."""


@dataclass(frozen=True, slots=True)
class Left:
    """Free seats as a reader sees them: kept for schools, left for the own school (None: no rule or no school)."""

    kept: int = 0
    mine: int | None = None
    why: str = ""


def for_reader(run: Run, actor: Actor, *, shared: bool, now: datetime) -> Left:
    """What is left for the reader's school; no queries for a run without rules. `shared`: it has rules of schools."""
    if not (shared or run.school_limit or run.region_limit):
        return Left()
    given = seats.tally(run, now=now)
    kept = kept_now(given)
    school = school_id_of(Person(pk=actor.person_id), on=timezone.localdate(now)) if actor.person_id else None
    if school is None:
        return Left(kept)
    whence = seats.where_of(school)
    obstacle = given.why_not(whence)
    return Left(kept, given.open_to(whence), _why(obstacle, run) if obstacle else "")


def kept_now(given: Tally) -> int:
    """Free seats that not everybody may have."""
    return min(given.kept(), given.free)


def _why(obstacle: Obstacle, run: Run) -> str:
    if obstacle == Obstacle.SCHOOL_CAP:
        return _("Of your school the most people who may come have places.")
    if obstacle == Obstacle.REGION_CAP:
        return _("Of your region the most people who may come have places.")
    if obstacle == Obstacle.KEPT and run.kept_until:
        day = wording.moment(run.kept_until, run.zone)
        return _("The free places are kept for other schools. What is left goes to all: %(day)s") % {"day": day}
    if obstacle == Obstacle.KEPT:
        return _("The free places are kept for other schools.")
    return ""
