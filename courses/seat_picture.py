"""How the seats of a run stand: taken, kept and free for all, and the numbers of each school and region."""

from dataclasses import dataclass

from courses import held_queries
from courses.models import Run
from courses.seat_rules import Tally
from courses.seat_words import kept_now
from schools.models import Region, School


@dataclass(frozen=True, slots=True)
class Line:
    """The seats of one school or region. `cap` None: no limit."""

    name: str
    taken: int
    kept: int
    floor: int
    cap: int | None
    held: int = 0
    named: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """`free` is what anybody may get; `kept` is free too, but for those to whom it is promised or held."""

    capacity: int
    taken: int
    kept: int
    free: int
    schools: list[Line]
    regions: list[Line]


def of(run: Run, given: Tally) -> Picture:
    """For pages; exact only under the run's lock."""
    kept = kept_now(given)
    return Picture(given.rules.capacity, given.taken, kept, given.free - kept, _schools(run, given), _regions(given))


def _schools(run: Run, given: Tally) -> list[Line]:
    rules = given.rules
    rows = School.objects.filter(pk__in=rules.schools).prefetch_related("names").order_by("code")
    named = held_queries.named(run) if rules.schools else {}
    lines = []
    for school in rows if rules.schools else ():
        share = rules.schools[school.pk]
        cap = rules.school_cap if share.cap is None else share.cap
        numbers = (given.given_to(school.pk), given.kept_for(school.pk), share.floor, cap, share.held)
        lines.append(Line(school.short_name(), *numbers, named.get(school.pk, 0)))
    return lines


def _regions(given: Tally) -> list[Line]:
    rules = given.rules
    lines = []
    for region in Region.objects.filter(pk__in=rules.regions).order_by("pk") if rules.regions else ():
        share = rules.regions[region.pk]
        taken = given.given_in(region.pk)
        kept = max(0, share.floor - taken) if rules.keeps else 0
        cap = rules.region_cap if share.cap is None else share.cap
        lines.append(Line(region.name, taken, kept, share.floor, cap))
    return lines
