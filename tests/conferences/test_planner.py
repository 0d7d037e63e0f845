"""Counting backwards: which steps apply, when each is due, what is late, and what is said before money is spent."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conferences import team_plans
from conferences.models import Presentation
from conferences.planner import Journey, Leads, LineState, Step, plan
from conferences.presentation_queries import with_authors
from schools import norms
from schools.models import Norm
from tests.conferences import rows
from tests.conferences.trips import trip_of

LEADS = Leads(review=14, registration=60, order=30, insurance=40, visa=60, visa_least=21, tickets=45)
START = date(2027, 7, 12)
ABROAD = Journey(
    starts_on=START,
    country="PT",
    needs_visa=True,
    abstract_due=date(2027, 1, 31),
    outcome_on=date(2027, 3, 15),
    paper_due=date(2027, 5, 1),
    early_until=date(2027, 4, 15),
)
LONG_BEFORE = date(2026, 11, 27)
days = st.dates(date(2026, 1, 1), date(2028, 1, 1))
maybe = st.none() | days


def due(journey, today=LONG_BEFORE):
    return {line.step: line.due for line in plan(journey, LEADS, today=today).lines}


def test_every_step_of_a_journey_abroad_by_date():
    assert list(due(ABROAD).items()) == [
        (Step.REVIEW, date(2027, 1, 17)),
        (Step.ABSTRACT, date(2027, 1, 31)),
        (Step.ANSWER, date(2027, 3, 15)),
        (Step.REGISTRATION, date(2027, 4, 15)),
        (Step.PAPER, date(2027, 5, 1)),
        (Step.VISA, date(2027, 5, 13)),
        (Step.TICKETS, date(2027, 5, 28)),
        (Step.INSURANCE, date(2027, 6, 2)),
        (Step.ORDER, date(2027, 6, 12)),
    ]


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({"country": "KZ"}, {Step.VISA, Step.INSURANCE}),
        ({"needs_visa": False}, {Step.VISA}),
        ({"travels": False}, {Step.VISA, Step.INSURANCE, Step.ORDER, Step.TICKETS}),
        ({"starts_on": None}, {Step.VISA, Step.INSURANCE, Step.ORDER, Step.TICKETS}),
        ({"abstract_due": None}, {Step.REVIEW, Step.ABSTRACT}),
        ({"paper_due": None}, {Step.PAPER}),
        ({"registers": False}, {Step.REGISTRATION}),
    ],
)
def test_only_steps_that_apply(changes, gone):
    assert set(due(ABROAD)) - set(due(replace(ABROAD, **changes))) == gone


def test_without_an_early_bird_registration_is_counted_back():
    assert due(replace(ABROAD, early_until=None))[Step.REGISTRATION] == date(2027, 5, 13)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2027, 4, 1), LineState.AHEAD),
        (date(2027, 4, 29), LineState.SOON),
        (date(2027, 5, 13), LineState.SOON),
        (date(2027, 5, 14), LineState.LATE),
    ],
)
def test_a_step_is_near_on_its_day_and_late_on_the_next(today, state):
    lines = {line.step: line.state for line in plan(ABROAD, LEADS, today=today).lines}
    assert lines[Step.VISA] == state
    done = replace(ABROAD, done=frozenset({"visa"}))
    assert {line.step: line.state for line in plan(done, LEADS, today=today).lines}[Step.VISA] == LineState.DONE


def warnings(journey, today):
    with translation.override("en"):
        return plan(journey, LEADS, today=today).warnings


def test_a_visa_that_cannot_arrive_is_said_first_and_once():
    last = START - timedelta(days=21)
    all_but_visa = replace(ABROAD, done=frozenset(set(Step) - {Step.VISA}))
    assert warnings(all_but_visa, last) == ("These dates have passed: Visa application.",)
    assert warnings(all_but_visa, last + timedelta(days=1)) == (
        "A visa cannot arrive in time: do not buy tickets and do not pay fees before this is settled.",
    )
    unknown = replace(all_but_visa, needs_visa=None)
    assert warnings(unknown, START) == (
        "If a visa is needed, it cannot arrive in time: find out before you buy tickets or pay fees.",
    )
    for fine in (replace(all_but_visa, needs_visa=False), replace(all_but_visa, country="KZ")):
        assert warnings(fine, START) == ()
    assert warnings(all_but_visa, START + timedelta(days=1)) == ()  # it is over


def test_late_steps_are_named_in_order():
    assert warnings(ABROAD, date(2027, 2, 1)) == (
        "These dates have passed: Internal review, Abstract to the conference.",
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    journey=st.builds(
        Journey,
        starts_on=maybe,
        country=st.sampled_from(["", "KZ", "PT"]),
        travels=st.booleans(),
        needs_visa=st.sampled_from([None, True, False]),
        abstract_due=maybe,
        outcome_on=maybe,
        paper_due=maybe,
        early_until=maybe,
        registers=st.booleans(),
        done=st.frozensets(st.sampled_from(Step.values)),
    ),
    today=days,
)
def test_any_plan_is_in_order_of_dates_and_says_late_where_it_is(journey, today):
    found = plan(journey, LEADS, today=today)
    assert [line.due for line in found.lines] == sorted(line.due for line in found.lines)
    assert len({line.step for line in found.lines}) == len(found.lines)
    for line in found.lines:
        assert (line.state == LineState.DONE) is (line.step in journey.done)
        assert (line.state == LineState.LATE) is (line.step not in journey.done and line.due < today)
        assert line.step != Step.VISA or (journey.abroad and journey.needs_visa is not False)


def ahead(**fields):
    start = timezone.localdate() + timedelta(days=200)
    edition = rows.edition(year=start.year, starts_on=start, ends_on=start, **fields)
    today = timezone.localdate()
    rows.call(
        edition,
        opens_on=today,
        abstract_due=today + timedelta(days=30),
        outcome_on=today + timedelta(days=60),
        paper_due=today + timedelta(days=90),
    )
    rows.fee(edition, early_until=today + timedelta(days=100))
    return edition


@pytest.mark.django_db
def test_settings_decide_the_lead_times_from_their_day(cast):
    today = timezone.localdate()
    assert team_plans.lead_times(on=today).visa == norms.DEFAULTS["visa_days"]
    Norm.objects.create(key="visa_days", valid_from=today, value=100)
    Norm.objects.create(key="visa_days", valid_from=today + timedelta(days=1), value=5)
    assert team_plans.lead_times(on=today).visa == 100
    edition = ahead()
    found = team_plans.of_edition(edition, today=today)
    assert {line.step: line.due for line in found.lines}[Step.VISA] == edition.starts_on - timedelta(days=100)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "done"),
    [
        ("draft", set()),
        ("endorsed", {Step.REVIEW}),
        ("submitted", {Step.REVIEW, Step.ABSTRACT}),
        ("accepted", {Step.REVIEW, Step.ABSTRACT, Step.ANSWER}),
    ],
)
def test_the_state_of_a_presentation_says_what_is_done(cast, state, done):
    row = rows.presentation(cast.librarian.person, edition=ahead(), state=state)
    found = team_plans.of_presentation(with_authors().get(pk=row.pk), today=timezone.localdate())
    assert {line.step for line in found.lines if line.state == LineState.DONE} == done
    assert Step.PAPER in {line.step for line in found.lines}
    Presentation.objects.update(format="poster")
    found = team_plans.of_presentation(with_authors().get(pk=row.pk), today=timezone.localdate())
    assert Step.PAPER not in {line.step for line in found.lines}


@pytest.mark.django_db
def test_what_is_over_or_given_up_has_no_dates(cast):
    today = timezone.localdate()
    assert team_plans.of_edition(rows.edition(year=2020, state="held"), today=today) is None
    row = rows.presentation(cast.librarian.person, edition=ahead(), state="withdrawn")
    assert team_plans.of_presentation(row, today=today) is None


@pytest.mark.django_db
def test_a_trip_counts_back_from_its_own_first_day(cast):
    today = timezone.localdate()
    start = today + timedelta(days=10)
    found = team_plans.of_trip(starts_on=start, country="PT", needs_visa=True, done=frozenset({"order"}), today=today)
    lines = {line.step: line for line in found.lines}
    assert set(lines) == {Step.ORDER, Step.INSURANCE, Step.VISA, Step.TICKETS}
    assert lines[Step.ORDER].state == LineState.DONE
    assert len(found.warnings) == 2  # no visa in time; insurance and tickets are late
    home = team_plans.of_trip(starts_on=start, country="KZ", today=today)
    assert {line.step for line in home.lines} == {Step.ORDER, Step.TICKETS}


@pytest.mark.django_db
def test_the_pages_show_the_dates_and_warn(cast):
    start = timezone.localdate() + timedelta(days=5)
    edition = rows.edition(year=start.year, starts_on=start, ends_on=start)
    row = rows.presentation(cast.librarian.person, edition=edition, state="accepted")
    client = cast.librarian.client()
    for url in (f"/kk/conferences/{edition.uid}/", f"/kk/presentations/{row.uid}/"):
        page = client.get(url).content.decode()
        assert ("Виза керек болса, ол уақытында дайын болмайды" in page, "Виза алуға өтініш" in page) == (True, True)
    assert "Виза алуға өтініш" not in cast.finance.client().get(f"/kk/presentations/{row.uid}/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "warns", "shows"),
    [
        ({"needs_visa": True}, True, True),
        ({"needs_visa": False}, False, True),
        ({"needs_visa": True, "state": "withdrawn"}, False, False),
    ],
)
def test_a_trip_page_warns_before_money_is_spent(cast, fields, warns, shows):
    start = timezone.localdate() + timedelta(days=10)
    trip = trip_of(cast.librarian, starts_on=start, ends_on=start + timedelta(days=3), **fields)
    page = cast.librarian.client().get(f"/kk/trips/{trip.uid}/").content.decode()
    assert ("Виза уақытында дайын болмайды" in page, "Дайындық мерзімдері" in page) == (warns, shows)


@pytest.mark.django_db
def test_the_order_of_an_approved_trip_is_done_and_a_trip_that_began_has_no_dates(cast):
    today = timezone.localdate()
    trip = trip_of(cast.librarian, starts_on=today + timedelta(days=90), ends_on=today + timedelta(days=95))
    trip.state = "approved"
    lines = {line.step: line.state for line in team_plans.of_trip_row(trip, today=today).lines}
    assert (lines[Step.ORDER], lines[Step.TICKETS]) == (LineState.DONE, LineState.AHEAD)
    assert team_plans.of_trip_row(trip, today=trip.starts_on + timedelta(days=1)) is None
