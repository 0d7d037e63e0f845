"""Inputs that contradict themselves are refused before an allocation looks at them."""

from collections.abc import Iterable

from courses.allocation_types import Applicant, Inputs, RunSeats


class Contradiction(ValueError):
    """The inputs cannot be meant; the text says what is wrong with them. For developers, never shown to users."""


def check(inputs: Inputs) -> None:
    """Raises Contradiction at the first thing that an allocation could not decide the same way for everybody."""
    runs = _once("run", (seats.key for seats in inputs.seats))
    _once("applicant", (applicant.key for applicant in inputs.applicants))
    for seats in inputs.seats:
        _check_seats(seats)
    _check_rules(inputs)
    schools: dict[str, tuple[object, ...]] = {}
    for one in inputs.applicants:
        _check_applicant(one, runs)
        told = (one.region, one.credit, one.school_places, one.school_people)
        if schools.setdefault(one.school, told) != told:
            raise Contradiction(f"school {one.school} is told of in two ways")


def _once(what: str, keys: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise Contradiction(f"{what} {key} stands twice")
        seen.add(key)
    return seen


def _check_seats(seats: RunSeats) -> None:
    _once(f"run {seats.key}: share", (f"{share.kind} {share.key}" for share in seats.shares))
    for share in seats.shares:
        if share.kind not in ("school", "region"):
            raise Contradiction(f"run {seats.key}: a share of a {share.kind}")
    caps = [seats.school_cap, seats.region_cap, *(share.cap for share in seats.shares)]
    if min(seats.places, *(share.floor for share in seats.shares), *(cap for cap in caps if cap is not None), 0) < 0:
        raise Contradiction(f"run {seats.key}: less than nothing")


def _check_rules(inputs: Inputs) -> None:
    rules = inputs.rules
    numbers = (rules.need, rules.gap, rules.share, rules.kept, rules.committee, rules.target_hours, rules.gap_months)
    if min(numbers) < 0:
        raise Contradiction("rules: less than nothing")


def _check_applicant(one: Applicant, runs: set[str]) -> None:
    if not one.wishes:
        raise Contradiction(f"applicant {one.key} wishes for nothing")
    _once(f"applicant {one.key}: wish", one.wishes)
    if unknown := [run for run in one.wishes if run not in runs]:
        raise Contradiction(f"applicant {one.key} wishes for {unknown[0]}, which is no run")
    numbers = (one.hours_missing, one.months_since_last or 0, one.credit, one.school_places, one.kept, one.broken)
    if min(numbers) < 0 or one.school_people < 1 or not 0 <= (one.committee or 0) <= 1000:
        raise Contradiction(f"applicant {one.key}: a figure out of its bounds")
