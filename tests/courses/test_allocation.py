"""Who gets a place, by hand: one small case for each reason."""

import hashlib
from dataclasses import replace

import pytest

from courses.allocation import (
    DEFAULT_RULES,
    Applicant,
    Code,
    Contradiction,
    GroupShare,
    Inputs,
    Reason,
    Rules,
    RunSeats,
    allocate,
    inputs_from_json,
    inputs_to_json,
    result_from_json,
    result_to_json,
)
from courses.allocation_points import draw_of

BY_NEED = Rules(version=9, need=100, gap=0, share=0, kept=0, committee=0, target_hours=100, gap_months=36)
"""Ten points for each hour missing, so that a case can say what it means."""


def person(key, points, *, school="s1", region="r1", wishes=("a",), **facts):
    """An applicant with so many points under BY_NEED."""
    return Applicant(key=key, school=school, region=region, wishes=tuple(wishes), hours_missing=points // 10, **facts)


def given(seats, *people, rules=BY_NEED, seed="1"):
    runs = (seats,) if isinstance(seats, RunSeats) else tuple(seats)
    return allocate(Inputs(seats=runs, applicants=people, rules=rules, seed=seed))


def places(result):
    return {one.applicant: one.run for one in result.outcomes if one.run}


def reasons(result):
    """The last reason of everybody: of the wish that was granted, or of the last that was not."""
    return {one.applicant: (str(one.reasons[-1].code), one.reasons[-1].facts) for one in result.outcomes}


def test_a_place_for_everybody_needs_no_comparison():
    result = given(RunSeats("a", 2), person("x", 300), person("y", 100))
    assert places(result) == {"x": "a", "y": "a"}
    assert reasons(result) == {
        "x": ("place_enough", {"points": 300, "wish": 1}),
        "y": ("place_enough", {"points": 100, "wish": 1}),
    }
    assert result.order == {"a": ()}
    assert result.credits == {}


def test_more_points_come_first_and_the_others_wait_in_their_order():
    result = given(RunSeats("a", 1), person("x", 300), person("y", 500), person("z", 400))
    assert reasons(result) == {
        "x": ("points", {"points": 300, "wish": 1, "lowest": 500, "promised": 0}),
        "y": ("place_points", {"points": 500, "wish": 1, "lowest": 500}),
        "z": ("points", {"points": 400, "wish": 1, "lowest": 500, "promised": 0}),
    }
    assert result.order == {"a": ("z", "x")}


def test_equal_points_are_put_in_order_by_a_draw_that_anybody_can_repeat():
    first, last = sorted(("x", "y"), key=lambda key: hashlib.sha256(f"7:{key}".encode()).hexdigest())
    result = given(RunSeats("a", 1), person("x", 300), person("y", 300), seed="7")
    assert reasons(result) == {
        first: ("place_draw", {"points": 300, "wish": 1}),
        last: ("draw", {"points": 300, "wish": 1, "promised": 0}),
    }
    assert {one.applicant: one.draw for one in result.outcomes} == {key: draw_of("7", key) for key in ("x", "y")}


def test_another_seed_draws_otherwise():
    people = [person(key, 300) for key in "abcdefgh"]
    winners = {next(iter(places(given(RunSeats("a", 1), *people, seed=str(seed))))) for seed in range(20)}
    assert len(winners) > 3


def test_a_second_wish_is_granted_with_the_reason_of_the_first():
    runs = RunSeats("a", 1), RunSeats("b", 1)
    result = given(runs, person("x", 500, wishes="ab"), person("y", 400, wishes="ab"), person("z", 300, wishes="b"))
    assert places(result) == {"x": "a", "y": "b"}
    assert [(one.applicant, one.wish) for one in result.outcomes] == [("x", 1), ("y", 2), ("z", None)]
    assert result.outcomes[1].reasons == (
        Reason("a", Code.POINTS, {"points": 400, "wish": 1, "lowest": 500, "promised": 0}),
        Reason("b", Code.PLACE_POINTS, {"points": 400, "wish": 2, "lowest": 400}),
    )
    assert result.order == {"a": (), "b": ("z",)}


def test_a_promise_to_a_school_is_kept_with_fewer_points():
    seats = RunSeats("a", 2, shares=(GroupShare("school", "s2", floor=1),))
    result = given(seats, person("x", 500), person("y", 400), person("z", 100, school="s2"))
    assert reasons(result) == {
        "x": ("place_points", {"points": 500, "wish": 1, "lowest": 500}),
        "y": ("points", {"points": 400, "wish": 1, "lowest": 500, "promised": 1}),
        "z": ("place_promised", {"points": 100, "wish": 1, "group": "school", "floor": 1, "passed": 400}),
    }


def test_a_promise_to_a_region_is_kept_and_a_school_in_it_helps():
    shares = GroupShare("region", "r2", floor=2), GroupShare("school", "s2", floor=1)
    low = person("w", 90, school="s2", region="r2"), person("z", 100, school="s3", region="r2")
    result = given(RunSeats("a", 2, shares=shares), person("x", 500), *low)
    assert places(result) == {"w": "a", "z": "a"}
    assert reasons(result) == {
        "w": ("place_promised", {"points": 90, "wish": 1, "group": "school", "floor": 1, "passed": 500}),
        "x": ("promised", {"points": 500, "wish": 1, "promised": 2}),
        "z": ("place_promised", {"points": 100, "wish": 1, "group": "region", "floor": 2, "passed": 500}),
    }


def test_a_promise_to_whom_nobody_applies_takes_no_place_away():
    seats = RunSeats("a", 2, shares=(GroupShare("school", "s2", floor=2),))
    assert places(given(seats, person("x", 500), person("y", 400))) == {"x": "a", "y": "a"}


def test_a_school_gets_no_more_than_its_cap_and_the_rest_wait():
    result = given(RunSeats("a", 3, school_cap=1), person("x", 500), person("y", 400), person("z", 100, school="s2"))
    assert places(result) == {"x": "a", "z": "a"}
    assert reasons(result)["y"] == ("school_cap", {"points": 400, "wish": 1, "cap": 1})
    assert result.order == {"a": ("y",)}


def test_a_draw_between_two_of_a_school_that_has_all_it_may_is_called_a_draw():
    result = given(RunSeats("a", 2, school_cap=1), person("x", 300), person("y", 300))
    assert sorted(code for code, _facts in reasons(result).values()) == ["place_draw", "school_cap"]


def test_the_narrower_of_two_caps_counts():
    seats = RunSeats("a", 3, school_cap=3, shares=(GroupShare("school", "s1", cap=2),))
    result = given(seats, *(person(key, points) for key, points in (("x", 500), ("y", 400), ("z", 300))))
    assert reasons(result)["z"] == ("school_cap", {"points": 300, "wish": 1, "cap": 2})


def test_a_region_gets_no_more_than_its_cap():
    result = given(RunSeats("a", 2, region_cap=1), person("x", 500), person("y", 400, school="s2"))
    assert reasons(result)["y"] == ("region_cap", {"points": 400, "wish": 1, "cap": 1})


def test_who_would_have_had_no_place_without_the_cap_either_hears_of_points():
    people = person("x", 500), person("y", 100), person("z", 400, school="s2")
    result = given(RunSeats("a", 2, school_cap=1), *people)
    assert reasons(result)["y"] == ("points", {"points": 100, "wish": 1, "lowest": 400, "promised": 0})


def test_seats_given_before_count_against_places_caps_and_promises():
    taken = (("s1", "r1"), ("s2", "r2"))
    seats = RunSeats("a", 4, school_cap=1, shares=(GroupShare("school", "s2", floor=1),), taken=taken)
    people = (
        person("x", 500),
        person("y", 400, school="s3"),
        person("z", 300, school="s4"),
        person("w", 200, school="s5"),
    )
    result = given(seats, *people)
    assert places(result) == {"y": "a", "z": "a"}
    assert reasons(result)["x"] == ("school_cap", {"points": 500, "wish": 1, "cap": 1})
    assert reasons(result)["w"] == ("points", {"points": 200, "wish": 1, "lowest": 300, "promised": 0})


def test_a_run_whose_places_are_all_taken_says_so():
    result = given(RunSeats("a", 1, taken=(("s9", "r9"),)), person("x", 500))
    assert reasons(result) == {"x": ("no_places", {"points": 500, "wish": 1, "places": 1})}


def test_parts_add_up_and_tell_what_they_came_from():
    one = Applicant(
        key="x",
        school="s1",
        region="r1",
        wishes=("a",),
        hours_missing=40,
        months_since_last=9,
        credit=200,
        school_places=3,
        school_people=2,
        kept=1,
        broken=1,
    )
    other = Applicant(key="y", school="s2", region="r1", wishes=("a",), school_places=1, school_people=2)
    outcome, newcomer = given(RunSeats("a", 2), one, other, rules=DEFAULT_RULES).outcomes
    # half the hours; a quarter of 36 months; 1.5 places each where the average is 1; one of two kept, one on trust
    assert [(part.name, part.points, part.most) for part in outcome.parts] == [
        ("need", 500 * 35 // 100, 350),
        ("gap", 250 * 20 // 100, 200),
        ("share", (1000 - 750 + 100) * 30 // 100, 300),
        ("kept", 666 * 15 // 100, 150),
    ]
    assert outcome.points == sum(part.points for part in outcome.parts) == 175 + 50 + 105 + 99
    assert outcome.parts[2].facts == {
        "places": 3,
        "people": 2,
        "network_places": 4,
        "network_people": 4,
        "credit": 200,
    }
    assert [(part.name, part.points) for part in newcomer.parts] == [
        ("need", 0),
        ("gap", 200),
        ("share", 225),
        ("kept", 150),
    ]


def test_the_committees_score_counts_where_it_has_a_weight():
    rules = replace(BY_NEED, need=0, committee=100)
    people = [person(key, 0, committee=score) for key, score in (("x", 700), ("y", None), ("z", 300))]
    assert [one.points for one in given(RunSeats("a", 3), *people, rules=rules).outcomes] == [700, 500, 300]


def test_credit_goes_to_whom_got_less_than_their_share_and_is_spent_by_others():
    """Three places among four applicants: 750 thousandths for each, so 1,500 for s1 and 750 for the others."""
    people = (
        person("x", 500, credit=900),
        person("y", 400, credit=900),
        person("z", 300, school="s2", credit=100),
        person("w", 200, school="s3"),
    )
    assert given(RunSeats("a", 3), *people).credits == {"s1": -500, "s2": -100, "s3": 750}


REFUSED = {
    "a run twice": lambda: ((RunSeats("a", 1), RunSeats("a", 2)), [person("x", 1)]),
    "a person twice": lambda: (RunSeats("a", 1), [person("x", 1), person("x", 2)]),
    "no wish": lambda: (RunSeats("a", 1), [person("x", 1, wishes=())]),
    "a wish twice": lambda: (RunSeats("a", 1), [person("x", 1, wishes="aa")]),
    "an unknown run": lambda: (RunSeats("a", 1), [person("x", 1, wishes="b")]),
    "a school in two regions": lambda: (RunSeats("a", 1), [person("x", 1), person("y", 1, region="r2")]),
    "a school with two credits": lambda: (RunSeats("a", 1), [person("x", 1), person("y", 1, credit=1)]),
    "fewer than no places": lambda: (RunSeats("a", -1), [person("x", 1)]),
    "a share of a district": lambda: (RunSeats("a", 1, shares=(GroupShare("district", "d"),)), [person("x", 1)]),
    "a negative cap": lambda: (RunSeats("a", 1, school_cap=-1), [person("x", 1)]),
    "a score beyond 1000": lambda: (RunSeats("a", 1), [person("x", 1, committee=1001)]),
    "a school of nobody": lambda: (RunSeats("a", 1), [person("x", 1, school_people=0)]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_inputs_that_contradict_themselves_are_refused(case):
    seats, people = REFUSED[case]()
    with pytest.raises(Contradiction):
        given(seats, *people)


def test_json_brings_back_what_was_kept_whatever_the_order():
    seats = RunSeats(
        "a",
        2,
        school_cap=1,
        shares=(GroupShare("school", "s2", floor=1), GroupShare("region", "r1", cap=2)),
        taken=(("s2", "r1"), ("s1", "r1")),
    )
    inputs = Inputs((seats, RunSeats("b", 1)), (person("y", 300, wishes="ba"), person("x", 500)), BY_NEED, "Ә")
    turned = Inputs(
        (inputs.seats[1], replace(seats, shares=seats.shares[::-1], taken=seats.taken[::-1])),
        inputs.applicants[::-1],
        BY_NEED,
        "Ә",
    )
    text = inputs_to_json(inputs)
    assert text == inputs_to_json(turned) == inputs_to_json(inputs_from_json(text))
    result = result_to_json(allocate(inputs))
    assert result == result_to_json(allocate(turned)) == result_to_json(allocate(inputs_from_json(text)))
    assert result_from_json(result) == allocate(inputs)
