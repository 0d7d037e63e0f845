"""Conferences by year: what the list says of each, how coordinators write them down, what is refused."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from conferences import editions, reference
from conferences.edition_plans import CallPlan, EditionPlan, FeePlan
from conferences.models import Call, Edition, Fee, Series
from conferences.standing import Standing, standing
from schools.errors import Refused, Stale
from schools.models import AuditEntry
from tests.conferences import rows

pytestmark = pytest.mark.django_db
LIST, NEW = "/kk/conferences/", "/kk/conferences/new/"
TODAY = date(2027, 7, 14)


def typed(**changes):
    """What the page of a conference sends: one call, one fee, and nothing else of the rows."""
    rows.series()
    facts = {"series": "iasl", "year": "2028", "state": "announced", "theme": "Worlds", "city": "Oslo", "country": "NO"}
    days = {"starts_on": "2028-07-03", "ends_on": "2028-07-07", "mode": "hybrid"}
    call = {"calls-0-abstract_due": "2028-01-31", "calls-0-languages": ["en", "fr"], "calls-0-formats": ["poster"]}
    fee = {"fees-0-name": "Members", "fees-0-currency": "EUR", "fees-0-amount": "1 000,50"}
    early = {"fees-0-early_amount": "900", "fees-0-early_until": "2028-03-01"}
    counts = {f"{kind}-{name}_FORMS": n for kind in ("calls", "fees") for name, n in (("TOTAL", 1), ("INITIAL", 0))}
    return {**facts, **days, **call, **fee, **early, **counts, **changes}


def plan(edition, **facts):
    from conferences.edition_plans import EDITION_FACTS
    from courses.plans import facts_of

    return EditionPlan({**facts_of(edition, EDITION_FACTS), **facts})


@pytest.mark.parametrize(
    ("fields", "stands"),
    [
        ({}, Standing.NOW),
        ({"starts_on": date(2027, 7, 15)}, Standing.AHEAD),
        ({"ends_on": date(2027, 7, 13)}, Standing.OVER),
        ({"state": "held"}, Standing.HELD),
        ({"state": "not_held"}, Standing.NOT_HELD),
        ({"state": "unconfirmed"}, Standing.UNCONFIRMED),
        ({"starts_on": None, "ends_on": None}, Standing.AHEAD),
        ({"starts_on": None, "ends_on": None, "state": "unannounced"}, Standing.UNANNOUNCED),
        ({"starts_on": None, "ends_on": None, "state": "unannounced", "year": 2026}, Standing.UNCONFIRMED),
    ],
)
def test_state_and_dates_together_say_where_an_edition_stands(fields, stands):
    usual = {"year": 2027, "starts_on": date(2027, 7, 12), "ends_on": date(2027, 7, 16), "state": "announced"}
    assert standing(Edition(**{**usual, **fields}), TODAY) == stands


def test_reference_data_load_once_and_keep_what_coordinators_corrected():
    assert (reference.load_series()["added"], reference.load_editions()["added"]) == (2, 34)
    astana = Edition.objects.get(series__code="wlic", year=2025)
    assert (astana.city, astana.country, astana.starts_on) == ("Astana", "KZ", date(2025, 8, 18))
    online = Edition.objects.get(series__code="iasl", year=2024)
    assert (online.mode, online.city, online.starts_on) == ("online", "", None)
    assert Edition.objects.filter(year=2020).values_list("state", flat=True).distinct().get() == "not_held"
    Edition.objects.filter(pk=astana.pk).update(theme="Corrected by hand")
    assert (reference.load_series(), reference.load_editions()) == ({"same": 2}, {"same": 34})
    assert Edition.objects.get(pk=astana.pk).theme == "Corrected by hand"


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_sends_the_same_statements_for_one_and_for_thirty(cast, number, django_assert_num_queries):
    rows.edition(year=2027)
    for year in range(1990, 1989 + number):
        rows.edition(year=year, state="held")
    client = cast.librarian.client()
    client.get(LIST)
    with django_assert_num_queries(5):
        assert client.get(LIST).status_code == 200


def test_the_list_parts_what_comes_from_what_was_and_keeps_to_a_series(cast):
    today = timezone.localdate()
    coming = rows.edition(year=today.year + 1)
    held = rows.edition(year=today.year - 1, state="held")
    other = rows.edition(series=rows.series("wlic"), year=today.year + 1, starts_on=None, ends_on=None)
    page = cast.librarian.client().get(LIST)
    assert (page.context["coming"], page.context["past"]) == ([coming, other], [held])
    page = cast.librarian.client().get(LIST, {"series": "wlic"})
    assert (page.context["coming"], page.context["past"]) == ([other], [])
    assert cast.librarian.client().get(LIST, {"series": "'"}).context["coming"] == [coming, other]


def test_a_coordinator_writes_down_a_conference_with_call_and_fees_and_the_ledger_says_so(cast):
    answer = cast.hq.client().post(NEW, typed())
    edition = Edition.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/kk/conferences/{edition.uid}/")
    call, fee = Call.objects.get(), Fee.objects.get()
    assert (edition.series.code, edition.year, edition.mode) == ("iasl", 2028, "hybrid")
    assert (call.abstract_due, call.languages, call.formats) == (date(2028, 1, 31), "en fr", "poster")
    assert (fee.amount, fee.currency, fee.early_amount) == (100_050, "EUR", 90_000)
    entry = AuditEntry.objects.get(verb="edition.create")
    assert (entry.actor, entry.values.values["fees"][1]) == (
        cast.hq.person,
        ["Members · EUR · 100050 · 90000 · 2028-03-01"],
    )
    page = cast.librarian.client().get(answer.url).content.decode()
    for text in ("1 000,50", "2028 жылғы 3–7 шілде", "Oslo, Норвегия", "Worlds"):
        assert text.replace(" ", "\u00a0") in page.replace(" ", "\u00a0"), text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "2028-07-02"}, "ends_on"),
        ({"ends_on": ""}, "ends_on"),
        ({"starts_on": ""}, "starts_on"),
        ({"year": "2027"}, "starts_on"),
        ({"year": "20288"}, "year"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"series": "xx"}, "series"),
        ({"calls-0-opens_on": "2028-02-01"}, "calls-0-abstract_due"),
        ({"calls-0-paper_due": "2028-01-01"}, "calls-0-paper_due"),
        ({"calls-0-formats": ["song"]}, "calls-0-formats"),
        *(({"fees-0-amount": sum}, "fees-0-amount") for sum in ("-1", "0.001", "1e9", "NaN", "")),
        ({"fees-0-early_amount": "2000"}, "fees-0-early_amount"),
        ({"fees-0-early_until": ""}, "fees-0-early_until"),
        ({"fees-0-early_amount": ""}, "fees-0-early_amount"),
    ],
)
def test_bad_input_is_answered_at_its_field_and_the_rest_is_kept(cast, changes, field):
    answer = cast.hq.client().post(NEW, typed(**changes))
    assert (answer.status_code, Edition.objects.count()) == (422, 0)
    page = answer.content.decode()
    assert f'id="error_1_id_{field}"' in page or f"id_{field}_error" in page
    assert 'value="Worlds"' in page


def test_a_row_more_comes_without_a_script_and_nothing_is_judged_yet(cast):
    answer = cast.hq.client().post(NEW, typed(add="fees", city="", **{"fees-0-amount": "x"}))
    page = answer.content.decode()
    assert (answer.status_code, 'name="fees-1-name"' in page, "invalid-feedback" in page) == (200, True, False)


def test_the_same_fee_twice_is_refused_at_the_second(cast):
    second = {"fees-1-name": "Members", "fees-1-currency": "EUR", "fees-1-amount": "5", "fees-TOTAL_FORMS": 2}
    answer = cast.hq.client().post(NEW, typed(**second))
    assert (answer.status_code, Edition.objects.count()) == (422, 0)


def test_two_editors_at_once_the_second_hears_and_nothing_typed_is_lost(cast):
    edition = rows.edition()
    seen = editions.version(edition)
    editions.edit(edition=edition, plan=plan(edition, city="Porto"), seen=seen, actor=cast.hq.actor)
    with pytest.raises(Stale):
        editions.edit(edition=edition, plan=plan(edition, city="Faro"), seen=seen, actor=cast.hq.actor)
    answer = cast.hq.client().post(
        f"{LIST}{edition.uid}/edit/",
        typed(city="Faro", year="2027", seen=seen, starts_on="2027-07-12", ends_on="2027-07-16"),
    )
    assert (answer.status_code, 'value="Faro"' in answer.content.decode()) == (409, True)
    edition.refresh_from_db()
    assert edition.city == "Porto"
    entry = AuditEntry.objects.get(verb="edition.edit")
    assert entry.values.values == {"city": ["Lisbon", "Porto"]}


def test_a_second_conference_of_a_year_is_refused_in_words(cast):
    rows.edition(year=2028)
    answer = cast.hq.client().post(NEW, typed())
    assert (answer.status_code, Edition.objects.count(), Call.objects.count()) == (422, 1, 0)
    assert "осы жылғы" in answer.content.decode()


def test_only_coordinators_write(cast):
    edition = rows.edition()
    for actor in (cast.librarian.actor, cast.auditor.actor, cast.finance.actor):
        with pytest.raises(Refused):
            editions.create(plan=plan(edition, year=2029), actor=actor)
        with pytest.raises(Refused):
            editions.edit(edition=edition, plan=plan(edition), seen=editions.version(edition), actor=actor)
    assert Edition.objects.count() == 1


def test_calls_and_fees_are_replaced_whole(cast):
    edition = rows.edition()
    rows.call(edition)
    rows.fee(edition)
    calls = (CallPlan(name="Main"), CallPlan(name="Research forum", formats="research"))
    changed = EditionPlan(plan(edition).facts, calls=calls, fees=(FeePlan("All", "USD", 100),))
    editions.edit(edition=edition, plan=changed, seen=editions.version(edition), actor=cast.hq.actor)
    assert list(edition.calls.order_by("id").values_list("name", flat=True)) == ["Main", "Research forum"]
    assert edition.fees.values_list("name", "amount", "currency").get() == ("All", 100, "USD")
    days = edition.calls.filter(abstract_due__gt=timezone.localdate() + timedelta(days=1))
    assert (days.count(), Series.objects.count()) == (0, 1)
