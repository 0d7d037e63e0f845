"""The chain of effect: what counts, counted once; costs; rows for those who may see them; files; a fixed cost."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from conferences import effect_queries
from conferences.effect_scopes import scope_of
from conferences.models import AdvanceLine, AdvanceReport, EstimateLine, TripDerivation
from courses.chain_queries import Reach
from courses.models import Attendance, RunTrainer
from schools.models import AuditEntry
from tests import make
from tests.conferences import rows as conference_rows
from tests.conferences.trips import gone_trip, promise
from tests.courses import rows
from tests.effect_world import EffectWorld

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def seminar(trainer, *people, school=None, **fields):
    """A seminar of last week; these people came, from that school."""
    fields.setdefault("course", rows.course(kind="seminar"))
    run = rows.past_run(trainer.person, **fields)
    rows.attend(rows.seats(run, people, school=school))
    return run


def chain(cast, kind="year", key="all", actor=None):
    return effect_queries.effect_of(scope_of(kind, key, actor=actor or cast.hq.actor, today=TODAY()), today=TODAY())


def line(trip, tenge, payer="network", **fields):
    money = {"amount": tenge * 100, "currency": "KZT", "rate": 1_000_000, "rate_on": TODAY(), "tenge": tenge * 100}
    return EstimateLine.objects.create(trip=trip, kind="travel", payer=payer, **{**money, **fields})


def test_people_who_came_twice_count_once_and_generations_are_told_apart(cast):
    trip = gone_trip(cast.librarian)
    guest, village = cast.guest.person, make.general_school(region=cast.other_school.region)
    first = seminar(cast.librarian, guest, make.person(), school=village)
    second = seminar(cast.librarian, guest, school=village)
    own = seminar(cast.trainer, cast.stranger.person, school=cast.school)
    rows.source(own, first)
    for run in (first, second):
        TripDerivation.objects.create(trip=trip, run=run)
    seminar(cast.trainer, make.person(), school=village)  # came of nothing
    effect = chain(cast)
    assert (effect.first, effect.whole) == (Reach(2, 1, 1), Reach(3, 2, 2))
    assert [row.run.pk for row in effect.first_held] == [first.pk, second.pk]
    assert [(row.run.pk, row.parent, row.led) for row in effect.later_held] == [(own.pk, first.pk, False)]
    assert effect.regions == {cast.other_school.region_id: 2, cast.school.region_id: 1}


def test_those_who_came_and_led_one_later_on_the_same_topic_are_the_second_generation(cast):
    trip = gone_trip(cast.librarian)
    earlier = timezone.now() - timedelta(days=25)
    first = seminar(cast.librarian, cast.trainer.person, school=cast.school, start=earlier)
    TripDerivation.objects.create(trip=trip, run=first)
    later = seminar(cast.trainer, cast.guest.person)
    seminar(cast.trainer, cast.guest.person, course=rows.course(kind="seminar", topic=rows.topic("law")))
    seminar(cast.trainer, cast.guest.person, start=earlier - timedelta(days=9))
    effect = chain(cast, "trip", trip.uid)
    assert [(row.run.pk, row.generation, row.led) for row in effect.later_held] == [(later.pk, 2, True)]


@pytest.mark.parametrize("why", ["called off", "nobody came", "ahead"])
def test_what_was_not_held_is_not_counted(cast, why):
    trip = gone_trip(cast.librarian)
    run = seminar(cast.librarian, cast.guest.person)
    TripDerivation.objects.create(trip=trip, run=run)
    assert chain(cast).whole.people == 1
    if why == "called off":
        run.state = "cancelled"
    elif why == "nobody came":
        Attendance.objects.all().delete()
    else:
        run.ends_on = TODAY() + timedelta(days=2)
    run.save()
    assert (chain(cast).whole, chain(cast).held) == (Reach(), [])


def test_costs_are_accounted_where_finance_accepted_and_estimated_elsewhere(cast):
    accounted, foreseen = gone_trip(cast.librarian), gone_trip(cast.librarian)
    for trip in (accounted, foreseen):
        line(trip, 1000)
        line(trip, 77, payer="host")
    report = AdvanceReport.objects.create(trip=accounted, state="submitted", version=1)
    money = {"amount": 90_001, "currency": "KZT", "rate": 1_000_000, "rate_on": TODAY(), "tenge": 90_001}
    estimate = accounted.lines.get(payer="network")
    AdvanceLine.objects.create(report=report, kind="travel", payer="network", estimate=estimate, **money)
    assert (chain(cast).cost.total, chain(cast).cost.actual) == (200_000, {})
    report.state = "accepted"
    report.save()
    cost = chain(cast).cost
    assert (cost.actual, cost.estimated, cost.total) == ({accounted.pk: 90_001}, {foreseen.pk: 100_000}, 190_001)
    assert [cost.each(people) for people in (0, 1, 2, 3)] == [None, 190_100, 95_100, 63_400]


def test_trips_of_a_year_of_a_person_of_a_conference_and_those_not_gone(cast):
    edition = conference_rows.edition(year=2026)
    old = gone_trip(cast.librarian, starts_on="2019-08-01", ends_on="2019-08-05")
    new = gone_trip(cast.librarian, cast.stranger, edition=edition)
    gone_trip(cast.librarian, state="declined")
    gone_trip(cast.librarian, starts_on=TODAY() + timedelta(days=5), ends_on=TODAY() + timedelta(days=6))
    found = [
        chain(cast, *which).trips
        for which in (
            ("year", "all"),
            ("year", "2019"),
            ("person", cast.stranger.person.uid),
            ("edition", edition.uid),
        )
    ]
    assert found == [[new, old], [old], [new], [new]]
    for kind, key in (
        ("year", "20"),
        ("year", "٢٠١٩"),
        ("trip", "nothing"),
        ("person", "x"),
        ("edition", ""),
        ("a", "b"),
    ):
        assert scope_of(kind, key, actor=cast.hq.actor, today=TODAY()) is None


@pytest.fixture
def world(cast):
    world = EffectWorld()
    world.cast = cast
    line(world.gone, 20_000)
    return world


@pytest.mark.parametrize(
    ("name", "sees"), [("hq", True), ("finance", True), ("librarian", True), ("director", True), ("stranger", False)]
)
def test_costs_are_for_offices_travellers_and_who_leads_their_school(cast, world, name, sees):
    client = getattr(cast, name).client()
    text = client.get(f"/en/chain/trip/{world.gone.uid}/").text
    assert ("for each person reached" in text, "10,000" in text) == (sees, sees)
    assert ("Cost, tenge" in client.get(f"/en/chain/trip/{world.gone.uid}/trips/").text) is sees
    whole = client.get("/en/chain/").text
    assert ("for each person reached" in whole) is (name in ("hq", "finance"))


def test_names_of_those_who_came_are_for_offices_and_each_reading_is_written_down(cast, world):
    url = f"/en/chain/trip/{world.gone.uid}"
    guest, staff = cast.guest.person.full_name, cast.librarian.person.short_name
    answer = cast.hq.client().get(f"{url}/people/")
    assert (guest in answer.text, AuditEntry.objects.filter(verb="chain.read_people").count()) == (True, 1)
    assert cast.auditor.client().get(f"{url}/people/file.csv").status_code == 200
    assert AuditEntry.objects.filter(verb="chain.read_people").count() == 2
    for name in ("stranger", "finance", "trainer", "director"):
        client = getattr(cast, name).client()
        assert client.get(f"{url}/people/").status_code == 403
        assert client.get(f"{url}/people/file.xlsx").status_code == 403
        for page in ("", "seminars/", "schools/", "trips/", "promises/", "later/", "regions/"):
            text = client.get(f"{url}/{page}").text
            assert (guest in text, staff in text and name == "stranger") == (False, False)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_files_hold_the_rows_and_no_formula(cast, world, form):
    promise(world.gone, cast.librarian, what='=HYPERLINK("http://evil")')
    answer = cast.hq.client().get(f"/kk/chain/trip/{world.gone.uid}/promises/file.{form}")
    assert answer.headers["Cache-Control"] == "private, no-store"
    if form == "csv":
        first = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert [row[0] for row in first[1:]] == ["Оқырмандар клубы", "Жобалық оқыту", '\'=HYPERLINK("http://evil")']
        return
    table = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert table[-1][0] == '=HYPERLINK("http://evil")'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_a_region_of_the_map_narrows_the_rows(cast, world):
    url = f"/en/chain/trip/{world.gone.uid}/schools/"
    client = cast.hq.client()
    assert "Алматы ХББ НЗМ" in client.get(url).text
    assert "Алматы ХББ НЗМ" not in client.get(url, {"region": cast.school.region.iso}).text
    assert client.get(url, {"region": "\0<script>"}).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_pages_cost_the_same_for_one_trip_and_for_thirty(cast, django_assert_num_queries, count):
    for _at in range(count):
        trip = gone_trip(cast.librarian, cast.stranger)
        promise(trip, cast.librarian)
        line(trip, 100)
        first = seminar(cast.librarian, make.person(), school=cast.school, host=cast.school)
        TripDerivation.objects.create(trip=trip, run=first)
        second = seminar(cast.trainer, make.person(), school=cast.other_school, host=cast.other_school)
        rows.source(second, first)
        RunTrainer.objects.create(run=second, person=cast.stranger.person)
    client = cast.hq.client()
    with django_assert_num_queries(25):
        assert client.get("/kk/chain/").status_code == 200
    with django_assert_num_queries(25):
        assert client.get("/kk/chain/year/all/schools/").status_code == 200


def test_trips_and_conferences_lead_to_what_came_of_them(cast, world):
    trip, ahead = world.gone, gone_trip(cast.librarian, starts_on=TODAY() + timedelta(days=5), ends_on="2099-01-01")
    client = cast.hq.client()
    assert f"/kk/chain/trip/{trip.uid}/" in client.get(f"/kk/trips/{trip.uid}/").text
    assert "/kk/chain/trip/" not in client.get(f"/kk/trips/{ahead.uid}/").text
    assert f"/kk/chain/edition/{trip.edition.uid}/" in client.get(f"/kk/conferences/{trip.edition.uid}/").text
