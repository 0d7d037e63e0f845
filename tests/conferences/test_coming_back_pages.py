"""Pages of papers, accounts and reports: bad input is said at the field, and what was typed stays."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conferences import coming_back_queries
from conferences.coming_back_summary import on_trip
from conferences.models import AdvanceLine, AdvanceReport, Rate, Receipt, Trip, TripDocument, WrittenReport
from schools.models import AuditEntry
from tests import file_samples as samples
from tests.cast import Cast
from tests.conferences import coming_back as rows


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def trip(cast: Cast) -> Trip:
    """It ended last week; one line of the estimate is paid by the network."""
    today = timezone.localdate()
    trip = rows.approved(cast.librarian, cast.stranger, starts_on=today - timedelta(15), ends_on=today - timedelta(7))
    rows.estimate(trip)
    Rate.objects.create(currency="USD", on=trip.starts_on, micro=rows.RATE, source="НБ РК")
    return trip


def url(name: str, *args: str) -> str:
    return reverse(f"conferences:{name}", args=args)


def errors_at(answer, name: str, form: str = "form") -> list[str]:
    return list(answer.context[form].errors.get(name, []))


def add(client: Client, trip: Trip, file, **data):
    return client.post(url("trip_documents", trip.uid), {"kind": "passport", "file": file, **data})


def test_a_passport_goes_up_and_every_reading_stands_in_the_ledger(cast, trip):
    assert add(cast.librarian.client(), trip, samples.sent("../паспорт.pdf", samples.pdf())).status_code == 302
    document = TripDocument.objects.get()
    assert (document.person, document.file.name) == (cast.librarian.person, "паспорт.pdf")
    for name in ("librarian", "hq", "finance"):
        answer = getattr(cast, name).client().get(url("document", document.uid))
        assert (answer.status_code, answer.content) == (200, samples.pdf())
    for name in ("stranger", "director", "colleague", "administrator", "auditor", "trainer"):
        assert getattr(cast, name).client().get(url("document", document.uid)).status_code == 404
    readings = AuditEntry.objects.filter(verb="file.read").values_list("actor", "person")
    own = cast.librarian.person.pk
    assert list(readings) == [(who.person.pk, own) for who in (cast.librarian, cast.hq, cast.finance)]


HOSTILE = {
    "a page": ("passport.pdf", b"<html><script>"),
    "nothing": ("passport.pdf", b""),
    "too large": ("passport.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024)),
    "another kind": ("passport.pdf", samples.png()),
    "a bomb": ("passport.docx", samples.claims_to_be_huge()),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_at_the_field_and_the_rest_stays(cast, trip, what):
    answer = add(cast.librarian.client(), trip, samples.sent(*HOSTILE[what]), kind="visa")
    assert answer.status_code == 422
    assert len(errors_at(answer, "file")) == 1
    assert answer.context["form"]["kind"].value() == "visa"
    assert TripDocument.objects.count() == 0


def test_hq_says_whose_paper_it_is(cast, trip):
    client = cast.hq.client()
    answer = add(client, trip, samples.sent("a.pdf", samples.pdf()))
    assert (answer.status_code, len(errors_at(answer, "person"))) == (422, 1)
    person = cast.stranger.person
    assert add(client, trip, samples.sent("a.pdf", samples.pdf()), person=person.uid).status_code == 302
    answer = add(client, trip, samples.sent("a.pdf", samples.pdf()), person=cast.director.person.uid)
    assert (answer.status_code, TripDocument.objects.get().person) == (422, person)


def test_a_deleted_paper_is_there_no_longer(cast, trip):
    document = rows.document(trip, cast.librarian)
    client = cast.librarian.client()
    assert client.post(url("drop_document", document.uid)).status_code == 302
    assert client.get(url("document", document.uid)).status_code == 404
    assert client.post(url("drop_document", document.uid)).status_code == 404


def test_an_account_from_the_first_line_to_the_word_of_finance(cast, trip):
    traveller, finance = cast.librarian.client(), cast.finance.client()
    assert traveller.post(url("start_account", trip.uid)).status_code == 302
    line = AdvanceLine.objects.get()
    sent = {"amount": "0", "currency": "USD", "on": trip.ends_on.isoformat()}
    sent["receipt"] = samples.sent("чек.jpg", samples.JPEG)
    assert traveller.post(url("account_line", trip.uid, line.uid), sent).status_code == 302
    receipt = Receipt.objects.get()
    answer = finance.get(url("receipt", receipt.uid), {"show": ""})
    assert (answer.content, answer["Content-Type"]) == (samples.JPEG, "image/jpeg")
    assert cast.director.client().get(url("receipt", receipt.uid)).status_code == 404
    assert traveller.post(url("send_account", trip.uid)).status_code == 302
    decide = url("decide_account", trip.uid)
    answer = finance.post(decide, {"verdict": "return", "seen": 1, "note": " "})
    assert (answer.status_code, len(errors_at(answer, "note", "verdict_form"))) == (422, 1)
    assert finance.post(decide, {"verdict": "accept", "seen": 0}).status_code == 409
    assert finance.post(decide, {"verdict": "accept", "seen": 1}).status_code == 302
    assert finance.post(decide, {"verdict": "accept", "seen": 1}).status_code == 409
    assert AdvanceReport.objects.get().state == "accepted"


BAD_SUMS = ("-1", "0.001", "1e9", "NaN", "abc", "9" * 30, "")


@pytest.mark.parametrize("typed", BAD_SUMS)
def test_a_bad_sum_is_refused_at_the_field_and_stays(cast, trip, typed):
    report = rows.account(trip)
    line = rows.spent(report, trip.lines.get())
    sent = {"amount": typed, "currency": "USD", "on": trip.ends_on.isoformat(), "reason": "Такси"}
    answer = cast.librarian.client().post(url("account_line", trip.uid, line.uid), sent)
    assert (answer.status_code, len(errors_at(answer, "amount"))) == (422, 1)
    assert (answer.context["form"]["amount"].value(), answer.context["form"]["reason"].value()) == (typed, "Такси")


def test_arabic_digits_and_a_comma_are_a_sum(cast, trip):
    line = rows.spent(rows.account(trip), trip.lines.get())
    sent = {"amount": "١ ٠٠٠,٥٠", "currency": "USD", "on": trip.ends_on.isoformat(), "reason": "Чек жоқ"}
    assert cast.librarian.client().post(url("account_line", trip.uid, line.uid), sent).status_code == 302
    line.refresh_from_db()
    assert line.amount == 100_050


def test_a_hostile_receipt_keeps_what_was_typed(cast, trip):
    line = rows.spent(rows.account(trip), trip.lines.get())
    sent = {"amount": "7,50", "currency": "USD", "on": trip.ends_on.isoformat()}
    sent["receipt"] = samples.sent("чек.png", b"<svg onload=alert(1)>")
    answer = cast.librarian.client().post(url("account_line", trip.uid, line.uid), sent)
    assert (answer.status_code, len(errors_at(answer, "receipt"))) == (422, 1)
    assert answer.context["form"]["amount"].value() == "7,50"


def test_what_nobody_foresaw_is_added_and_taken_out(cast, trip):
    rows.account(trip)
    client = cast.stranger.client()
    sent = {"kind": "other", "what": "Такси", "like": trip.lines.get().uid, "amount": "5000", "currency": "KZT"}
    sent |= {"on": trip.ends_on.isoformat()}
    answer = client.post(url("new_account_line", trip.uid), sent)
    assert (answer.status_code, len(errors_at(answer, "reason"))) == (422, 1)
    assert client.post(url("new_account_line", trip.uid), {**sent, "reason": "Түн"}).status_code == 302
    line = AdvanceLine.objects.get(estimate=None)
    assert (line.tenge, line.payer) == (500_000, "network")
    assert client.post(url("drop_account_line", trip.uid, line.uid)).status_code == 302
    assert AdvanceLine.objects.filter(estimate=None).count() == 0


def test_words_of_two_travellers_are_both_kept(cast, trip):
    first, second = cast.librarian.client(), cast.stranger.client()
    address = url("write_report", trip.uid)
    words = {"language": "kk", "title": "Оқу", "learned": "Бірінші", "ideas": "Үйірме", "seen": ""}
    assert first.post(address, words).status_code == 302
    answer = second.post(address, {**words, "learned": "Екінші"})
    assert answer.status_code == 409
    text = answer.text
    assert "Бірінші" in text
    assert "Екінші" in text
    seen = answer.context["form"]["seen"].value()
    assert second.post(address, {**words, "learned": "Бірінші, екінші", "seen": seen}).status_code == 302
    assert WrittenReport.objects.get().learned == "Бірінші, екінші"


def test_colleagues_find_and_read_an_open_report(cast, trip):
    report = rows.written(trip, cast.librarian)
    colleague = cast.colleague.client()
    assert colleague.get(url("written", trip.uid)).status_code == 404
    assert cast.librarian.client().post(url("publish_report", trip.uid)).status_code == 302
    assert report.title in colleague.get(url("written_reports"), {"q": "ҮЙІРМЕ"}).text
    assert report.title not in colleague.get(url("written_reports"), {"q": "балет"}).text
    page = colleague.get(url("written", trip.uid))
    assert (page.status_code, "Оқушылар кітапты" in page.text) == (200, True)
    assert f'"{url("trip", trip.uid)}"' not in page.text


@pytest.mark.parametrize("count", [1, 30])
def test_lists_send_as_many_statements_for_thirty_as_for_one(cast, trip, count, django_assert_num_queries):
    Trip.objects.all().update(state="cancelled")
    today = timezone.localdate()
    for number in range(count):
        made = rows.approved(
            cast.colleague, starts_on=today - timedelta(40 + number), ends_on=today - timedelta(30 + number)
        )
        rows.spent(rows.account(made, state="submitted", version=1), amount=0, tenge=0)
        owing = rows.approved(cast.colleague, starts_on=made.starts_on, ends_on=made.ends_on)
        rows.written(owing, cast.colleague, state="published", published_at=timezone.now())
    finance = cast.finance.client()
    finance.get(url("reports_due"))
    with django_assert_num_queries(16):
        assert finance.get(url("reports_due")).text.count("Лонг-Бич") == 3 * count
    with django_assert_num_queries(8):
        finance.get(url("written_reports"))


def test_the_page_of_a_trip_leads_to_what_the_reader_may_open(cast, trip):
    rows.document(trip, cast.librarian)

    def said(who) -> tuple[object, ...]:
        facts = on_trip(trip, who.actor)
        return tuple(facts[name] for name in ("papers", "owed", "late", "travels", "may_see_account", "may_read"))

    late = timezone.localdate() > coming_back_queries.due_on(trip)
    assert said(cast.librarian) == (1, True, late, True, True, False)
    assert said(cast.finance) == (1, True, late, False, True, False)
    assert said(cast.director) == (1, True, late, False, False, False)
    rows.account(trip, state="submitted", version=1)
    rows.written(trip, cast.librarian, state="published", published_at=timezone.now())
    assert said(cast.director) == (1, False, False, False, False, True)
    Trip.objects.filter(pk=trip.pk).update(starts_on=timezone.localdate() + timedelta(1), ends_on="2099-01-01")
    trip.refresh_from_db()
    assert on_trip(trip, cast.librarian.actor) == {"trip": trip, "papers": 1, "begun": False}
