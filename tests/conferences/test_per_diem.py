"""Per diem by calendar day and country."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.money import Money
from conferences.per_diem import Norm, Norms, per_diem
from schools.errors import Refused

HOME, POLAND, ABROAD, US = Money(2_595_000), Money(6000, "EUR"), Money(3_460_000), Money(8000, "USD")
LONG_AGO = date(2015, 1, 1)
NORMS = Norms(
    [
        Norm("KZ", LONG_AGO, mci=6000),
        Norm("", LONG_AGO, mci=8000),
        Norm("PL", LONG_AGO, POLAND),
        Norm("US", LONG_AGO, US),
    ],
    [(date(2026, 1, 1), 4325), (date(2027, 1, 1), 4500), (date(2025, 1, 1), 3932)],
)


@dataclass(frozen=True)
class Way:
    departs_on: date
    arrives_on: date
    country: str


def august(day: int) -> date:
    return date(2026, 8, day)


def way(*legs: tuple[int, int, str]) -> list[Way]:
    return [Way(august(departs), august(arrives), country) for departs, arrives, country in legs]


def lines(legs, ends: int, **kwargs):
    return [tuple(line) for line in per_diem(legs, august(ends), NORMS, **kwargs)]


def test_every_calendar_day_is_paid_and_the_day_of_coming_home_as_one_at_home():
    assert lines(way((15, 15, "PL"), (21, 21, "KZ")), 21) == [
        ("PL", 6, 6 * POLAND.minor, "EUR"),
        ("KZ", 1, HOME.minor, "KZT"),
    ]


def test_who_flies_over_midnight_begins_abroad_with_the_day_of_landing():
    assert lines(way((14, 15, "PL"), (21, 22, "KZ")), 22) == [
        ("KZ", 1, HOME.minor, "KZT"),
        ("PL", 7, 7 * POLAND.minor, "EUR"),
        ("KZ", 1, HOME.minor, "KZT"),
    ]


def test_there_and_back_on_one_day_is_a_day_at_home():
    assert lines(way((3, 3, "KZ"), (3, 3, "KZ")), 3) == [("KZ", 1, HOME.minor, "KZT")]
    assert lines(way((3, 3, "PL"), (3, 3, "KZ")), 3) == [("KZ", 1, HOME.minor, "KZT")]


def test_two_countries_each_by_its_norm_and_the_second_on_the_day_of_moving():
    assert lines(way((1, 1, "PL"), (4, 4, "US"), (8, 9, "KZ")), 9) == [
        ("PL", 3, 3 * POLAND.minor, "EUR"),
        ("US", 5, 5 * US.minor, "USD"),
        ("KZ", 1, HOME.minor, "KZT"),
    ]


def test_changing_planes_in_a_country_pays_no_day_there():
    assert lines(way((1, 1, "PL"), (1, 1, "US"), (3, 3, "KZ")), 3) == [
        ("US", 2, 2 * US.minor, "USD"),
        ("KZ", 1, HOME.minor, "KZT"),
    ]


def test_a_country_without_a_norm_of_its_own_takes_the_one_for_abroad():
    assert lines(way((1, 1, "FI"), (2, 2, "KZ")), 2)[0] == ("FI", 1, ABROAD.minor, "KZT")


def test_days_after_the_last_arrival_are_paid_where_it_led():
    assert lines(way((1, 1, "PL")), 3) == [("PL", 3, 3 * POLAND.minor, "EUR")]


def test_who_sets_out_abroad_has_days_there_before_the_first_arrival():
    assert lines(way((1, 2, "KZ")), 2, origin="PL")[0] == ("PL", 1, POLAND.minor, "EUR")


def test_no_way_no_days():
    assert lines([], 3) == []


def test_at_new_year_the_index_changes_and_with_it_the_line():
    legs = [Way(date(2026, 12, 30), date(2026, 12, 30), "KZ"), Way(date(2027, 1, 2), date(2027, 1, 2), "KZ")]
    found = per_diem(legs, date(2027, 1, 2), NORMS)
    assert [(line.days, line.daily) for line in found] == [(2, Money(2_595_000)), (2, Money(2_700_000))]


def test_a_norm_holds_from_its_day_on():
    norms = Norms([*NORMS.norms, Norm("PL", august(3), Money(7000, "EUR"))], NORMS.mci)
    found = per_diem(way((1, 1, "PL"), (5, 5, "KZ")), august(5), norms)
    assert [(line.country, line.days, line.daily.minor) for line in found] == [
        ("PL", 2, 6000),
        ("PL", 2, 7000),
        ("KZ", 1, 2_595_000),
    ]


def test_half_a_tiyn_of_an_index_is_rounded_up():
    norms = Norms([Norm("KZ", LONG_AGO, mci=1)], [(LONG_AGO, 4325)])
    assert norms.of("KZ", august(1)) == Money(433)


@pytest.mark.parametrize(
    ("legs", "ends"),
    [
        (way((5, 4, "PL")), 6),
        (way((5, 5, "PL"), (4, 4, "KZ")), 6),
        (way((5, 7, "PL"), (6, 8, "KZ")), 9),
        (way((5, 5, "PL"), (9, 9, "KZ")), 8),
        ([Way(date(2024, 1, 1), date(2024, 1, 1), "PL")], 1),
    ],
    ids=["a leg backwards", "a leg before the last", "legs over one another", "a leg after the return", "years long"],
)
def test_ways_that_cannot_be_are_refused(legs, ends):
    with pytest.raises(Refused):
        lines(legs, ends)


@pytest.mark.parametrize(
    "norms",
    [
        Norms([]),
        Norms([Norm("PL", august(2), POLAND)]),
        Norms([Norm("", LONG_AGO, mci=1)]),
        Norms([Norm("KZ", LONG_AGO, POLAND)]),
    ],
    ids=["none", "from later on", "no index", "only at home"],
)
def test_a_day_without_a_norm_is_said_and_not_paid_with_nothing(norms):
    with pytest.raises(Refused):
        per_diem(way((1, 1, "PL")), august(1), norms)


def test_travel_inside_the_country_never_takes_the_norm_for_abroad():
    with pytest.raises(Refused):
        per_diem(way((1, 1, "KZ")), august(1), Norms([Norm("", LONG_AGO, POLAND)]))


steps = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.sampled_from(["PL", "US", "FI", "KZ"])), min_size=1)


@given(steps=steps.filter(lambda found: len(found) < 9), stay=st.integers(0, 5))
def test_every_day_is_paid_once_whatever_the_way(steps, stay):
    day, legs = august(1), []
    for wait, flight, country in steps:
        day += timedelta(days=wait if legs else 0)
        legs.append(Way(day, day + timedelta(days=flight), country))
        day += timedelta(days=flight)
    ends = day + timedelta(days=stay)
    found = per_diem(legs, ends, NORMS)
    assert sum(line.days for line in found) == (ends - august(1)).days + 1
    assert all(line.minor == line.daily.minor * line.days > 0 for line in found)
    assert found[-1].country == legs[-1].country
