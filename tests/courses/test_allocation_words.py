"""The words of an allocation, read as a person would read them, and complete in three languages."""

import pytest
from django.utils import translation

from courses import allocation_words
from courses.allocation import DEFAULT_RULES, PLACES, Applicant, Code, Inputs, Reason, RunSeats, allocate
from courses.allocation_words import APPLICANT, COORDINATOR

ALL = {
    Code.PLACE_ENOUGH: {},
    Code.PLACE_POINTS: {"lowest": 640},
    Code.PLACE_DRAW: {},
    Code.PLACE_PROMISED: {"group": "region", "floor": 2, "passed": 900},
    Code.NO_PLACES: {"places": 20},
    Code.POINTS: {"lowest": 640, "promised": 3},
    Code.DRAW: {"promised": 0},
    Code.PROMISED: {"promised": 3},
    Code.SCHOOL_CAP: {"cap": 2},
    Code.REGION_CAP: {"cap": 5},
}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def told(code, **facts):
    return Reason("a", code, {"points": 512, "wish": 2, **ALL[code], **facts})


def test_whoever_has_no_place_reads_how_far_it_was():
    assert allocation_words.reason(told(Code.POINTS, promised=0)) == (
        "You have no place here. All free places were given to people with more points. "
        "Yours: 512; the last place given by points: 640."
    )


def test_promises_to_others_are_said_openly():
    assert allocation_words.reason(told(Code.POINTS), ranked=True) == (
        "You have no place in your wish no. 2. The places given by points went to people with more points. "
        "Yours: 512; the last place given by points: 640. So many places went to people with no more points, "
        "because they are promised to their schools or regions: 3."
    )


def test_the_coordinator_reads_of_somebody_else():
    assert allocation_words.reason(told(Code.SCHOOL_CAP), ranked=True, voice=COORDINATOR) == (
        "Has no place in wish no. 2. The school may have at most so many places here: 2. "
        "None of them is free any more. Points: 512."
    )


def test_a_promised_place_names_school_or_region():
    assert "Your region is promised so many places here: 2." in allocation_words.reason(told(Code.PLACE_PROMISED))
    assert "Your school is promised" in allocation_words.reason(told(Code.PLACE_PROMISED, group="school"))


def test_every_code_has_its_own_words_in_every_language():
    assert set(ALL) == set(Code)
    for voice in (APPLICANT, COORDINATOR):
        said = set()
        for language in ("kk", "ru", "en"):
            with translation.override(language):
                for code in Code:
                    said.add(allocation_words.reason(told(code), ranked=True, voice=voice))
        assert len(said) == 3 * len(Code)
        assert all(text.endswith(".") and "%" not in text for text in said)


@pytest.mark.parametrize("code", sorted(Code))
def test_who_has_a_place_is_told_so_first(code):
    begins = "You have a place." if code in PLACES else "You have no place here."
    assert allocation_words.reason(told(code)).startswith(begins)


def test_every_reason_that_is_given_carries_the_figures_that_its_words_need():
    """Facts of real reasons are those that the sentences were tried with above."""
    people = [Applicant(key, "s1", "r1", ("a",), hours_missing=hours) for key, hours in (("x", 80), ("y", 8))]
    outcomes = allocate(Inputs((RunSeats("a", 1),), tuple(people), DEFAULT_RULES, "1")).outcomes
    for one in outcomes:
        assert [set(found.facts) for found in one.reasons] == [
            {"points", "wish", *ALL[found.code]} for found in one.reasons
        ]


def lines(**facts):
    one = Applicant("x", "s1", "r1", ("a",), **facts)
    other = Applicant("y", "s2", "r1", ("a",), school_places=3, school_people=2)
    outcome = allocate(Inputs((RunSeats("a", 1),), (one, other), DEFAULT_RULES, "1")).outcomes[0]
    return allocation_words.points(outcome.parts), outcome


def test_points_are_told_line_by_line_and_add_up():
    facts = {"hours_missing": 24, "months_since_last": 9, "school_places": 1, "school_people": 2, "credit": 250}
    rows, outcome = lines(**facts, kept=2, broken=1)
    assert [(row.label, row.points, row.most) for row in rows] == [
        ("Hours missing", 105, 350),
        ("Time since the last place", 50, 200),
        ("The school's share", 262, 300),
        ("Commitments kept", 112, 150),
    ]
    assert sum(row.points for row in rows) == outcome.points
    assert [row.fact for row in rows] == [
        "Academic hours missing: 24; the target: 80.",
        "Months since the last place: 9; the full part is given from 36 on.",
        "Places per librarian: 0.50 in this school, 1.00 in all schools that applied. "
        "Credit from earlier allocations, in places: 0.25.",
        "Commitments kept: 2; broken: 1.",
    ]


def test_a_first_place_and_no_credit_have_words_of_their_own():
    rows, _outcome = lines()
    assert rows[1].fact == "There was no place before, so this part is given in full."
    assert rows[2].fact == "Places per librarian: 0.00 in this school, 1.00 in all schools that applied."


def test_figures_are_written_as_the_language_writes_them():
    with translation.override("ru"):
        rows, _outcome = lines(school_places=1, school_people=2)
    assert rows[2].fact == "Мест на одного библиотекаря: в этой школе — 0,50, во всех школах, подавших заявки, — 1,00."
