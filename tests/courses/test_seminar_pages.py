"""Seminars for staff of any school: the list with its map and filters, and what the page of one says when."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from courses import calendars
from courses.models import RunTrainer
from courses.seminar_queries import Standing, public_seminars, standing
from courses.states import Format, RunState
from tests import make
from tests.courses import guests, rows

pytestmark = pytest.mark.django_db
PAGE = "/kk/seminars/"


def titles(page) -> list[str]:
    return [card.title for card in page.context["cards"]]


def named(title: str, **fields):
    return guests.run(course=rows.course(kind="seminar", title_kk=title), **fields)


@pytest.fixture
def abai():
    return make.region()


@pytest.fixture
def almaty():
    return make.region("KZ-75", name_kk="Алматы қаласы", name_ru="город Алматы", name_en="Almaty city", kind="city")


def test_the_list_holds_what_comes_and_is_open_to_all_schools(client):
    named("Келеді")
    named("Өтті", start=timezone.now() - timedelta(days=40))
    named("Жоба", state=RunState.DRAFT)
    named("Болмайды", state=RunState.CANCELLED)
    rows.run(course=rows.course(title_kk="Өз қызметкерлерімізге"))
    assert titles(client.get(PAGE)) == ["Келеді"]


def test_a_region_is_the_runs_own_and_else_the_hosts(client, abai, almaty):
    named("Өз өңірі", region=almaty, host=make.school(region=abai))
    named("Қабылдаушы мектептің өңірі", host=make.school(region=abai))
    assert titles(client.get(f"{PAGE}?place=KZ-75")) == ["Өз өңірі"]
    assert titles(client.get(f"{PAGE}?place=KZ-10")) == ["Қабылдаушы мектептің өңірі"]


def test_the_map_counts_regions_and_each_mark_chooses_its_own(client, abai, almaty):
    for region in (abai, abai, almaty):
        named("Семинар", region=region)
    marks = client.get(f"{PAGE}?language=kk").context["marks"]
    assert [(mark.name, mark.count, mark.url, mark.here) for mark in marks] == [
        ("Абай облысы", 2, f"{PAGE}?language=kk&place=KZ-10", False),
        ("Алматы қаласы", 1, f"{PAGE}?language=kk&place=KZ-75", False),
    ]
    marks = client.get(f"{PAGE}?place=KZ-75&language=kk").context["marks"]
    assert [(mark.iso, mark.count, mark.url, mark.here) for mark in marks] == [
        ("KZ-10", 2, f"{PAGE}?language=kk&place=KZ-10", False),
        ("KZ-75", 1, f"{PAGE}?language=kk", True),
    ]


def test_filters_stand_in_the_address_and_what_is_not_understood_is_named(client, abai):
    named("Қазақша", language="kk", region=abai)
    named("Орысша", language="ru", region=abai, capacity=1)
    page = client.get(f"{PAGE}?language=ru&month=2030-04&when=past&kind=course&place=KZ-99")
    assert titles(page) == ["Орысша"]
    assert [(chip.label, chip.url) for chip in page.context["chips"]] == [
        ("орыс тілі", f"{PAGE}?month=2030-04"),
        ("2030 жылғы сәуір", f"{PAGE}?language=ru"),
    ]
    assert page.context["ignored"] == "Өңір"


def test_free_places_only(client):
    full = named("Толық", capacity=2)
    named("Бос", capacity=2)
    guests.sign_up(full, 2)
    assert titles(client.get(f"{PAGE}?seats=free")) == ["Бос"]


def test_a_word_is_looked_for_in_titles_and_places(client):
    named("Ауыл кітапханасы")
    named("Басқа")
    assert titles(client.get(f"{PAGE}?q=ауыл+китапхана")) == ["Ауыл кітапханасы"]


def test_an_empty_list_says_so_and_so_does_one_that_is_filtered_empty(client):
    assert "Қазір жарияланған семинар жоқ" in client.get(PAGE).text
    named("Қазақша", language="kk")
    assert "Барлық сүзгіні алып тастау" in client.get(f"{PAGE}?language=en").text


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(client, django_assert_num_queries, abai, number):
    host, chain, course = make.school(region=abai), rows.chain(), rows.course(kind="seminar")
    for _ in range(number):
        guests.run(host=host, chain=chain, course=course, region=abai)
    with django_assert_num_queries(7):  # topics, regions, index, seats, cards, school names, chain steps
        client.get(PAGE)


def test_pages_of_twelve_keep_the_filters(client):
    course, chain = rows.course(kind="seminar"), rows.chain()
    for _ in range(13):
        guests.run(course=course, chain=chain)
    page = client.get(f"{PAGE}?language=kk")
    assert len(page.context["cards"]) == 12
    assert 'href="?language=kk&amp;page=2"' in page.text
    assert len(client.get(f"{PAGE}?language=kk&page=2").context["cards"]) == 1


# -- the page of one -------------------------------------------------------------------------------
def page_of(client, run):
    return client.get(f"{PAGE}{run.uid}/")


def stage_of(run) -> Standing:
    return standing(public_seminars().get(pk=run.pk), now=timezone.now(), today=timezone.localdate())


def test_the_page_says_everything_before_signing_up(client, cast):
    run = named(
        "Ауыл кітапханасы",
        capacity=20,
        host=cast.school,
        region=cast.other_school.region,
        contact=cast.hq.person,
        school_limit=3,
        closes_at=rows.START - timedelta(days=3),
    )
    RunTrainer.objects.create(run=run, person=cast.trainer.person)
    for _ in range(2):
        guests.sign_up(run, 2)
    page = page_of(client, run)
    for words in (
        "Өңірлік семинар · Алматы қаласы",
        "2030 жылғы 8 сәуір, 09:00 · Семей ФМБ НЗМ · қазақ тілі · тегін",
        "Дүйсенбі, 09:00–16:00",
        "20 орыннан 16 бос",
        "Тіркелу мерзімі: 5 сәуір, 09:00.",
        "Бір мектептен ең көбі",
        str(cast.trainer.person),
        "hq@example.kz",
        reverse("courses:sign_up", args=[run.uid]),
        reverse("course_files:run", args=[run.uid]),
        '<meta property="og:description" content="2030 жылғы 8 сәуір, 09:00',
    ):
        assert words in page.text, words


def test_what_the_page_offers_follows_from_where_the_seminar_stands(client):
    now = timezone.now()
    seen = {}
    for name, fields in {
        "open": {},
        "soon": {"opens_at": now + timedelta(days=2)},
        "over": {"closes_at": now - timedelta(hours=1)},
        "cancelled": {"state": RunState.CANCELLED},
        "past": {"state": RunState.CLOSED},
    }.items():
        run = guests.run(**fields)
        seen[name] = (stage_of(run).stage, reverse("courses:sign_up", args=[run.uid]) in page_of(client, run).text)
    assert seen == {
        "open": ("open", True),
        "soon": ("soon", False),
        "over": ("over", False),
        "cancelled": ("cancelled", False),
        "past": ("past", False),
    }


def test_a_full_seminar_offers_its_waiting_list(client):
    run = guests.run(capacity=1)
    guests.sign_up(run, 1)
    assert stage_of(run) == Standing("full", 0)
    page = page_of(client, run)
    assert "Күту тізіміне тұру" in page.text
    assert reverse("courses:sign_up", args=[run.uid]) in page.text


@pytest.mark.parametrize("fields", [{"state": RunState.DRAFT}, {"outreach": False}])
def test_drafts_and_runs_for_staff_alone_are_not_there(cast, client, fields):
    run = guests.run(**fields)
    assert page_of(client, run).status_code == 404
    assert page_of(cast.hq.client(), run).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_costs_the_same_whoever_has_signed_up(client, django_assert_num_queries, number):
    run = guests.run(capacity=20, host=make.school())
    RunTrainer.objects.create(run=run, name="Қонақ")
    guests.sign_up(run, number)
    with django_assert_num_queries(6):  # run, school names, chain steps, meetings, trainers, materials
        page_of(client, run)


def test_what_is_brought_depends_on_where_one_sits(client):
    online = guests.run(course=rows.course(kind="webinar", format=Format.ONLINE))
    assert "Дыбысы мен интернеті бар компьютер" in page_of(client, online).text
    assert "қалам-дәптер" in page_of(client, guests.run()).text


def test_hostile_titles_are_inert_in_links_and_cards(client):
    run = named("<b>&\"'", region=make.region())
    for page in (page_of(client, run), client.get(PAGE)):
        assert "<b>&" not in page.text


# -- ways to it ------------------------------------------------------------------------------------
def test_the_catalogue_says_what_is_open_to_all_schools(client):
    guests.run()
    rows.run()
    assert client.get("/kk/courses/").text.count("Барлық мектепке ашық") == 1


def test_calendar_entries_of_a_seminar_lead_to_its_public_page():
    run = guests.run()
    with translation.override("kk"):
        assert f"/kk/seminars/{run.uid}/".encode() in calendars.entry(run, language="kk").replace(b"\r\n ", b"")
        other = rows.run()
        assert f"/kk/courses/{other.uid}/".encode() in calendars.entry(other, language="kk").replace(b"\r\n ", b"")


def test_the_front_page_leads_there(client):
    assert client.get("/kk/").text.count(f'href="{PAGE}"') >= 2
