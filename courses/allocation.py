"""Who gets a place when places are fewer than wishes: a pure function, the same for courses and conferences.

**Points** come from the rules alone (allocation_points.py) and are the same in every run. Equal points are put in
order by a draw that anybody can repeat. **Places** are given by deferred acceptance: everybody asks for the first
wish; a run keeps those whom it would choose (allocation_choice.py: promises to schools and regions first, as far as
their people apply, then points, within the caps) and turns the others away, who ask for their next wish, until
nobody has anything left to ask for. So it holds, whatever the inputs: nobody with less holds a place that you wished
for more than what you got, except by a promise, a cap or the draw; nobody gains by ranking wishes otherwise than
they mean; and neither the order of the inputs nor the clock has a say.
"""

from collections import Counter

from courses.allocation_check import Contradiction, check
from courses.allocation_choice import Limits, choose
from courses.allocation_json import inputs_from_json, inputs_to_json, result_from_json, result_to_json
from courses.allocation_points import draw_of, network_of, parts_of
from courses.allocation_reasons import Standing, reasons_of
from courses.allocation_types import (
    DEFAULT_RULES,
    PLACES,
    Applicant,
    Code,
    GroupShare,
    Inputs,
    Outcome,
    Part,
    Reason,
    Result,
    Rules,
    RunSeats,
)

__all__ = [
    "DEFAULT_RULES",
    "PLACES",
    "Applicant",
    "Code",
    "Contradiction",
    "GroupShare",
    "Inputs",
    "Outcome",
    "Part",
    "Reason",
    "Result",
    "Rules",
    "RunSeats",
    "allocate",
    "inputs_from_json",
    "inputs_to_json",
    "result_from_json",
    "result_to_json",
]

PLACE = 1000
"""One place in thousandths, the unit of credits."""


def allocate(inputs: Inputs) -> Result:
    """Give the places, with everybody's points, reasons, the order of those who wait, and the schools' credits.

    Raises Contradiction (a ValueError), if the inputs contradict themselves.
    """
    check(inputs)
    network = network_of(inputs.applicants)
    parts = {one.key: parts_of(one, inputs.rules, network) for one in inputs.applicants}
    points = {key: sum(part.points for part in found) for key, found in parts.items()}
    draws = {one.key: draw_of(inputs.seed, one.key) for one in inputs.applicants}
    ranked = sorted(inputs.applicants, key=lambda one: (-points[one.key], draws[one.key], one.key))
    limits = {seats.key: Limits(seats) for seats in inputs.seats}
    places = _places(ranked, limits)
    reasons = reasons_of(Standing(ranked, points, places), limits)
    outcomes = tuple(
        Outcome(
            applicant=one.key,
            run=places.get(one.key),
            wish=one.wishes.index(places[one.key]) + 1 if one.key in places else None,
            points=points[one.key],
            parts=parts[one.key],
            draw=draws[one.key],
            reasons=reasons[one.key],
        )
        for one in sorted(inputs.applicants, key=lambda one: one.key)
    )
    return Result(outcomes, _order(ranked, places, limits), credits_of(inputs.applicants, places))


def _places(ranked: list[Applicant], limits: dict[str, Limits]) -> dict[str, str]:
    """Everybody's run by deferred acceptance. `ranked`: the best first."""
    place_of = {one.key: number for number, one in enumerate(ranked)}
    chosen: dict[str, list[Applicant]] = {run: [] for run in limits}
    next_wish = dict.fromkeys(place_of, 0)
    asking = ranked
    while asking:
        asked: dict[str, list[Applicant]] = {}
        for one in asking:
            if next_wish[one.key] < len(one.wishes):
                asked.setdefault(one.wishes[next_wish[one.key]], []).append(one)
                next_wish[one.key] += 1
        asking = []
        for run, newcomers in asked.items():
            all_of_them = sorted(chosen[run] + newcomers, key=lambda one: place_of[one.key])
            chosen[run] = choose(limits[run], all_of_them)
            kept = {one.key for one in chosen[run]}
            asking += [one for one in all_of_them if one.key not in kept]
    return {one.key: run for run, people in chosen.items() for one in people}


def _order(ranked: list[Applicant], places: dict[str, str], limits: dict[str, Limits]) -> dict[str, tuple[str, ...]]:
    """Of every run those who have no place at all, the best first."""
    waiting: dict[str, list[str]] = {run: [] for run in sorted(limits)}
    for one in ranked:
        if one.key not in places:
            for run in one.wishes:
                waiting[run].append(one.key)
    return {run: tuple(keys) for run, keys in waiting.items()}


def credits_of(applicants: tuple[Applicant, ...], places: dict[str, str]) -> dict[str, int]:
    """What each school's credit gains or loses by these places, in thousandths; schools without a change are left out.

    A school's share of all places given is in proportion to its applicants. It gains what it got less than its
    share, and pays with what it got more, down to a credit of 0. Shares add up to the places exactly (what division
    leaves goes to the largest remainders, then by key), so all changes together are what lucky schools could not pay.
    """
    asked = Counter(one.school for one in applicants)
    got = Counter(one.school for one in applicants if one.key in places)
    credit = {one.school: one.credit for one in applicants}
    whole = PLACE * got.total()
    shares = {school: whole * count // asked.total() for school, count in asked.items()}
    by_remainder = sorted(asked, key=lambda school: (-(whole * asked[school] % asked.total()), school))
    for school in by_remainder[: whole - sum(shares.values())]:
        shares[school] += 1
    changes = {school: max(shares[school] - PLACE * got[school], -credit[school]) for school in sorted(asked)}
    return {school: change for school, change in changes.items() if change}
