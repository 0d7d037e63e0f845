"""An allocation as it stands: what was told and answered, with what people have edited since."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from courses.allocation import allocate, inputs_from_json, result_from_json, result_to_json
from courses.allocation_choice import Filling, Limits
from courses.allocation_types import Applicant, Inputs, Outcome, Result, Rules
from courses.models import Allocation, AllocationEdit
from courses.seat_rules import Obstacle


@dataclass(frozen=True)
class Standing:
    """The result with its edits, by the keys of applicants and runs."""

    inputs: Inputs
    result: Result
    edits: dict[str, AllocationEdit]
    """The last edit of each applicant whose outcome is another one by it."""

    @cached_property
    def applicants(self) -> dict[str, Applicant]:
        return {one.key: one for one in self.inputs.applicants}

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        return {one.applicant: one for one in self.result.outcomes}

    @cached_property
    def places(self) -> dict[str, str]:
        """The run of everybody who gets a place, edits counted."""
        given = {one.applicant: one.run for one in self.result.outcomes}
        given |= {key: edit.to_run.uid if edit.to_run else None for key, edit in self.edits.items()}
        return {key: run for key, run in given.items() if run is not None}

    @cached_property
    def ranked(self) -> list[str]:
        """All applicants, the best first: by points, equal ones by the draw."""
        return sorted(self.outcomes, key=lambda key: (-self.outcomes[key].points, self.outcomes[key].draw, key))

    @cached_property
    def edited_runs(self) -> set[str]:
        """Runs in which edits gave or took places: there the points alone do not explain who has one."""
        rows = self.edits.values()
        return {run.uid for edit in rows for run in (edit.from_run, edit.to_run) if run}

    def limits(self, run: str) -> Limits:
        return Limits(next(seats for seats in self.inputs.seats if seats.key == run))

    def obstacle(self, applicant: str, run: str) -> Obstacle | None:
        """What stands against a place for the applicant in the run, the others staying where they are.

        FULL and KEPT are never passed over; a cap may be, with a reason.
        """
        limits, one = self.limits(run), self.applicants[applicant]
        filling = Filling(
            limits, (self.applicants[key] for key, place in self.places.items() if place == run and key != applicant)
        )
        if filling.left < 1:
            return Obstacle.FULL
        before = self._promised(run, filling, but=applicant)
        capped = self._cap(filling, one)
        filling.take(one)
        after = self._promised(run, filling, but=applicant)
        if after >= before and filling.left < after:
            return Obstacle.KEPT
        return capped

    def _cap(self, filling: Filling, one: Applicant) -> Obstacle | None:
        if filling.school_full(one.school):
            return Obstacle.SCHOOL_CAP
        return Obstacle.REGION_CAP if filling.region_full(one.region) else None

    def _promised(self, run: str, filling: Filling, *, but: str) -> int:
        """Places promised to schools and regions whose people still ask for one here."""
        claims = [one for one in self._without_place(run) if one.key != but]
        schools, regions = Counter(one.school for one in claims), Counter(one.region for one in claims)
        of_school = {one.school: one.region for one in claims}
        inside: Counter[str] = Counter()
        for school, floor in filling.limits.school_floors.items():
            inside[of_school.get(school, "")] += min(schools[school], max(0, floor - filling.schools[school]))
        for region, floor in filling.limits.region_floors.items():
            inside[region] = max(inside[region], min(regions[region], max(0, floor - filling.regions[region])))
        return inside.total()

    def _without_place(self, run: str) -> Iterator[Applicant]:
        return (one for one in self.inputs.applicants if one.key not in self.places and run in one.wishes)


def standing(allocation: Allocation) -> Standing:
    """Read what is stored, with the edits (one query)."""
    rows = allocation.edits.select_related("enrolment", "from_run", "to_run", "actor").order_by("pk")
    result = result_from_json(allocation.result)
    given = {one.applicant: one.run for one in result.outcomes}
    last = {edit.enrolment.uid: edit for edit in rows}
    edits = {uid: edit for uid, edit in last.items() if (edit.to_run and edit.to_run.uid) != given.get(uid)}
    return Standing(inputs_from_json(allocation.inputs), result, edits)


def digest(inputs: str, version: int, seed: str) -> str:
    """The SHA-256 of what an allocation depends on: inputs, version of the rules, seed."""
    return hashlib.sha256(f"{inputs}\n{version}\n{seed}".encode()).hexdigest()


def repeat(allocation: Allocation) -> list[str]:
    """Work the stored inputs out again; what does not come out the same, one sentence each. Nothing if all is well."""
    return differences(f"allocation {allocation.uid}", allocation, allocation.rules.values())


class Stored(Protocol):
    """What is kept of an allocation, of courses or of conferences."""

    inputs: str
    result: str
    digest: str
    seed: str


def differences(name: str, row: Stored, rules: Rules | None) -> list[str]:
    """Work what is stored out again by these rules; what does not come out the same, one sentence each."""
    faults, inputs = [], inputs_from_json(row.inputs)
    if digest(row.inputs, rules.version if rules else 0, row.seed) != row.digest:
        faults.append(f"{name}: the digest does not fit inputs, version and seed")
    if (inputs.rules, inputs.seed) != (rules, row.seed):
        faults.append(f"{name}: the inputs name other rules or another seed")
    if result_to_json(allocate(inputs)) != row.result:
        faults.append(f"{name}: the result is another one")
    return faults


def verify() -> list[str]:
    """What stands against the promises about allocations, over all of them; an empty list if all is well."""
    rows = Allocation.objects.select_related("rules").order_by("pk")
    return [fault for row in rows.iterator(chunk_size=20) for fault in repeat(row)]
