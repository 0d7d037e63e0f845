"""The pages of the catalogue: chips, tabs, pages, the month, what they cost, and the index behind the search."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone, translation

from courses import months
from courses.forms.catalogue import CatalogueForm
from courses.models import Course, Run
from courses.views.facet_links import address
from schools.agenda import take
from tests import make
from tests.courses import rows

pytestmark = pytest.mark.django_db
PAGE, MONTH = "/kk/courses/", "/kk/courses/month/2030/4/"


def many(number: int, **fields: object) -> list[Run]:
    """Runs of one course with all that a card shows."""
    host, chain, course = make.school(), rows.director_chain(), rows.course()
    return [rows.run(host=host, chain=chain, course=course, **fields) for _ in range(number)]


def test_each_chip_takes_one_filter_out(client):
    rows.run(language="ru")
    page = client.get(f"{PAGE}?language=kk&language=ru&q=title&since=2030-01-01&page=3&sort=title")
    chips = [(chip.label, chip.url) for chip in page.context["chips"]]
    assert chips == [
        ("«title»", f"{PAGE}?sort=title&since=2030-01-01&language=kk&language=ru"),
        ("Осы күннен бастап: 01.01.2030", f"{PAGE}?q=title&sort=title&language=kk&language=ru"),
        ("қазақ тілі", f"{PAGE}?q=title&sort=title&since=2030-01-01&language=ru"),
        ("орыс тілі", f"{PAGE}?q=title&sort=title&since=2030-01-01&language=kk"),
    ]
    assert page.context["clear_url"] == PAGE
    assert client.get(f"{PAGE}?when=past&language=kk").context["clear_url"] == f"{PAGE}?when=past"


def test_tabs_and_views_keep_the_filters(client):
    context = client.get(f"{PAGE}?language=kk&seats=free&month=2030-04").context
    assert [url for _, url, _ in context["tabs"]] == [
        f"{PAGE}?language=kk&month=2030-04&seats=free",
        f"{PAGE}?language=kk&when=past",
    ]
    assert context["month_url"] == "/kk/courses/month/?language=kk&seats=free"
    month = client.get(f"{MONTH}?language=kk").context
    assert month["list_url"] == f"{PAGE}?language=kk"
    assert (month["before"], month["after"]) == (
        "/kk/courses/month/2030/3/?language=kk",
        "/kk/courses/month/2030/5/?language=kk",
    )


def understood(query: str) -> QueryDict:
    return CatalogueForm(QueryDict(query), topics=[], regions=[]).understood()


def test_an_address_is_written_anew_without_what_is_empty_or_unknown():
    query = understood("q=+&language=kk&language=&language=zz&language=kk&page=2&sort=date&utm=1&since=x")
    assert address("/x/", query) == "/x/?sort=date&language=kk"
    assert address("/x/", query, "language", sort="title") == "/x/?sort=title"
    assert address("/x/", understood("page=2")) == "/x/"


def test_markup_in_words_and_titles_stays_text(client):
    rows.run(course=rows.course(title_kk="<script>alert(1)</script>\"'‮🦅"))
    page = client.get(PAGE, {"q": '<script>alert(1)</script>"'})
    assert page.context["found"].total == 1
    assert "<script>alert" not in page.text
    assert "<script>alert" not in client.get(MONTH).text


def test_pages_of_twenty_keep_the_filters(client):
    many(21, language="kk")
    first = client.get(f"{PAGE}?language=kk")
    assert (len(first.context["cards"]), first.context["found"].total) == (20, 21)
    assert "?language=kk&amp;page=2" in first.text
    assert len(client.get(f"{PAGE}?language=kk&page=2").context["cards"]) == 1


def test_an_empty_list_shows_a_way_out(client):
    rows.run(language="kk")
    nothing = client.get(f"{PAGE}?language=en").text
    assert "Барлық сүзгіге бірдей сай іс-шара жоқ" in nothing
    assert f'href="{PAGE}"' in nothing
    Run.objects.all().delete()
    assert "?when=past" in client.get(PAGE).text
    assert client.get(f"{PAGE}?when=past").status_code == 200
    assert client.get(MONTH).status_code == 200


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(client, django_assert_num_queries, number):
    many(number)
    with django_assert_num_queries(7):  # topics, regions, index, seats, cards, school names, chain steps
        client.get(PAGE)


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_for_somebody_who_has_applied(cast, django_assert_num_queries, number):
    for run in many(number):
        run.enrolments.create(person=cast.colleague.person, number=1, state="waiting")
    take(person=cast.librarian.person, spans=[(rows.START, rows.START + timedelta(hours=1))], source="trip:1")
    client = cast.librarian.client()
    client.get(PAGE)
    with django_assert_num_queries(13):  # besides: session, account, roles; own applications, meetings, taken time
        client.get(PAGE)


@pytest.mark.parametrize("number", [1, 30])
def test_the_month_costs_the_same_for_one_and_for_thirty(client, django_assert_num_queries, number):
    many(number)
    with django_assert_num_queries(5):  # topics, regions, index, runs, school names
        client.get(MONTH)


def test_a_run_lies_over_its_days_from_monday():
    run = rows.run(start=datetime(2030, 4, 27, 4, tzinfo=UTC), days=5)  # Saturday to Wednesday
    april = months.weeks(months.Month(2030, 4), [run], today=date(2030, 4, 28))
    assert [week.days[0].date.isoweekday() for week in april] == [1] * 5
    pieces = [(piece.column, piece.span, piece.starts, piece.ends, piece.first) for w in april for piece in w.pieces]
    assert pieces == [(6, 2, True, False, True), (1, 3, False, True, False)]
    may = months.weeks(months.Month(2030, 5), [run], today=date(2030, 4, 28))
    pieces = [(piece.column, piece.span, piece.starts, piece.ends, piece.first) for w in may for piece in w.pieces]
    assert pieces == [(1, 3, False, True, True)]
    assert [day.date for week in april for day in week.days if day.today] == [date(2030, 4, 28)]
    assert [day.date for day in april[-1].days if not day.inside] == [date(2030, 5, day) for day in range(1, 6)]


def test_a_month_shows_what_has_a_day_in_it_past_or_not(client):
    across = rows.run(start=datetime(2030, 4, 29, 4, tzinfo=UTC), days=4)
    may = rows.run(start=datetime(2030, 5, 20, 4, tzinfo=UTC), language="ru")
    over = rows.run(start=datetime(2024, 2, 29, 4, tzinfo=UTC))
    rows.run(state="cancelled")
    rows.run(start=None)

    def shown(address: str) -> list[int]:
        weeks = client.get(address).context["weeks"]
        return sorted({piece.run.pk for week in weeks for piece in week.pieces})

    assert shown("/kk/courses/month/2030/4/") == [across.pk]
    assert shown("/kk/courses/month/2030/5/") == [across.pk, may.pk]
    assert shown("/kk/courses/month/2030/5/?language=ru&when=past&since=2031-01-01") == [may.pk]
    assert shown("/kk/courses/month/2024/2/") == [over.pk]
    assert client.get("/kk/courses/month/2024/2/?seats=free").context["found"].total == 0
    assert client.get("/kk/courses/month/2030/5/?seats=free").context["found"].total == 2


@pytest.mark.parametrize("address", ["2030/13", "2030/0", "1999/1", "2100/1", "9" * 400 + "/1", "0/0"])
def test_there_is_no_such_month(client, address):
    assert client.get(f"/kk/courses/month/{address}/").status_code == 404


def test_the_calendar_ends_where_its_years_end(client):
    assert client.get("/kk/courses/month/2000/1/").context["before"] == ""
    assert client.get("/kk/courses/month/2099/12/").context["after"] == ""
    assert client.get("/kk/courses/month/").context["month"].first == timezone.localdate().replace(day=1)


@pytest.mark.parametrize(
    ("language", "name"), [("kk", "2026 жылғы желтоқсан"), ("ru", "Декабрь 2026"), ("en", "December 2026")]
)
def test_a_month_is_named_as_the_language_does(language, name):
    with translation.override(language):
        assert months.Month(2026, 12).name == name
    assert months.Month(2026, 12).step(1) == months.Month(2027, 1)
    assert months.Month(2027, 1).step(-1) == months.Month(2026, 12)


trigrams = import_module("courses.migrations.0006_course_trigrams")
INDEXES = "SELECT indexname FROM pg_indexes WHERE indexname = 'course_search_trigrams'"


@pytest.mark.postgres
def test_search_can_use_the_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Course.objects.filter(search_key__contains="кытапхана").explain()
    assert "course_search_trigrams" in plan


@pytest.mark.postgres
def test_without_the_right_to_add_the_extension_the_migration_goes_on(caplog):
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX course_search_trigrams")
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        cursor.execute("CREATE ROLE portal_without_rights")
        cursor.execute("SET ROLE portal_without_rights")
        with connection.schema_editor() as editor:
            trigrams.add(None, editor)
        cursor.execute("RESET ROLE")
        assert "CREATE EXTENSION IF NOT EXISTS pg_trgm" in caplog.text
        with connection.schema_editor() as editor:
            trigrams.add(None, editor)
        cursor.execute(INDEXES)
        assert cursor.fetchall() == [("course_search_trigrams",)]
