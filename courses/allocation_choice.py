"""Whom a run takes among those who ask for a place: promises first, then points, never over a cap."""

from collections import Counter
from collections.abc import Iterable, Sequence

from courses.allocation_types import Applicant, RunSeats


class Limits:
    """A run's places, floors and caps, and what is taken of each of them before the allocation."""

    def __init__(self, seats: RunSeats) -> None:
        self.key = seats.key
        self.places = seats.places
        self.free = max(0, seats.places - len(seats.taken))
        self.before_school = Counter(school for school, _ in seats.taken)
        self.before_region = Counter(region for _, region in seats.taken)
        self.school_floors = {share.key: share.floor for share in seats.shares if share.kind == "school"}
        self.region_floors = {share.key: share.floor for share in seats.shares if share.kind == "region"}
        self._school_caps = _caps(seats, "school", seats.school_cap)
        self._region_caps = _caps(seats, "region", seats.region_cap)
        self._any_school, self._any_region = seats.school_cap, seats.region_cap

    def school_cap(self, school: str) -> int | None:
        """The most places the school may have, of two caps the narrower; None: as many as there are."""
        return self._school_caps.get(school, self._any_school)

    def region_cap(self, region: str) -> int | None:
        return self._region_caps.get(region, self._any_region)


class Filling:
    """A run while it is being filled."""

    def __init__(self, limits: Limits, chosen: Iterable[Applicant] = ()) -> None:
        self.limits = limits
        self.left = limits.free
        self.schools = limits.before_school.copy()
        self.regions = limits.before_region.copy()
        for one in chosen:
            self.take(one)

    def take(self, one: Applicant) -> None:
        self.left -= 1
        self.schools[one.school] += 1
        self.regions[one.region] += 1

    def school_full(self, school: str) -> bool:
        cap = self.limits.school_cap(school)
        return cap is not None and self.schools[school] >= cap

    def region_full(self, region: str) -> bool:
        cap = self.limits.region_cap(region)
        return cap is not None and self.regions[region] >= cap

    def fits(self, one: Applicant) -> bool:
        return self.left > 0 and not self.school_full(one.school) and not self.region_full(one.region)

    def promises(self, one: Applicant) -> int:
        """How many promises that are still open a place for this person would help to keep: 0, 1 or 2."""
        school = self.schools[one.school] < self.limits.school_floors.get(one.school, 0)
        region = self.regions[one.region] < self.limits.region_floors.get(one.region, 0)
        return school + region


def choose(limits: Limits, asking: Sequence[Applicant]) -> list[Applicant]:
    """Those of `asking` (the best first) who get a place: as many promises kept as can be, then the best.

    Whoever helps to keep two promises (of school and region) goes first, then one, then all others. Schools lie
    within regions, so taking the best of each round is the best of all, and asking more people never gives a place
    to somebody who had none before (which deferred acceptance needs).
    """
    filling = Filling(limits)
    taken: set[str] = set()
    schools, regions = limits.school_floors, limits.region_floors
    promised = [one for one in asking if one.school in schools or one.region in regions] if schools or regions else []
    for wanted, rank in ((2, promised), (1, promised), (0, asking)):
        for one in rank:
            if not filling.left:
                break
            # after two rounds, a promise that is still open belongs to people whom a cap keeps out
            if one.key not in taken and (not wanted or filling.promises(one) == wanted) and filling.fits(one):
                taken.add(one.key)
                filling.take(one)
    return [one for one in asking if one.key in taken]


def _caps(seats: RunSeats, kind: str, general: int | None) -> dict[str, int | None]:
    """Caps of groups that have one of their own: of two the narrower."""
    return {
        share.key: share.cap if general is None else min(share.cap, general)
        for share in seats.shares
        if share.kind == kind and share.cap is not None
    }
