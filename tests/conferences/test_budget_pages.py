"""Budgets, rates and norms as people see them, plan them and take them away."""

import csv
import io
from datetime import timedelta

import pytest
import python_calamine
from django.urls import reverse
from django.utils import timezone, translation

from conferences.models import Budget, BudgetMove, PerDiemNorm, Rate
from schools.models import AuditEntry
from tests import make
from tests.budget_world import BudgetWorld
from tests.conferences import money, trips

pytestmark = pytest.mark.django_db
YEAR = money.YEAR


@pytest.fixture
def world(cast):
    world = BudgetWorld()
    world.cast = cast
    assert world.budget
    return world


def page(member, name, *args, language="kk"):
    with translation.override(language):
        return member.client().get(reverse(f"conferences:{name}", args=args))


def plan_url(owner="network", year=YEAR):
    return reverse("conferences:budget_plan", args=[year, owner])


def test_offices_see_every_budget_and_a_director_the_own_school(cast, world):
    for member in (cast.finance, cast.auditor, cast.hq):
        html = page(member, "budgets_of", YEAR).text
        assert (str(cast.school) in html, str(cast.other_school) in html) == (True, True)
        assert f"/budgets/{YEAR}/network/" in html
    html = page(cast.director, "budgets_of", YEAR).text
    assert (str(cast.school) in html, str(cast.other_school) in html) == (True, False)
    assert "network" not in html


def test_a_line_opens_its_ledger_with_the_trips(cast, world):
    html = page(cast.director, "budget_line", world.budget.uid).text
    for words in ("Вроцлав", "Рим", "412\u00a0500,50", "Резервке қойылды", "Сәрсенова"):
        assert words in html


def test_a_bar_is_drawn_with_points_and_told_in_numbers(cast, world):
    html = page(cast.director, "budget", YEAR, cast.school.uid).text
    assert '<rect class="fill-done" x="0" width="6.67" height="10">' in html
    assert "80\u00a0000" in html


def test_a_plan_is_written_with_its_reason(cast):
    sent = {"travel": "1 000 000,50", "fee": "", "reason": ""}
    response = cast.finance.client().post(plan_url(), sent)
    assert response.status_code == 302
    row = Budget.objects.get()
    assert (row.kind, row.planned, row.moves.get().actor) == ("travel", 100000050, cast.finance.person)
    again = cast.hq.client().post(plan_url(), {"travel": "2 000 000", "seen_travel": "100000050", "reason": "Қосымша"})
    assert (again.status_code, Budget.objects.get().planned) == (302, 200000000)
    assert BudgetMove.objects.latest("id").note == "Қосымша"


@pytest.mark.parametrize("text", ["-1", "0.001", "1e9", "NaN", "1 00", "9" * 30])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_sum_that_cannot_be_is_told_at_its_field_and_stays(cast, text, language):
    with translation.override(language):
        response = cast.finance.client().post(plan_url(), {"travel": text, "fee": "500"})
    assert (response.status_code, Budget.objects.count()) == (422, 0)
    assert list(response.context["form"].errors) == ["travel"]
    assert f'value="{text}"' in response.text
    assert 'value="500"' in response.text


def test_what_another_has_planned_meanwhile_is_not_written_over(cast):
    money.budget(500)
    response = cast.finance.client().post(plan_url(), {"travel": "9", "seen_travel": "400", "reason": "Жаңа"})
    assert (response.status_code, Budget.objects.get().planned) == (422, 500)
    assert 'value="9"' in response.text


def test_a_change_without_a_reason_comes_back(cast):
    money.budget(500)
    response = cast.finance.client().post(plan_url(), {"travel": "9", "seen_travel": "500"})
    assert (response.status_code, Budget.objects.get().planned) == (422, 500)


def test_files_hold_what_the_reader_may_see_in_tenge(cast, world):
    body = page(cast.director, "budgets_file", YEAR, "csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body), delimiter=";"))
    assert [row[1] for row in rows[1:]] == [str(cast.school)] * 2
    assert rows[1][2:] == ["жол шығындары", "900000,00", "120000,00", "412500,50", "80000,00", "287499,50"]
    sheet = page(cast.finance, "budgets_file", YEAR, "xlsx").content
    table = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in table[3:]] == ["желі", str(cast.other_school), *[str(cast.school)] * 2]
    assert table[5][3:] == [900000.0, 120000.0, 412500.5, 80000.0, 287499.5]


def test_a_formula_in_a_reason_stays_text(cast, world):
    network = Budget.objects.get(school=None)
    sent = {"travel": "3 000 000", "seen_travel": str(network.planned), "reason": '=HYPERLINK("http://x")'}
    cast.finance.client().post(plan_url(), sent)
    body = page(cast.finance, "budget_line_file", network.uid, "csv").content.decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(body), delimiter=";"))[-1]
    assert row[-1] == '\'=HYPERLINK("http://x")'


def queries(django_assert_num_queries, member, expected, name, *args):
    client = member.client()
    url = reverse(f"conferences:{name}", args=args)
    client.get(url)
    with django_assert_num_queries(expected):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("number", [1, 30])
def test_the_year_costs_the_same_with_one_school_and_with_thirty(cast, django_assert_num_queries, number):
    for _ in range(number):
        money.budget(school=make.school())
    queries(django_assert_num_queries, cast.auditor, 7, "budgets_of", YEAR)


@pytest.mark.parametrize("number", [1, 30])
def test_a_ledger_costs_the_same_with_one_move_and_with_thirty(cast, django_assert_num_queries, number):
    row = money.budget(10**6)
    for _ in range(number):
        trip = trips.trip_of(cast.librarian)
        line = {"kind": "reserve", "source": "free", "target": "reserved", "amount": 5, "trip": trip}
        BudgetMove.objects.create(budget=row, actor=cast.librarian.person, **line)
    queries(django_assert_num_queries, cast.auditor, 6, "budget_line", row.uid)


@pytest.mark.parametrize("number", [1, 30])
def test_rates_cost_the_same_whether_one_or_thirty(cast, django_assert_num_queries, number):
    today = timezone.localdate()
    for days in range(number):
        money.rate(on=today - timedelta(days=days))
    queries(django_assert_num_queries, cast.auditor, 6, "rates")


def test_a_rate_is_added_and_put_right_with_a_trace(cast):
    today = timezone.localdate()
    url, sent = reverse("conferences:rates"), {"currency": "USD", "on": today, "source": "ҚР Ұлттық Банкі"}
    for text in ("521,3", "512,3", "512,30"):
        assert cast.finance.client().post(url, {**sent, "micro": text}).status_code == 302
    assert Rate.objects.get().micro == 512_300_000
    told = [entry.values.values.get("micro") for entry in AuditEntry.objects.filter(verb="rate.put").order_by("id")]
    assert told == [[None, 521_300_000], [521_300_000, 512_300_000]]


@pytest.mark.parametrize(
    "wrong",
    [{"micro": "0"}, {"micro": "-5"}, {"on": "2027-13-01"}, {"on": "1999-01-01"}, {"currency": "KZT"}, {"source": " "}],
)
def test_a_rate_that_cannot_be_comes_back(cast, wrong):
    sent = {"currency": "USD", "on": timezone.localdate(), "source": "ҚР Ұлттық Банкі", "micro": "500", **wrong}
    response = cast.finance.client().post(reverse("conferences:rates"), sent)
    assert (response.status_code, Rate.objects.count()) == (422, 0)
    assert list(response.context["form"].errors) == list(wrong)


def test_a_rate_of_tomorrow_is_not_known(cast):
    sent = {"currency": "USD", "on": timezone.localdate() + timedelta(days=1), "source": "x", "micro": "500"}
    assert cast.finance.client().post(reverse("conferences:rates"), sent).status_code == 422


@pytest.mark.parametrize("name", ["rates", "norms"])
def test_an_auditor_reads_and_writes_nothing(cast, name):
    assert '<form method="post" class="form"' not in page(cast.auditor, name).text
    assert cast.auditor.client().post(reverse(f"conferences:{name}"), {}).status_code == 403


def test_a_norm_is_a_sum_or_a_number_of_indices(cast):
    url, sent = reverse("conferences:norms"), {"valid_from": "2026-01-01", "currency": "EUR"}
    client = cast.finance.client()
    assert client.post(url, {**sent, "country": "PL", "amount": "60,50"}).status_code == 302
    assert client.post(url, {**sent, "country": "", "indices": "8,5"}).status_code == 302
    assert client.post(url, {**sent, "country": "PL", "amount": "65"}).status_code == 302
    rows = list(PerDiemNorm.objects.order_by("country").values_list("country", "minor", "currency", "mci"))
    assert rows == [("", None, "", 8500), ("PL", 6500, "EUR", None)]
    html = page(cast.auditor, "norms").text
    assert ("8,5 АЕК" in html, "65\u00a0EUR" in html) == (True, True)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({}, "amount"),
        ({"amount": "5", "indices": "6"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"indices": "1e3"}, "indices"),
        ({"indices": "0"}, "indices"),
        ({"indices": "1001"}, "indices"),
        ({"amount": "5", "country": "XX"}, "country"),
    ],
)
def test_a_norm_that_cannot_be_comes_back(cast, fields, where):
    sent = {"country": "PL", "valid_from": "2026-01-01", "currency": "EUR", **fields}
    response = cast.finance.client().post(reverse("conferences:norms"), sent)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [where])
    assert PerDiemNorm.objects.count() == 0


def test_finance_puts_an_account_right_from_the_ledger(cast, world):
    row = world.budget
    html = page(cast.finance, "budget_line", row.uid).text
    url = reverse("conferences:budget_correct", kwargs=world.of_account)
    assert (url in html, url in page(cast.director, "budget_line", row.uid).text) == (True, False)
    client, seen = cast.finance.client(), {f"seen_{row.uid}": "8000000", "reason": "Түбіртек"}
    for text in ("-1", "1e9", "9 000 000"):
        answer = client.post(url, {**seen, row.uid: text})
        assert (answer.status_code, f'value="{text}"' in answer.text) == (422, True)
    assert client.post(url, {**seen, row.uid: "70 000", "reason": ""}).status_code == 422
    assert client.post(url, {**seen, row.uid: "70 000"}).status_code == 302
    assert Budget.objects.get(pk=row.pk).spent == 7_000_000
    assert client.post(url, {**seen, row.uid: "60 000"}).status_code == 422
