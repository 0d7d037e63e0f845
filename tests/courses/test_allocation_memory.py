"""What an allocation remembers of those before it, and its twin that remembers nothing."""

import random
from dataclasses import dataclass, field, replace

import pytest

from courses.allocation import DEFAULT_RULES, Applicant, Inputs, RunSeats, allocate

SCHOOLS = [f"s{number:02d}" for number in range(20)]
UNLUCKY = SCHOOLS[0]
PEOPLE, PLACES, TIMES, MONTHS = 2, 15, 10, 4
"""Librarians of each school, places of each allocation, how many allocations, and months between them."""


def without_memory(rules):
    """The same rules, blind to what anybody or their school had before."""
    return replace(rules, gap=0, share=0)


@dataclass
class Past:
    """What the portal keeps from one allocation to the next."""

    places: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SCHOOLS, 0))
    credit: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SCHOOLS, 0))
    last: dict[str, int] = field(default_factory=dict)


def applicants(past, now, hours):
    return tuple(
        Applicant(
            key=f"{school}-{number}",
            school=school,
            region="r1",
            wishes=("a",),
            hours_missing=hours[school],
            months_since_last=MONTHS * (now - past.last[key]) if (key := f"{school}-{number}") in past.last else None,
            credit=past.credit[school],
            school_places=past.places[school],
            school_people=PEOPLE,
        )
        for school in SCHOOLS
        for number in range(PEOPLE)
    )


def places_after(rules, hours, seed):
    """Places of each school after so many allocations, one after another."""
    past = Past()
    for now in range(TIMES):
        people = applicants(past, now, hours)
        result = allocate(Inputs((RunSeats("a", PLACES),), people, rules, f"{seed}/{now}"))
        for one in result.outcomes:
            if one.run:
                past.places[one.applicant.split("-")[0]] += 1
                past.last[one.applicant] = now
        for school, change in result.credits.items():
            past.credit[school] += change
        assert min(past.credit.values()) >= 0
    return past.places


def spread(places):
    """The mean distance of schools' places from the fair share, squared, in places."""
    fair = PLACES * TIMES / len(SCHOOLS)
    return sum((count - fair) ** 2 for count in places.values()) / len(SCHOOLS)


@pytest.mark.parametrize("seed", range(5))
def test_a_school_that_always_comes_last_gets_places_with_memory_and_none_without(seed):
    dice = random.Random(seed)
    hours = {school: dice.randrange(40, 80) for school in SCHOOLS} | {UNLUCKY: 32}
    with_memory = places_after(DEFAULT_RULES, hours, seed)
    blind = places_after(without_memory(DEFAULT_RULES), hours, seed)
    assert blind[UNLUCKY] == 0
    assert with_memory[UNLUCKY] >= 2
    assert spread(with_memory) < spread(blind) / 4


@pytest.mark.parametrize("seed", range(5))
def test_where_only_the_draw_decides_memory_evens_out_who_was_unlucky(seed):
    hours = dict.fromkeys(SCHOOLS, 40)
    with_memory = places_after(DEFAULT_RULES, hours, seed)
    blind = places_after(without_memory(DEFAULT_RULES), hours, seed)
    assert min(with_memory.values()) > min(blind.values())
    assert spread(with_memory) < spread(blind) / 4


def test_credit_alone_brings_a_school_before_its_equals():
    """Equal in everything else, two schools differ by what an earlier allocation owes one of them."""
    people = [Applicant(f"p{n}", f"s{n}", "r1", ("a",), hours_missing=40, credit=500 * (n == 3)) for n in range(6)]
    winners = {
        one.applicant
        for seed in range(10)
        for one in allocate(Inputs((RunSeats("a", 1),), tuple(people), DEFAULT_RULES, str(seed))).outcomes
        if one.run
    }
    assert winners == {"p3"}
