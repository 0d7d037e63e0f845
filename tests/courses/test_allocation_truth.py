"""Allocations drawn by chance: every place is just, every reason true, and nothing depends on order or luck of keys."""

import random
from dataclasses import replace
from itertools import combinations, permutations

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from courses.allocation import (
    DEFAULT_RULES,
    Applicant,
    Code,
    GroupShare,
    Inputs,
    RunSeats,
    allocate,
    inputs_from_json,
    inputs_to_json,
    result_from_json,
    result_to_json,
)
from courses.allocation_choice import Filling, Limits, choose
from tests.courses.allocation_truth import CLAIMS, Truth

REGION_OF = {"s1": "r1", "s2": "r1", "s3": "r2", "s4": "r2", "s5": "r3"}
EXAMPLES = settings(max_examples=60, deadline=None)
few = st.integers(0, 3)
caps = st.none() | st.integers(0, 3)


@st.composite
def run_seats(draw, key):
    groups = [("school", school) for school in REGION_OF] + [("region", region) for region in ("r1", "r2", "r3")]
    chosen = draw(st.lists(st.sampled_from(groups), unique=True, max_size=4))
    return RunSeats(
        key=key,
        places=draw(st.integers(0, 6)),
        school_cap=draw(caps),
        region_cap=draw(st.none() | st.integers(1, 4)),
        shares=tuple(GroupShare(kind, group, draw(few), draw(caps)) for kind, group in chosen),
        taken=tuple(
            (school, REGION_OF[school]) for school in draw(st.lists(st.sampled_from([*REGION_OF]), max_size=2))
        ),
    )


@st.composite
def inputs(draw):
    """Up to three runs, five schools in three regions, and twelve people with few different points among them."""
    runs = "abc"[: draw(st.integers(1, 3))]
    schools = {
        school: {"credit": draw(st.integers(0, 1500)), "school_places": draw(few), "school_people": 1 + draw(few)}
        for school in REGION_OF
    }
    people = []
    for number in range(draw(st.integers(0, 12))):
        school = draw(st.sampled_from([*REGION_OF]))
        wishes = draw(st.permutations(runs))
        people.append(
            Applicant(
                key=f"p{number}",
                school=school,
                region=REGION_OF[school],
                wishes=tuple(wishes[: draw(st.integers(1, len(runs)))]),
                hours_missing=draw(st.sampled_from((0, 40, 80))),
                months_since_last=draw(st.sampled_from((None, 6, 40))),
                kept=draw(few),
                broken=draw(st.integers(0, 1)),
                committee=draw(st.sampled_from((None, 0, 900))),
                **schools[school],
            )
        )
    rules = draw(
        st.sampled_from(
            (
                DEFAULT_RULES,
                replace(DEFAULT_RULES, need=100, gap=0, share=0, kept=0),
                replace(DEFAULT_RULES, need=13, gap=7, share=31, committee=49, target_hours=0, gap_months=0),
            )
        )
    )
    seats = tuple(draw(run_seats(key)) for key in runs)
    return Inputs(seats, tuple(people), rules, draw(st.sampled_from(("1", "2027-Ә"))))


def shuffled(told, dice):
    def mixed(values):
        return tuple(dice.sample(values, len(values)))

    seats = [replace(one, shares=mixed(one.shares), taken=mixed(one.taken)) for one in told.seats]
    return replace(told, seats=mixed(seats), applicants=mixed(told.applicants))


@EXAMPLES
@given(inputs())
def test_places_are_just_and_every_reason_is_true(told):
    assert Truth(told, allocate(told)).faults() == []


@EXAMPLES
@given(inputs(), st.integers())
def test_the_order_of_the_inputs_has_no_say_and_what_was_kept_gives_the_same_bytes(told, dice):
    other = shuffled(told, random.Random(dice))
    kept, result = inputs_to_json(told), result_to_json(allocate(told))
    assert inputs_to_json(other) == kept == inputs_to_json(inputs_from_json(kept))
    assert result_to_json(allocate(other)) == result == result_to_json(allocate(inputs_from_json(kept)))
    assert result_to_json(result_from_json(result)) == result


@EXAMPLES
@given(inputs(), st.data())
def test_nobody_gains_by_wishing_otherwise_than_they_mean(told, data):
    if not told.applicants:
        return
    one = data.draw(st.sampled_from(told.applicants))
    runs = [seats.key for seats in told.seats]
    lies = [list(order[:length]) for length in range(1, len(runs) + 1) for order in permutations(runs, length)]
    liar = replace(one, wishes=tuple(data.draw(st.sampled_from(lies))))
    others = tuple(liar if other is one else other for other in told.applicants)

    def worth(result):
        run = next(outcome.run for outcome in result.outcomes if outcome.applicant == one.key)
        return one.wishes.index(run) if run in one.wishes else len(one.wishes)

    assert worth(allocate(told)) <= worth(allocate(replace(told, applicants=others)))


@EXAMPLES
@given(run_seats("a"), st.lists(st.sampled_from([*REGION_OF]), max_size=8))
def test_a_run_takes_the_best_that_promises_and_caps_allow(seats, schools):
    """Against all sets there are: the most promises kept, then the best people. And no newcomer helps another in."""
    asking = [Applicant(f"p{n}", school, REGION_OF[school], ("a",)) for n, school in enumerate(schools)]
    limits = Limits(seats)

    def worth(people):
        filling, promises, best = Filling(limits), 0, 0
        for one in people:
            if not filling.fits(one):
                return -1, 0
            promises += filling.promises(one)
            best += 2 ** (len(asking) - asking.index(one))
            filling.take(one)
        return promises, best

    sets = [list(people) for size in range(len(asking) + 1) for people in combinations(asking, size)]
    chosen = choose(limits, asking)
    assert chosen == max(sets, key=worth)
    for newcomer in asking:
        without = choose(limits, [one for one in asking if one is not newcomer])
        assert [one for one in chosen if one is not newcomer and one not in without] == []


@EXAMPLES
@given(inputs(), st.data())
def test_a_list_that_was_tampered_with_is_found_out(told, data):
    """The twin: another reason, another figure, a place given to somebody else or taken away."""
    result = allocate(told)
    if not result.outcomes:
        return
    number = data.draw(st.integers(0, len(result.outcomes) - 1))
    one = result.outcomes[number]
    tampered = data.draw(st.sampled_from([*lies_about(told, result, one)]))
    outcomes = (*result.outcomes[:number], tampered, *result.outcomes[number + 1 :])
    assert Truth(told, replace(result, outcomes=outcomes)).faults() != []


def lies_about(told, result, one):
    last = one.reasons[-1]
    for code in set(Code) - {last.code}:
        claimed = CLAIMS[code](Truth(told, result), last.run, one.applicant)
        assert claimed is None, f"{code} is true as well as {last.code}"
        yield with_last(one, replace(last, code=code))
    yield from (
        with_last(one, replace(last, facts={**last.facts, name: value + 1}))
        for name, value in last.facts.items()
        if isinstance(value, int)
    )
    yield replace(one, points=one.points + 1)
    yield replace(one, draw="0" * 64)
    yield replace(one, reasons=())
    if one.run:
        yield replace(one, run=None, wish=None)
    else:
        yield from (replace(one, run=reason.run, wish=wish) for wish, reason in enumerate(one.reasons, 1))


def with_last(one, reason):
    return replace(one, reasons=(*one.reasons[:-1], reason))


@pytest.mark.parametrize("code", sorted(Code))
def test_chance_reaches_every_reason(code):
    """Reasons that no drawn case meets would not have been tried."""
    find(
        inputs(),
        lambda told: any(reason.code == code for one in allocate(told).outcomes for reason in one.reasons),
        settings=settings(max_examples=3000, database=None, phases=[Phase.generate]),
    )
