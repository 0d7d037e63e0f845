"""Opening a run to staff of any school."""

import pytest

from courses import gates, running, signing_up
from courses.models import Signup
from courses.signing_up import Contact
from schools.directory import Unlisted
from schools.guests import GuestData
from schools.models import AuditEntry, Person
from tests import make
from tests.courses import guests, rows

pytestmark = pytest.mark.django_db


def test_guests_are_asked_for_no_approval(cast):
    run = rows.run(outreach=True, chain=rows.director_chain(), contact=cast.hq.person, host=cast.school)
    assert [field for field, _text in gates.run_faults(run) if field == "chain"] == ["chain"]
    run.chain = rows.chain()
    assert [field for field, _text in gates.run_faults(run) if field == "chain"] == []


def test_the_form_shows_whether_a_run_is_open_to_all(cast):
    run = rows.run(outreach=True, school_limit=7, state="draft")
    page = cast.hq.client().get(f"/kk/organise/runs/{run.uid}/edit/").text
    assert 'name="school_limit" value="7"' in page
    assert 'name="outreach"' in page


def test_a_visitor_is_led_from_the_run_to_the_sign_up_without_an_account(cast, client):
    run = rows.run(outreach=True)
    link = f"/kk/seminars/{run.uid}/sign-up/"
    assert link in client.get(f"/kk/courses/{run.uid}/").text
    assert link not in cast.librarian.client().get(f"/kk/courses/{run.uid}/").text
    assert "/sign-up/" not in client.get(f"/kk/courses/{rows.run().uid}/").text


# -- whom a seminar is for ---------------------------------------------------------------------------
def test_a_coordinator_gives_a_seminar_its_region_and_takes_it_back(cast):
    region = cast.other_school.region
    run = rows.run(outreach=True, state="draft", host=cast.school, start=None, opens_at=None)
    client, url = cast.hq.client(), f"/kk/organise/runs/{run.uid}/edit/"
    form = client.get(url).context["sheet"].form
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    sent |= {"seen": running.version(run), "outreach": "on"}
    for prefix in ("meetings", "trainers", "materials"):
        sent |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    assert client.post(url, sent | {"region": "KZ-XX"}).status_code == 422
    assert client.post(url, sent | {"region": region.iso}).status_code == 302
    run.refresh_from_db()
    assert (run.region, run.region_for) == (region, region)
    entry = AuditEntry.objects.get(verb="run.edit")
    assert entry.values.values["region"] == [None, region.pk]
    assert f'<option value="{region.iso}" selected>' in client.get(url).text
    assert client.post(url, sent | {"region": "", "seen": running.version(run)}).status_code == 302
    run.refresh_from_db()
    assert (run.region, run.region_for) == (None, cast.school.region)


def test_a_copy_is_for_the_same_region(cast):
    run = rows.run(outreach=True, region=cast.other_school.region)
    assert running.copy_run(run=run, starts_on=None, actor=cast.hq.actor).region == run.region


def test_the_page_of_a_run_says_whom_it_is_for_and_leads_to_its_public_page(cast):
    run = rows.run(outreach=True, school_limit=4, host=cast.school)
    page = cast.hq.client().get(f"/kk/organise/runs/{run.uid}/")
    facts = dict(page.context["facts"])
    assert (str(facts["Өңір"]), facts["Бір мектептен ең көбі, адам"]) == (str(cast.school.region), 4)
    assert f'href="/kk/seminars/{run.uid}/"' in page.text
    draft = rows.run(outreach=True, state="draft")
    assert f'href="/kk/seminars/{draft.uid}/"' not in cast.hq.client().get(f"/kk/organise/runs/{draft.uid}/").text


# -- where guests come from --------------------------------------------------------------------------
@pytest.fixture
def village():
    return make.school(in_network=False, kind="general", direction="", city_kk="Ақбұлақ", district_kk="Талғар ауданы")


def brought(run, school, *, phone=""):
    """A contact who comes with one colleague."""
    contact = Contact(name="Бекова Айгүл", email="bekova@example.kz", language="kk", phone=phone)
    coming = [GuestData("Бекова", "Айгүл"), GuestData("Дәулетов", "Ерлан")]
    made = signing_up.sign_up(run=run, contact=contact, coming=coming, school=school).signup
    signing_up.confirm(signup=made)
    return made


@pytest.mark.parametrize("place", ["organise/runs", "teaching"])
def test_lists_of_people_name_the_schools_of_guests_and_who_signed_them_up(cast, village, place):
    run = guests.run()
    brought(run, village, phone="+77011234567")
    text = cast.hq.client().get(f"/kk/{place}/{run.uid}/").text
    assert village.short_name() in text
    assert "Ақбұлақ, Талғар ауданы" in text
    assert text.count("Тіркеген: Бекова Айгүл") == 1


def test_trainers_reach_guests_by_their_contact(cast, village):
    run = guests.run()
    brought(run, village, phone="+77011234567")
    text = cast.hq.client().get(f"/kk/teaching/{run.uid}/").text
    assert text.count('href="mailto:bekova@example.kz"') == 2
    assert text.count('href="tel:+77011234567"') == 2


@pytest.mark.parametrize("place", ["organise/runs", "teaching"])
def test_a_school_that_is_not_listed_stands_by_the_name_that_was_written(cast, place):
    run = guests.run()
    brought(run, Unlisted(region=make.region(), name="Жаңа ауыл мектебі"))
    text = cast.hq.client().get(f"/kk/{place}/{run.uid}/").text
    assert text.count("Жаңа ауыл мектебі") == 2
    assert text.count("анықтамалықта әлі жоқ") == 2


@pytest.mark.parametrize("place", ["organise/runs", "teaching"])
def test_staff_of_the_network_look_as_ever(cast, place):
    run = rows.run()
    rows.seats(run, [cast.librarian.person], school=cast.school)
    text = cast.hq.client().get(f"/kk/{place}/{run.uid}/").text
    assert "Тіркеген" not in text
    assert "анықтамалықта әлі жоқ" not in text


def test_one_who_came_without_signing_up_is_told_apart_and_needs_no_address(cast, village):
    run = guests.run()
    made = brought(run, village)
    Signup.objects.filter(pk=made.pk).update(walk_in=True, email="")
    Person.objects.filter(email=made.email).update(email="")
    for place in ("organise/runs", "teaching"):
        text = cast.hq.client().get(f"/kk/{place}/{run.uid}/").text
        assert text.count("Тіркелмей келді") == 2
        assert 'href="mailto:"' not in text


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize(("place", "queries"), [("organise/runs", 19), ("teaching", 10)])
def test_lists_of_guests_cost_the_same_for_one_and_for_thirty(
    cast, village, django_assert_num_queries, place, queries, number
):
    run = guests.run(capacity=100)
    for _ in range(number):
        guests.confirmed(run, 1, school=village)
    client, url = cast.hq.client(), f"/kk/{place}/{run.uid}/"
    client.get(url)
    with django_assert_num_queries(queries):
        client.get(url)


def test_the_page_of_one_guest_names_the_contact(cast, village):
    run = guests.run()
    row = guests.rows_of(brought(run, village))[1]
    text = cast.hq.client().get(f"/kk/organise/applications/{row.uid}/").text
    assert "Бекова Айгүл" in text
    assert 'href="mailto:bekova@example.kz"' in text
