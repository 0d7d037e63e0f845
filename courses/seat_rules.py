"""Who may get the next seat: capacity, what is promised or held for schools and regions, and the most they get.

Pure: it knows no tables. `seats.tally` fills it under the run's lock, and every way to a seat asks it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Obstacle(StrEnum):
    """Why somebody can have no seat now."""

    FULL = "full"  # all seats are given
    SCHOOL_CAP = "school_cap"  # the school has its most
    REGION_CAP = "region_cap"  # the region has its most
    KEPT = "kept"  # seats are free, but kept for others


@dataclass(frozen=True, slots=True)
class Where:
    """Where somebody comes from: keys of the school and of the region, None where they are not known."""

    school: int | None = None
    region: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """The rules of one school or region: seats promised, the most it gets (None: the run's limit), seats held.

    `region` is where the school lies.
    """

    floor: int = 0
    cap: int | None = None
    held: int = 0
    region: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a run. With `keeps` False held and promised seats are open to all; the caps stand."""

    capacity: int
    school_cap: int | None = None
    region_cap: int | None = None
    schools: Mapping[int, Share] = field(default_factory=dict)
    regions: Mapping[int, Share] = field(default_factory=dict)
    keeps: bool = True


@dataclass(slots=True)
class Tally:
    """The seats of a run that are given, against its rules. Reads and `take` alone; nothing is given back."""

    rules: Rules
    taken: int = 0
    _open: Counter[int] = field(default_factory=Counter)
    _held: Counter[int] = field(default_factory=Counter)
    _regions: Counter[int] = field(default_factory=Counter)

    @property
    def free(self) -> int:
        """Seats that a move may still give, never below 0."""
        return max(0, self.rules.capacity - self.taken)

    def take(self, where: Where, *, held: bool = False, count: int = 1) -> None:
        """Count seats as given; `held` ones come out of those that the school held."""
        self.taken += count
        if where.school is not None:
            (self._held if held else self._open)[where.school] += count
        if where.region is not None:
            self._regions[where.region] += count

    def why_not(self, where: Where, *, held: bool = False, caps: bool = True) -> Obstacle | None:
        """What keeps somebody from there from the next seat; None if they may have it.

        A seat is given if whatever is still promised to others can be kept afterwards. `caps` False leaves the
        most for schools and regions aside: an override may.
        """
        if not self.free:
            return Obstacle.FULL
        held = held and self.left_to_name(where.school) > 0
        if caps and not held:
            if self._at_cap(where):
                return Obstacle.SCHOOL_CAP
            if self._region_at_cap(where.region, where.school):
                return Obstacle.REGION_CAP
        before, after = self.kept(), self._kept_after(where, held)
        return None if after < before or self.free - 1 >= after else Obstacle.KEPT

    def left_to_name(self, school: int | None) -> int:
        """Seats that the school holds and has not filled."""
        if school is None or not self.rules.keeps or school not in self.rules.schools:
            return 0
        return max(0, self.rules.schools[school].held - self._held[school])

    def kept(self) -> int:
        """Free seats that are kept for those to whom they are promised; it may be more than are free."""
        return self._kept_after(Where(), held=False)

    def open_to(self, where: Where) -> int:
        """How many seats people from there could get now, one after the other."""
        trial = Tally(self.rules, self.taken, Counter(self._open), Counter(self._held), Counter(self._regions))
        count = 0
        while trial.why_not(where) is None:
            trial.take(where)
            count += 1
        return count

    def given_to(self, school: int) -> int:
        """Seats that the school's people have, held ones among them."""
        return self._open[school] + self._held[school]

    def given_in(self, region: int) -> int:
        """Seats that people from the region have."""
        return self._regions[region]

    def kept_for(self, school: int) -> int:
        """Free seats that are kept for the school: what it is promised and has not, and what it holds without names."""
        if not self.rules.keeps or school not in self.rules.schools:
            return 0
        return max(0, self.rules.schools[school].floor - self._open[school]) + self.left_to_name(school)

    def why_not_hold(self, school: int, region: int | None, count: int) -> Obstacle | None:
        """What keeps the school from holding that many seats in all; None if it may.

        Whatever is promised or held already must still be possible, and nobody gets more than the most.
        """
        share = self.rules.schools.get(school, Share(region=region))
        share = replace(share, held=count)
        trial = replace(self, rules=replace(self.rules, schools={**self.rules.schools, school: share}))
        if trial.kept() > self.free:
            return Obstacle.KEPT if self.free else Obstacle.FULL
        cap = self.rules.school_cap if share.cap is None else share.cap
        if cap is not None and max(share.floor, self._open[school]) + max(count, self._held[school]) > cap:
            return Obstacle.SCHOOL_CAP
        return Obstacle.REGION_CAP if trial._region_over(region) else None

    def _region_over(self, region: int | None) -> bool:
        cap = None if region is None else self.rules.regions.get(region, Share()).cap
        cap = self.rules.region_cap if cap is None else cap
        return region is not None and cap is not None and self._regions[region] + self._held_in(region) > cap

    def _held_in(self, region: int) -> int:
        """Seats that schools of the region hold without names."""
        return sum(self.left_to_name(school) for school, share in self.rules.schools.items() if share.region == region)

    def _at_cap(self, where: Where) -> bool:
        """What the school holds counts as its own already."""
        if where.school is None:
            return False
        share = self.rules.schools.get(where.school, Share())
        cap = self.rules.school_cap if share.cap is None else share.cap
        has = self._open[where.school] + self._held[where.school] + self.left_to_name(where.school)
        return cap is not None and has >= cap

    def _region_at_cap(self, region: int | None, school: int | None) -> bool:
        if region is None:
            return False
        cap = self.rules.regions.get(region, Share()).cap
        cap = self.rules.region_cap if cap is None else cap
        if cap is None:
            return False
        return self._regions[region] + self._promised_in(region, but=school) >= cap

    def _promised_in(self, region: int, *, but: int | None) -> int:
        """Seats that schools of the region hold without names, and that the others of them are promised."""
        if not self.rules.keeps:
            return 0
        inside = ((school, share) for school, share in self.rules.schools.items() if share.region == region)
        return sum(
            self.left_to_name(school) + (max(0, share.floor - self._open[school]) if school != but else 0)
            for school, share in inside
        )

    def _kept_after(self, where: Where, held: bool) -> int:
        """Seats that would be kept once one more was given there; a region's promise holds those of its schools."""
        if not self.rules.keeps:
            return 0
        inside: Counter[int | None] = Counter()
        for school, share in self.rules.schools.items():
            mine = school == where.school
            of_floor = share.floor - self._open[school] - (mine and not held)
            of_held = share.held - self._held[school] - (mine and held)
            inside[share.region] += max(0, of_floor) + max(0, of_held)
        for region, share in self.rules.regions.items():
            has = self._regions[region] + (region == where.region)
            inside[region] = max(inside[region], share.floor - has)
        return sum(self._within_cap(region, kept, where) for region, kept in inside.items())

    def _within_cap(self, region: int | None, kept: int, where: Where) -> int:
        """Nothing is kept that the region's cap would not let it have."""
        cap = None if region is None else self.rules.regions.get(region, Share()).cap
        cap = self.rules.region_cap if cap is None else cap
        if region is None or cap is None:
            return kept
        return min(kept, max(0, cap - self._regions[region] - (region == where.region)))


def first_that_fits(tally: Tally, waiting: Iterable[tuple[int, Where, bool]]) -> int | None:
    """The key of the first in line (key, where from, fills a held seat) who could have a seat now."""
    answers: dict[tuple[Where, bool], bool] = {}
    if not tally.free:
        return None
    for key, where, held in waiting:
        if (where, held) not in answers:
            answers[where, held] = tally.why_not(where, held=held) is None
        if answers[where, held]:
            return key
    return None
