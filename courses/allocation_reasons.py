"""Why everybody has a place or none, read off the finished list, with the figures that prove each reason."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from courses.allocation_choice import Filling, Limits
from courses.allocation_types import Applicant, Code, Fact, Reason

FACTS = {
    Code.PLACE_ENOUGH: "points, wish",
    Code.PLACE_POINTS: "points, wish, lowest: the fewest points with a place that no promise gave",
    Code.PLACE_DRAW: "points, wish: somebody with as many points has no place here",
    Code.PLACE_PROMISED: "points, wish, group (school or region), floor, passed: the most points without a place here",
    Code.NO_PLACES: "points, wish, places: all were taken before the allocation",
    Code.POINTS: "points, wish, lowest (more than points), promised: places that a promise gave to no more points",
    Code.DRAW: "points, wish, promised (as there): the last place that no promise gave went to as many points",
    Code.PROMISED: "points, wish, promised: every place went by a promise; promised: those with no more points",
    Code.SCHOOL_CAP: "points, wish, cap: so many of the school have places, all of them with more points or the draw",
    Code.REGION_CAP: "points, wish, cap: so many of the region have places",
}


@dataclass
class Standing:
    """The finished list: everybody with the best first, their points, and the run of those who have a place."""

    ranked: list[Applicant]
    points: dict[str, int]
    places: dict[str, str]
    rank: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.rank = {one.key: number for number, one in enumerate(self.ranked)}

    def asked(self) -> dict[str, tuple[list[Applicant], list[Applicant]]]:
        """Of every run those who have a place there and those who were turned away, the best first."""
        found: dict[str, tuple[list[Applicant], list[Applicant]]] = {}
        for one in self.ranked:
            for run in one.wishes:
                inside, outside = found.setdefault(run, ([], []))
                if run == self.places.get(one.key):
                    inside.append(one)
                    break
                outside.append(one)
        return found


def reasons_of(standing: Standing, limits: dict[str, Limits]) -> dict[str, tuple[Reason, ...]]:
    """The reasons of everybody, in the order of wishes up to the one that was granted."""
    found: dict[str, dict[str, Reason]] = {one.key: {} for one in standing.ranked}
    for run, (inside, outside) in standing.asked().items():
        for one, reason in _Run(standing, limits[run], inside, outside).reasons():
            found[one.key][run] = reason
    return {one.key: tuple(_in_order(one, found[one.key])) for one in standing.ranked}


def _in_order(one: Applicant, reasons: dict[str, Reason]) -> Iterable[Reason]:
    return (reasons[run] for run in one.wishes if run in reasons)


class _Run:
    """One run of the finished list."""

    def __init__(self, standing: Standing, limits: Limits, inside: list[Applicant], outside: list[Applicant]) -> None:
        self.standing, self.limits, self.inside, self.outside = standing, limits, inside, outside
        self.filling = Filling(limits, inside)
        self._rivals = self._find_rivals()
        self.promised = [one for one in inside if self._passed(one)]
        promised = {one.key for one in self.promised}
        self.by_points = [one for one in inside if one.key not in promised]

    def reasons(self) -> Iterable[tuple[Applicant, Reason]]:
        promised = {one.key for one in self.promised}
        for one in self.inside:
            yield one, self._of_promised(one) if one.key in promised else self._of_place(one)
        for one in self.outside:
            yield one, self._of_none(one)

    def _find_rivals(self) -> dict[tuple[str, str], Applicant]:
        """Of those without a place, the best who could have anybody's; of a full region, the best who could have a
        place of that region; of a full school, the best who could have a place of that school."""
        found: dict[tuple[str, str], Applicant] = {}
        for one in self.outside:
            if self.filling.school_full(one.school):
                found.setdefault(("school", one.school), one)
            elif self.filling.region_full(one.region):
                found.setdefault(("region", one.region), one)
            else:
                found.setdefault(("anybody", ""), one)
        return found

    def _rivals_of(self, holder: Applicant) -> list[Applicant]:
        """Who, as far as caps go, could stand in the holder's place: the best of each kind."""
        kinds = ("anybody", ""), ("region", holder.region), ("school", holder.school)
        return [self._rivals[kind] for kind in kinds if kind in self._rivals]

    def _passed(self, holder: Applicant) -> list[Applicant]:
        """Of those, who comes before the holder: then only a promise can have given the place."""
        rank = self.standing.rank
        return [one for one in self._rivals_of(holder) if rank[one.key] < rank[holder.key]]

    def _reason(self, one: Applicant, code: Code, **facts: Fact) -> Reason:
        wish = one.wishes.index(self.limits.key) + 1
        return Reason(self.limits.key, code, {"points": self._points(one), "wish": wish, **facts})

    def _points(self, one: Applicant) -> int:
        return self.standing.points[one.key]

    def _of_place(self, one: Applicant) -> Reason:
        if not self.outside:
            return self._reason(one, Code.PLACE_ENOUGH)
        if any(self._points(rival) == self._points(one) for rival in self._rivals_of(one)):
            return self._reason(one, Code.PLACE_DRAW)
        return self._reason(one, Code.PLACE_POINTS, lowest=self._points(self.by_points[-1]))

    def _of_promised(self, one: Applicant) -> Reason:
        floors, schools = self.limits.school_floors, self.filling.schools
        passed = max(self._points(rival) for rival in self._passed(one))
        if schools[one.school] <= floors.get(one.school, 0):
            group, floor = "school", floors[one.school]
        else:
            group, floor = "region", self.limits.region_floors[one.region]
        return self._reason(one, Code.PLACE_PROMISED, group=group, floor=floor, passed=passed)

    def _of_none(self, one: Applicant) -> Reason:
        rank = self.standing.rank
        if not self.limits.free:
            return self._reason(one, Code.NO_PLACES, places=self.limits.places)
        last = self.by_points[-1] if self.by_points else None
        if self.filling.left or (last and rank[one.key] < rank[last.key]):
            return self._of_cap(one)
        promised = sum(self._points(holder) <= self._points(one) for holder in self.promised)
        if last is None:
            return self._reason(one, Code.PROMISED, promised=promised)
        if self._points(last) == self._points(one):
            return self._reason(one, Code.DRAW, promised=promised)
        return self._reason(one, Code.POINTS, lowest=self._points(last), promised=promised)

    def _of_cap(self, one: Applicant) -> Reason:
        if self.filling.school_full(one.school):
            return self._reason(one, Code.SCHOOL_CAP, cap=self.limits.school_cap(one.school))
        return self._reason(one, Code.REGION_CAP, cap=self.limits.region_cap(one.region))
