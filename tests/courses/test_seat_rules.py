"""Who may get the next seat, without tables: capacity, caps, what is promised and held, and when it is let go."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.seat_rules import Obstacle, Rules, Share, Tally, Where, first_that_fits

A, B, C = Where(1, 10), Where(2, 10), Where(3, 20)
NOWHERE = Where()


def tally(capacity=10, **rules):
    return Tally(Rules(capacity, **rules))


def filled(given, where, count=1, **how):
    given.take(where, count=count, **how)
    return given


def test_without_rules_the_seats_alone_count():
    given = filled(tally(2), A, 1)
    assert (given.free, given.why_not(B), given.kept(), given.open_to(NOWHERE)) == (1, None, 0, 1)
    given.take(B)
    assert (given.free, given.why_not(A), given.open_to(A)) == (0, Obstacle.FULL, 0)


def test_more_given_than_there_are_is_full_and_not_less_than_none():
    given = filled(tally(2), A, 5)
    assert (given.free, given.why_not(A)) == (0, Obstacle.FULL)


def test_a_school_has_its_most():
    given = filled(tally(school_cap=2), A, 2)
    assert (given.why_not(A), given.why_not(B)) == (Obstacle.SCHOOL_CAP, None)
    assert (given.why_not(A, caps=False), given.open_to(B), given.open_to(NOWHERE)) == (None, 2, 8)


@pytest.mark.parametrize(("own", "expected"), [(0, 0), (1, 1), (5, 5), (None, 2)])
def test_a_school_s_own_most_comes_before_the_run_s(own, expected):
    assert tally(school_cap=2, schools={1: Share(cap=own, region=10)}).open_to(A) == expected


def test_a_region_has_its_most_across_its_schools():
    given = filled(filled(tally(region_cap=2), A), B)
    assert (given.why_not(A), given.why_not(C)) == (Obstacle.REGION_CAP, None)
    given = filled(tally(region_cap=2, regions={10: Share(cap=3)}), A, 2)
    assert given.open_to(B) == 1


def test_promised_seats_are_kept_from_others_alone():
    given = tally(3, schools={1: Share(floor=2, region=10)})
    assert (given.kept(), given.open_to(C), given.open_to(NOWHERE), given.open_to(A)) == (2, 1, 1, 3)
    given.take(C)
    assert (given.why_not(C), given.why_not(B), given.why_not(A)) == (Obstacle.KEPT, Obstacle.KEPT, None)
    given.take(A)
    assert (given.kept(), given.why_not(C), given.why_not(A)) == (1, Obstacle.KEPT, None)


def test_what_is_kept_is_kept_even_beyond_caps():
    given = filled(tally(2, school_cap=1, schools={2: Share(floor=1, region=10)}), A)
    assert (given.why_not(A, caps=False), given.why_not(C, caps=False), given.why_not(B)) == (
        Obstacle.KEPT,
        Obstacle.KEPT,
        None,
    )


def test_held_seats_are_for_names_and_not_for_the_school_at_large():
    given = tally(3, schools={1: Share(held=2, region=10)})
    assert (given.left_to_name(1), given.open_to(A), given.open_to(C)) == (2, 1, 1)
    given.take(C)
    assert (given.why_not(A), given.why_not(A, held=True)) == (Obstacle.KEPT, None)
    given.take(A, held=True)
    assert (given.left_to_name(1), given.why_not(A, held=True), given.why_not(A)) == (1, None, Obstacle.KEPT)
    given.take(A, held=True)
    assert (given.left_to_name(1), given.why_not(A, held=True)) == (0, Obstacle.FULL)


def test_a_name_without_a_held_seat_goes_as_everybody_does():
    given = filled(tally(5, school_cap=1, schools={1: Share(held=1, cap=1, region=10)}), A, held=True)
    assert given.why_not(A, held=True) == Obstacle.SCHOOL_CAP
    assert tally(1, schools={2: Share(held=1, region=10)}).why_not(A, held=True) == Obstacle.KEPT


def test_held_seats_count_towards_the_most_of_school_and_region():
    assert tally(school_cap=3, schools={1: Share(held=2, region=10)}).open_to(A) == 1
    assert tally(region_cap=3, schools={1: Share(held=2, region=10)}).open_to(B) == 1
    assert tally(school_cap=2, schools={1: Share(held=2, region=10)}).why_not(A, held=True) is None


def test_promise_and_held_add_up():
    given = tally(5, schools={1: Share(floor=2, held=2, region=10)})
    assert (given.kept(), given.kept_for(1), given.open_to(C)) == (4, 4, 1)
    given.take(A)
    assert (given.kept(), given.kept_for(1)) == (3, 3)
    given.take(A, held=True)
    assert (given.kept(), given.kept_for(1), given.given_to(1), given.given_in(10)) == (2, 2, 2, 2)


def test_a_region_s_promise_holds_those_of_its_schools():
    rules = {"schools": {1: Share(floor=2, region=10)}, "regions": {10: Share(floor=3)}}
    given = tally(4, **rules)
    assert (given.kept(), given.open_to(C)) == (3, 1)
    given.take(B)
    assert (given.kept(), given.why_not(B)) == (2, None)
    given.take(B)
    assert (given.kept(), given.why_not(B), given.why_not(C), given.why_not(A)) == (
        2,
        Obstacle.KEPT,
        Obstacle.KEPT,
        None,
    )


def test_a_region_promised_less_than_its_schools_keeps_what_they_are_promised():
    given = tally(4, schools={1: Share(floor=2, region=10)}, regions={10: Share(floor=1)})
    assert (given.kept(), given.open_to(C)) == (2, 2)


def test_from_the_merge_on_nothing_is_kept_and_caps_stand():
    given = tally(3, school_cap=1, keeps=False, schools={1: Share(floor=1, held=0, region=10), 2: Share(held=2)})
    assert (given.kept(), given.left_to_name(2), given.kept_for(1), given.open_to(C)) == (0, 0, 0, 1)
    given.take(C)
    assert (given.why_not(C), given.why_not(B, held=True)) == (Obstacle.SCHOOL_CAP, None)


def test_promises_beyond_the_capacity_still_give_seats_to_those_they_are_for():
    given = tally(2, schools={1: Share(floor=5, region=10)})
    assert (given.kept(), given.why_not(C), given.open_to(A)) == (5, Obstacle.KEPT, 2)


@pytest.mark.parametrize(
    ("rules", "taken", "count", "obstacle"),
    [
        ({}, [], 10, None),
        ({}, [], 11, Obstacle.KEPT),
        ({}, [(C, 10)], 1, Obstacle.FULL),
        ({"schools": {2: Share(floor=8, region=10)}}, [], 2, None),
        ({"schools": {2: Share(floor=8, region=10)}}, [], 3, Obstacle.KEPT),
        ({"schools": {1: Share(held=2, region=10)}}, [(C, 8)], 2, None),
        ({"school_cap": 3}, [(A, 1)], 2, None),
        ({"school_cap": 3}, [(A, 1)], 3, Obstacle.SCHOOL_CAP),
        ({"school_cap": 3, "schools": {1: Share(floor=2, region=10)}}, [(A, 1)], 2, Obstacle.SCHOOL_CAP),
        ({"school_cap": 1, "schools": {1: Share(cap=4, region=10)}}, [], 4, None),
        ({"region_cap": 3}, [(B, 2)], 1, None),
        ({"region_cap": 3}, [(B, 2)], 2, Obstacle.REGION_CAP),
        ({"region_cap": 3, "schools": {2: Share(held=2, region=10)}}, [], 2, Obstacle.REGION_CAP),
        ({"regions": {10: Share(cap=1)}}, [], 2, Obstacle.REGION_CAP),
    ],
)
def test_what_a_school_may_hold(rules, taken, count, obstacle):
    given = tally(**rules)
    for where, number in taken:
        given.take(where, count=number)
    assert given.why_not_hold(1, 10, count) == obstacle


def test_looking_changes_nothing():
    given = tally(5, schools={1: Share(floor=2, region=10)})
    given.open_to(A)
    given.why_not_hold(1, 10, 3)
    assert (given.taken, given.free, given.kept(), given.rules.schools[1].held) == (0, 5, 2, 0)


def test_the_first_in_line_who_fits_is_next_and_the_others_keep_their_place():
    given = filled(tally(3, school_cap=1), A)
    line = [(7, A, False), (8, A, False), (9, C, False), (10, B, False)]
    assert first_that_fits(given, line) == 9
    assert first_that_fits(filled(given, B, 2), line) is None
    assert first_that_fits(tally(1, schools={1: Share(held=1)}), [(7, C, False), (8, A, False), (9, A, True)]) == 9


# --- by chance ---

PATIENTLY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SCHOOLS = {1: 10, 2: 10, 3: 20, 4: 20}
NUMBER = st.integers(0, 4)


@st.composite
def rules_by_chance(draw):
    def shares(places):
        return {
            key: Share(draw(NUMBER), draw(st.none() | NUMBER), draw(NUMBER) if inside else 0, inside)
            for key, inside in places.items()
            if draw(st.booleans())
        }

    limit = st.none() | st.integers(1, 5)
    return Rules(
        draw(st.integers(1, 14)),
        draw(limit),
        draw(limit),
        shares(SCHOOLS),
        shares({10: None, 20: None}),
        keeps=draw(st.integers(0, 4)) > 0,
    )


COMERS = st.lists(st.tuples(st.sampled_from([None, 1, 2, 3, 4]), st.booleans()), max_size=30)


def give(given, comers, *, why_not=Tally.why_not):
    """Offer a seat to each comer in turn, checking every seat that is given."""
    got = Counter()
    for school, held in comers:
        where = Where(school, SCHOOLS.get(school))
        before = given.kept()
        if why_not(given, where, held=held) is not None:
            continue
        of_held = held and given.left_to_name(school) > 0
        given.take(where, held=of_held)
        got[school] += 1
        check(given, before, where, of_held)
    return got


def check(given, kept_before, where, of_held):
    rules = given.rules
    assert given.taken <= rules.capacity
    assert given.kept() <= max(given.free, kept_before - 1), "a seat was given that makes a promise impossible"
    share = rules.schools.get(where.school, Share())
    cap = rules.school_cap if share.cap is None else share.cap
    if where.school is not None and cap is not None and not of_held:
        assert given.given_to(where.school) + given.left_to_name(where.school) <= cap


@PATIENTLY
@given(rules=rules_by_chance(), comers=COMERS)
def test_no_seat_given_makes_what_is_promised_impossible(rules, comers):
    give(Tally(rules), comers)


@PATIENTLY
@given(rules=rules_by_chance(), comers=COMERS)
def test_whoever_was_promised_seats_gets_them_after_everybody_else_came(rules, comers):
    """Where promises fit into places and caps at first, they can be kept whatever comes in between."""
    rules = replace(rules, school_cap=None, region_cap=None, keeps=True)
    rules = replace(rules, schools={key: replace(one, cap=None) for key, one in rules.schools.items()})
    rules = replace(rules, regions={key: replace(one, cap=None) for key, one in rules.regions.items()})
    given = Tally(rules)
    if given.kept() > given.free:
        return
    give(given, comers)
    for school, share in rules.schools.items():
        where = Where(school, SCHOOLS[school])
        while given.left_to_name(school):
            assert given.why_not(where, held=True) is None
            given.take(where, held=True)
        while given.kept_for(school):
            assert given.why_not(where) is None
            given.take(where)
        assert given.given_to(school) >= share.floor + share.held


@PATIENTLY
@given(rules=rules_by_chance(), comers=COMERS, school=st.sampled_from([None, 1, 2, 3, 4]))
def test_the_number_that_is_open_is_how_many_come_in(rules, comers, school):
    given = Tally(rules)
    give(given, comers)
    number = given.open_to(Where(school, SCHOOLS.get(school)))
    assert give(given, [(school, False)] * 20)[school] == number


@PATIENTLY
@given(rules=rules_by_chance(), comers=COMERS, count=st.integers(0, 6), school=st.sampled_from([1, 2, 3, 4]))
def test_what_may_be_held_can_be_named(rules, comers, count, school):
    given = Tally(replace(rules, keeps=True))
    give(given, comers)
    if count <= given.rules.schools.get(school, Share()).held or given.why_not_hold(school, SCHOOLS[school], count):
        return
    share = replace(given.rules.schools.get(school, Share(region=SCHOOLS[school])), held=count)
    more = replace(given, rules=replace(given.rules, schools={**given.rules.schools, school: share}))
    while more.left_to_name(school):
        assert more.why_not(Where(school, SCHOOLS[school]), held=True) is None
        more.take(Where(school, SCHOOLS[school]), held=True)
    assert more.taken <= more.rules.capacity


def test_the_check_finds_a_seat_given_from_what_is_kept():
    """The twin: a rule that looks at free seats alone is found out."""

    def careless(given, where, held=False):
        return None if given.free else Obstacle.FULL

    with pytest.raises(AssertionError, match="impossible"):
        give(tally(2, schools={1: Share(floor=2, region=10)}), [(3, False)], why_not=careless)


def test_a_promise_inside_a_capped_region_leaves_room_for_itself():
    """Two of school B would fill the region's two seats, and the one promised to A would be kept for nobody."""
    rules = Rules(capacity=10, region_cap=2, schools={1: Share(floor=1, region=7)})
    tally = Tally(rules)
    tally.take(Where(2, 7))
    assert tally.why_not(Where(2, 7)) == Obstacle.REGION_CAP
    assert tally.why_not(Where(1, 7)) is None


def test_nothing_is_kept_that_a_full_region_cannot_have():
    tally = Tally(Rules(capacity=3, region_cap=2, schools={1: Share(floor=1, region=7)}))
    tally.take(Where(2, 7), count=2)  # as an override gives them
    assert (tally.kept(), tally.why_not(Where(3, 8))) == (0, None)
