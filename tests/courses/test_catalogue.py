"""The catalogue: what is found, counted, ordered and shown; and what a hostile address bar cannot do."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from django.http import QueryDict
from django.utils import timezone, translation

from courses import cards, catalogue, enrolling, facets
from courses.forms.catalogue import CatalogueForm
from courses.models import Run, Topic
from courses.states import EnrolmentState, Format, RunState
from schools.access import NOBODY
from schools.models import Region
from tests import make
from tests.courses import rows

pytestmark = pytest.mark.django_db
PAGE = "/kk/courses/"


def titled(title: str, **fields: object) -> Run:
    names = {f"title_{language}": title for language in ("kk", "ru", "en")}
    return rows.run(course=rows.course(**names, summary_kk="", summary_ru="", summary_en=""), **fields)


def found(query: str = "", *, today: date | None = None) -> list[int]:
    """Keys of the runs that an address finds, in order."""
    return sift(query, today=today).ids


def sift(query: str = "", *, today: date | None = None) -> facets.Found:
    form = CatalogueForm(QueryDict(query), topics=Topic.objects.all(), regions=Region.objects.all())
    now = timezone.now()
    return catalogue.find(form.wish(), now=now, today=today or timezone.localdate(now))


def pks(*runs: Run) -> list[int]:
    return [run.pk for run in runs]


@pytest.mark.parametrize(
    "typed",
    ["Қазақ әдебиеті", "казак адебиети", "АДЕБИЕТИ  КАЗАК", "қазақ", "кaзaк", "kaзak", "казак әдебиетi", "ӘДЕБИЕТІ"],
)
def test_search_forgives_letters_case_and_order(typed):
    run = titled("Қазақ әдебиеті бойынша оқу акциялары")
    titled("Казахстанская литература")
    assert found(f"q={typed}") == pks(run)


def test_search_reads_latin_words_in_mixed_ones():
    run = titled("IFLA-ның мектеп кітапханасына арналған нұсқаулығы")
    assert found("q=ifla") == pks(run)


def test_search_looks_into_the_names_of_the_place():
    host = make.school("kyzylorda", name="Қызылорда ХББ НЗМ", city_kk="Қызылорда", city_ru="Кызылорда")
    run = titled("Оқу", host=host)
    hall = titled("Жазу", place_kk="Ұлттық кітапхана")
    assert found("q=кызылорда оку") == pks(run)
    assert found("q=улттык") == pks(hall)
    run.host, run.place_kk = None, "Өскемен"
    run.save(update_fields=["host", "place_kk"])
    assert found("q=кызылорда") == []
    assert found("q=оскемен") == pks(run)


@pytest.mark.parametrize(
    "typed", ["%", "_", "\\", "а%б", "' OR 1=1 --", '"', "ө" * 20_000, "🦅\u202e", "\x07аб\x0b", "\x00", " \x0b\r\n"]
)
def test_hostile_words_break_nothing(client, typed):
    titled("Оқу аб")
    titled("100 процент жүз")
    answer = client.get(PAGE, {"q": typed})
    assert answer.status_code == 200
    everything, one = not catalogue.plain_words(typed), "аб" in typed
    assert answer.context["found"].total == (2 if everything else 1 if one else 0)


def test_a_flood_of_words_asks_a_bounded_question(django_assert_num_queries):
    titled("Оқу")
    with django_assert_num_queries(3):  # topics, regions, runs
        assert found("q=" + "+".join(["оқу"] * 5000)) != []
    wish = catalogue.search(Run.objects.all(), " ".join("абвгдежзий"))
    assert str(wish.query).count("LIKE") <= 2 * 2 * catalogue.MOST_WORDS


def many_kinds() -> None:
    """Runs that differ in every facet."""
    host = make.school("almaty", region=make.region("KZ-75", name_kk="Алматы"))
    other = Topic.objects.create(code="it", name_kk="АКТ", name_ru="ИКТ", name_en="ICT")
    shapes = product(("kk", "ru"), (Format.ONLINE, Format.IN_PERSON), (8, 36), (None, host))
    for number, (language, form, hours, place) in enumerate(shapes):
        course = rows.course(format=form, hours=hours, **({"topic": other} if number % 3 else {}))
        run = rows.run(
            course=course,
            language=language,
            host=place,
            start=rows.START + timedelta(days=20 * (number % 3)) if number % 5 else None,
            country="FI" if number % 7 == 0 else "KZ",
            closes_at=timezone.now() + timedelta(days=1) if number % 4 else timezone.now() - timedelta(hours=1),
            capacity=1,
        )
        if number % 3 == 0:
            rows_of = {"run": run, "person": make.person(), "number": 1, "state": EnrolmentState.CONFIRMED}
            run.enrolments.create(**rows_of)


@pytest.mark.parametrize("given", ["", "language=kk", "format=online&hours=1-24", "seats=free&open=yes&place=abroad"])
def test_a_count_says_what_the_tick_gives(given):
    many_kinds()
    before = sift(given)
    asked = QueryDict(given)
    checked = 0
    for name, counts in before.counts.items():
        if name == "year":
            continue
        for value, count in counts.items():
            query = asked.copy()
            query.setlist(name, [value])
            assert (name, value, sift(query.urlencode()).total) == (name, value, count)
            checked += 1
    assert checked >= 10


def test_several_values_of_one_facet_widen_and_two_facets_narrow():
    russian = rows.run(language="ru", course=rows.course(format=Format.ONLINE))
    kazakh = rows.run(language="kk", course=rows.course(format=Format.ONLINE))
    rows.run(language="en", course=rows.course(format=Format.ONLINE))
    rows.run(language="ru", course=rows.course(format=Format.BLENDED))
    assert found("language=kk&language=ru&format=online") == pks(russian, kazakh)


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("language=zz&language=kk", "Оқыту тілі"),
        ("month=2026-13", "Айы"),
        ("since=кеше", "Осы күннен бастап"),
        ("since=2026-02-31", "Осы күннен бастап"),
        ("sort=drop table", "Реті"),
        ("when=never", "Кезең"),
        ("hours=7", "Академиялық сағат"),
        ("place=KZ-99", "Өтетін жері"),
        ("topic='; --", "Тақырыбы"),
        ("seats=all", "Орын"),
        ("q=" + "оқу" * 50, "Іздеу"),
    ],
)
def test_what_is_not_understood_is_left_out_and_named(client, query, label):
    rows.run(language="kk")
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    assert answer.context["ignored"] == label
    assert label in answer.text
    assert answer.context["found"].total == (0 if query.startswith("q=") else 1)


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999", "9" * 5000, "1e3", ""])
def test_a_wrong_page_is_a_page_that_exists(client, page):
    rows.run()
    assert client.get(PAGE, {"page": page}).status_code == 200


def test_dates_come_in_order_and_those_to_be_announced_last():
    later = rows.run(start=rows.START + timedelta(days=3))
    unknown = rows.run(start=None)
    first = rows.run()
    assert found() == pks(first, later, unknown)
    assert found("month=tba") == pks(unknown)
    assert found("month=2030-04&month=tba") == pks(first, later, unknown)
    assert found("since=2030-04-09") == pks(later)


def test_titles_come_in_kazakh_order():
    runs = [titled(title) for title in ("Яблоко", "Әліппе", "Бәйтерек", "Апорт", "Қазына", "Кітап", "Library")]
    by_title = {run.pk: str(run.course) for run in runs}
    assert [by_title[pk] for pk in found("sort=title")] == [
        "Апорт", "Әліппе", "Бәйтерек", "Кітап", "Қазына", "Яблоко", "Library",
    ]  # fmt: skip


def test_an_empty_title_is_ordered_by_the_kazakh_one():
    course = rows.course(title_kk="Бәйтерек", title_ru="Байтерек", title_en="")
    named, kazakh_only = titled("Абай"), rows.run(course=course)
    with translation.override("en"):
        assert found("sort=title") == pks(named, kazakh_only)


def test_what_is_over_stands_in_the_archive_alone():
    past = rows.run(start=datetime(2024, 5, 13, 4, tzinfo=UTC))
    older = rows.run(start=datetime(2019, 5, 13, 4, tzinfo=UTC), state=RunState.CLOSED)
    coming = rows.run()
    rows.run(state=RunState.DRAFT)
    rows.run(state=RunState.CANCELLED)
    assert found() == pks(coming)
    assert found("when=past") == pks(past, older)
    assert found("when=past&year=2019") == pks(older)
    assert found("when=past&seats=free&month=2024-05&open=yes") == pks(past, older)
    assert found("year=2019") == pks(coming)


def test_a_run_is_coming_until_its_last_day_is_over():
    run = rows.run(days=2)
    assert found(today=date(2030, 4, 9)) == pks(run)
    assert found(today=date(2030, 4, 10)) == []


def test_full_and_closed_runs_are_told_apart(cast):
    full = rows.run(capacity=1)
    enrolling.enrol(person=cast.librarian.person, run=full, actor=cast.librarian.actor)
    shut = rows.run(closes_at=timezone.now() - timedelta(minutes=1))
    assert found("seats=free") == pks(shut)
    assert found("open=yes") == pks(full)
    assert found("seats=free&open=yes") == []


def test_a_card_knows_who_looks(cast):
    mine, clashing, free = rows.run(), rows.run(), rows.run(start=rows.START + timedelta(days=30))
    enrolling.enrol(person=cast.librarian.person, run=mine, actor=cast.librarian.actor)
    now = timezone.now()

    def seen(member) -> list[tuple]:
        shown = cards.cards(pks(mine, clashing, free), actor=member.actor, now=now, today=timezone.localdate(now))
        return [(card.mine.state if card.mine else None, card.clash) for card in shown]

    assert seen(cast.librarian) == [("confirmed", None), (None, date(2030, 4, 8)), (None, None)]
    assert seen(cast.colleague) == [(None, None)] * 3
    page = cast.librarian.client().get(PAGE).text
    assert "Жоспарыңызбен қабаттасады: 8 сәуір" in page
    assert "Жоспарыңызбен" not in cast.colleague.client().get(PAGE).text


@pytest.mark.parametrize(
    ("stage", "fields"),
    [
        (cards.OPEN, {}),
        (cards.SOON, {"opens_at": timezone.now() + timedelta(days=3)}),
        (cards.OVER, {"closes_at": timezone.now() - timedelta(hours=1)}),
        (cards.OPEN, {"start": None}),
        (cards.PAST, {"start": datetime(2024, 5, 13, 4, tzinfo=UTC)}),
        (cards.PAST, {"state": RunState.CLOSED}),
    ],
)
def test_where_a_run_stands(stage, fields):
    run = rows.run(**fields)
    now = timezone.now()
    (card,) = cards.cards([run.pk], actor=NOBODY, now=now, today=timezone.localdate(now))
    assert card.stage == stage
