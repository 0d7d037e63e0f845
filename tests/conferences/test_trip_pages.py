"""The pages of trips: a request written row by row, what bad input meets, decisions one by one and several at once."""

from datetime import date, timedelta
from io import BytesIO

import html5lib
import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from conferences import requesting, sending, trip_moves
from conferences import trip_contents as contents
from conferences.models import EstimateLine, StandIn, Traveller, Trip, TripApproval, TripMove
from tests import make
from tests.cast import Cast
from tests.conferences import asking
from tests.conferences.asking import MILLION, cost, ready, sent, word
from tests.conferences.trips import route, trip_of

pytestmark = pytest.mark.django_db
BASICS = {
    "purpose": "IASL конференциясында баяндама жасау",
    "city": "Лонг-Бич",
    "country": "US",
    "starts_on": "2027-08-02",
    "ends_on": "2027-08-09",
}


@pytest.fixture(autouse=True)
def _world(cast: Cast) -> None:
    route()
    asking.budgets(cast)


def rows_of(*rows: dict[str, object]) -> dict[str, object]:
    data: dict[str, object] = {"rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"rows-{number}-{name}": value for name, value in row.items()}
    return data


def url(name: str, trip: Trip) -> str:
    return reverse(f"conferences:trip_{name}" if name else "conferences:trip", args=[trip.uid])


def save(client, name: str, trip: Trip, data: dict[str, object]):
    trip.refresh_from_db()
    return client.post(url(name, trip), {**data, "seen": trip.changed_at.isoformat()})


def test_a_request_is_written_part_by_part_and_sent(cast: Cast) -> None:
    client = cast.librarian.client()
    assert client.post(reverse("conferences:trip_new"), BASICS).status_code == 302
    trip = Trip.objects.get()
    person = cast.librarian.person.uid
    who = {"person": person, "role": "speaker", "covered_by": "Әріптес"}
    assert save(client, "travellers", trip, rows_of(who)).status_code == 302
    there = {"origin": "Семей", "destination": "Лонг-Бич", "country": "US", "departs_on": "2027-08-02", "means": "air"}
    back = {"origin": "Лонг-Бич", "destination": "Семей", "country": "KZ", "departs_on": "2027-08-09", "means": "air"}
    assert save(client, "way", trip, rows_of(there, back)).status_code == 302
    line = {
        "kind": "travel",
        "what": "билет",
        "person": person,
        "amount": "1 000,50",
        "currency": "KZT",
        "payer": "network",
    }
    assert save(client, "estimate", trip, rows_of(line)).status_code == 302
    assert EstimateLine.objects.get().tenge == 1_000_50
    promise = {"person": person, "kind": "seminar", "what": "Оқу", "audience": "country", "due_on": "2027-12-01"}
    assert save(client, "promises", trip, rows_of(promise)).status_code == 302
    assert client.post(url("agree", trip), {"travel": "on", "abroad": "on"}).status_code == 302
    assert save(client, "submit", trip, {}).status_code == 302
    trip.refresh_from_db()
    assert (trip.state, trip.version, trip.total) == ("submitted", 1, 1_000_50)
    assert "Семей ФМБ НЗМ" in client.get(url("", trip)).text


def test_a_request_that_lacks_something_is_not_sent_and_says_what(cast: Cast) -> None:
    trip = requesting.start(basics=asking.BASICS, actor=cast.librarian.actor)
    answer = save(cast.librarian.client(), "submit", trip, {})
    assert answer.status_code == 422
    assert answer.text.count('<li class="missing-') == 5
    assert not TripMove.objects.filter(verb="submit").exists()


@pytest.mark.parametrize("amount", ["-1", "0", "0.001", "1e9", "NaN", "∞", "", "мың", "1,2,3", "9" * 39, "1 00 0", "٫"])
def test_bad_money_meets_a_message_at_its_field_and_the_rest_is_kept(cast: Cast, amount: str) -> None:
    trip = ready(cast.librarian)
    good = {"kind": "housing", "what": "қонақүй", "amount": "500", "currency": "KZT", "payer": "network"}
    bad = {**good, "what": "билет", "amount": amount}
    answer = save(cast.librarian.client(), "estimate", trip, rows_of(good, bad))
    assert answer.status_code == 422
    assert "id_rows-1-amount_error" in answer.text or "error_1_id_rows-1-amount" in answer.text
    assert "қонақүй" in answer.text
    assert "билет" in answer.text
    assert trip.lines.get().amount == MILLION


@pytest.mark.parametrize(
    ("amount", "tiyn"), [("1 000,50", 100050), ("١٠٠٠", 100000), ("1\u00a0000.5", 100050), ("7", 700)]
)
def test_money_is_read_as_people_write_it(cast: Cast, amount: str, tiyn: int) -> None:
    trip = ready(cast.librarian)
    line = {"kind": "travel", "amount": amount, "currency": "KZT", "payer": "network"}
    assert save(cast.librarian.client(), "estimate", trip, rows_of(line)).status_code == 302
    assert trip.lines.get().tenge == tiyn


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ends_on", "2027-08-01"),
        ("starts_on", "2027-02-31"),
        ("country", "XX"),
        ("city", ""),
        ("starts_on", "9999-01-01"),
    ],
)
def test_bad_basics_come_back_filled(cast: Cast, field: str, value: str) -> None:
    answer = cast.librarian.client().post(reverse("conferences:trip_new"), {**BASICS, field: value})
    assert answer.status_code == 422
    assert "баяндама жасау" in answer.text
    assert not Trip.objects.exists()


def test_legs_out_of_order_are_refused_at_the_field(cast: Cast) -> None:
    trip = ready(cast.librarian)
    leg = {"origin": "А", "destination": "Б", "country": "US", "departs_on": "2027-08-05", "means": "air"}
    answer = save(cast.librarian.client(), "way", trip, rows_of({**leg, "arrives_on": "2027-08-04"}))
    assert answer.status_code == 422
    assert trip.legs.count() == 2


def test_a_row_more_is_added_without_a_script_and_nothing_judged(cast: Cast) -> None:
    trip = ready(cast.librarian)
    data = {**rows_of({"origin": "Семей"}), "add": "rows"}
    answer = cast.librarian.client().post(url("way", trip), data)
    assert answer.status_code == 200
    assert 'name="rows-1-origin"' in answer.text
    assert 'value="Семей"' in answer.text
    assert "invalid-feedback" not in answer.text


@pytest.mark.parametrize("part", ["travellers", "way", "estimate", "promises"])
def test_a_part_is_saved_as_the_page_shows_it_with_its_empty_row(cast: Cast, part: str) -> None:
    """What a browser sends back when nothing is typed changes nothing and is no error."""
    trip = ready(cast.librarian)
    before = contents.of(trip_moves.loaded(Trip.objects.filter(pk=trip.pk)).get())
    client = cast.librarian.client()
    data = as_sent(client.get(url(part, trip)).text)
    assert data["rows-TOTAL_FORMS"] == str(int(data["rows-INITIAL_FORMS"]) + 1)
    assert client.post(url(part, trip), data).status_code == 302
    assert contents.of(trip_moves.loaded(Trip.objects.filter(pk=trip.pk)).get()) == before


def as_sent(html: str) -> dict[str, str]:
    """The fields of the page's last form as a browser would send them, untouched."""
    tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    form = next(form for form in tree.iter("form") if form.find(".//input[@name='rows-TOTAL_FORMS']") is not None)
    data = {
        field.get("name"): field.get("value", "")
        for field in form.iter("input")
        if field.get("name") and field.get("type") != "checkbox"
    }
    for field in form.iter("select"):
        options = list(field.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        data[field.get("name")] = chosen[0].get("value", "")
    return data


def test_who_saves_second_is_told_and_keeps_what_was_typed(cast: Cast) -> None:
    trip = ready(cast.librarian)
    stale = (trip.changed_at - timedelta(seconds=5)).isoformat()
    line = {"kind": "travel", "what": "жаңа билет", "amount": "500", "currency": "KZT", "payer": "network"}
    answer = cast.librarian.client().post(url("estimate", trip), {**rows_of(line), "seen": stale})
    assert answer.status_code == 409
    assert "жаңа билет" in answer.text
    assert trip.lines.get().amount == MILLION


def test_an_edit_in_between_is_answered_with_the_difference(cast: Cast) -> None:
    trip = sent(cast.librarian)
    trip = sending.take_back(trip=trip, actor=cast.librarian.actor)
    trip = requesting.set_estimate(
        trip=trip, costs=[cost(2 * MILLION)], actor=cast.librarian.actor, seen=trip.changed_at
    )
    trip = sending.submit(trip=trip, actor=cast.librarian.actor, seen=trip.changed_at)
    where = reverse("conferences:trip_decide", args=[word(trip).uid])
    client = cast.director.client()
    answer = client.post(where, {"verdict": "approve", "version": 1, "note": "жақсы"})
    assert answer.status_code == 409
    assert "<del>1\u00a0000\u00a0000" in answer.text
    assert "<ins>2\u00a0000\u00a0000" in answer.text
    assert "жақсы" in answer.text
    assert TripApproval.objects.get(state="open").decided_by is None
    assert client.post(where, {"verdict": "approve", "version": 2}).status_code == 302


def test_a_second_approver_is_told_who_decided(cast: Cast) -> None:
    trip = sent(cast.librarian)
    where = reverse("conferences:trip_decide", args=[word(trip).uid])
    assert cast.director.client().post(where, {"verdict": "approve", "version": 1}).status_code == 302
    answer = cast.deputy.client().post(where, {"verdict": "approve", "version": 1})
    assert answer.status_code == 409
    assert cast.director.person.short_name in answer.text
    assert TripMove.objects.filter(verb="approve").count() == 1


def test_no_needs_a_word_at_its_field(cast: Cast) -> None:
    trip = sent(cast.librarian)
    where = reverse("conferences:trip_decide", args=[word(trip).uid])
    answer = cast.director.client().post(where, {"verdict": "decline", "version": 1, "note": " "})
    assert answer.status_code == 422
    assert word(trip).state == "open"


def test_several_at_once_and_never_an_own_one(cast: Cast) -> None:
    one, two = sent(cast.librarian), sent(cast.colleague)
    own = sent(cast.director)
    chosen = [f"{word(trip).uid}:{trip.version}" for trip in (one, two, own)]
    cast.director.client().post(reverse("conferences:trip_approve_several"), {"chosen": [*chosen, "x:1", "y"]})
    assert [asking.words(trip)[0].role for trip in (one, two)] == ["hq", "hq"]
    assert [row.state for row in TripApproval.objects.filter(trip=own)] == ["open"]


def test_several_at_once_leave_what_has_changed_since(cast: Cast) -> None:
    trip = sent(cast.librarian)
    data = {"chosen": [f"{word(trip).uid}:7"]}
    cast.director.client().post(reverse("conferences:trip_approve_several"), data)
    assert word(trip).role == "director"


@pytest.mark.parametrize(("language", "title"), [("kk", "Бұйрық"), ("ru", "Приказ")])
def test_the_order_names_people_sums_and_who_agreed(cast: Cast, language: str, title: str) -> None:
    trip = sent(cast.librarian, cast.stranger)
    for member in (cast.director, cast.other_director, cast.hq, cast.finance):
        row = next(
            row
            for row in asking.words(trip)
            if row.role in {role for role, _school in member.actor.grants}
            and row.school_id in {None, *member.actor.schools_led()}
        )
        where = reverse("conferences:trip_decide", args=[row.uid])
        assert member.client().post(where, {"verdict": "approve", "version": 1}).status_code == 302
    answer = cast.stranger.client().get(reverse("conferences:trip_order", args=[trip.uid, language]))
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    for words in (title, cast.librarian.person.surname, cast.stranger.person.surname, cast.finance.person.surname):
        assert words in text
    assert "1 000 000" in text.replace("\u00a0", " ")


@pytest.mark.parametrize("count", [1, 30])
def test_lists_ask_as_often_for_thirty_rows_as_for_one(cast: Cast, count: int, django_assert_num_queries) -> None:
    asked = route()
    for number in range(count):
        day = date(2027, 1, 1) + timedelta(days=number)
        trip = trip_of(
            cast.librarian, cast.stranger, starts_on=day, ends_on=day, state="submitted", version=1, route=asked
        )
        TripApproval.objects.create(
            trip=trip, step=asked.steps.get(role="hq"), order=2, role="hq", version=1, due_on=day
        )
    client = cast.hq.client()
    client.get(reverse("conferences:trips"))
    with django_assert_num_queries(10):
        client.get(reverse("conferences:trips"))
    with django_assert_num_queries(12):
        client.get(reverse("conferences:trip_decisions"))


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_with_many_lines_asks_no_more(cast: Cast, count: int, django_assert_num_queries) -> None:
    trip = ready(cast.librarian)
    person = cast.librarian.person
    requesting.set_estimate(
        trip=trip, costs=[cost(5, person=person)] * count, actor=cast.librarian.actor, seen=trip.changed_at
    )
    client = cast.librarian.client()
    client.get(url("", trip))
    with django_assert_num_queries(28):
        client.get(url("", trip))


def test_others_find_no_draft(cast: Cast) -> None:
    trip = ready(cast.librarian)
    for name in ("colleague", "director", "hq", "finance", "auditor"):
        assert getattr(cast, name).client().get(url("", trip)).status_code == 404
    assert cast.librarian.client().get(url("", trip)).status_code == 200


@pytest.mark.parametrize("schools", [1, 12])
def test_a_large_delegation_asks_no_more(cast: Cast, schools: int, django_assert_num_queries) -> None:
    trip = trip_of(cast.librarian, state="submitted", version=1, route=route())
    for number in range(schools):
        person = make.person(surname=f"Жолаушы{number}")
        Traveller.objects.create(trip=trip, person=person, school=make.school(f"s{number}"), role="listener")
    client = cast.hq.client()
    client.get(url("", trip))
    with django_assert_num_queries(22):
        client.get(url("", trip))


def test_a_stand_in_opens_what_is_to_be_decided(cast: Cast) -> None:
    trip, today = sent(cast.librarian), timezone.localdate()
    where = reverse("conferences:trip_decide", args=[word(trip).uid])
    assert cast.director.client().post(where, {"verdict": "approve", "version": 1}).status_code == 302
    assert cast.trainer.client().get(url("", trip)).status_code == 404
    StandIn.objects.create(
        holder=cast.hq.person, deputy=cast.trainer.person, valid_from=today, valid_to=today, named_by=cast.hq.person
    )
    client = cast.trainer.client()
    assert client.get(url("", trip)).status_code == 200
    where = reverse("conferences:trip_decide", args=[word(trip).uid])
    assert client.post(where, {"verdict": "return", "version": 1, "note": "Нақтылаңыз"}).status_code == 302
    assert client.get(url("", trip)).status_code == 404


def test_colleagues_of_another_school_are_not_listed_for_naming_one(cast: Cast) -> None:
    trip = ready(cast.librarian, cast.stranger)
    text = cast.librarian.client().get(url("travellers", trip)).text
    assert cast.colleague.person.full_name in text
    assert cast.stranger.person.full_name in text
    assert cast.other_director.person.full_name not in text


def test_who_takes_the_own_name_out_is_led_to_the_list(cast: Cast) -> None:
    trip = ready(cast.librarian, cast.stranger)
    who = {"person": cast.librarian.person.uid, "role": "speaker", "covered_by": "Әріптес"}
    answer = save(cast.stranger.client(), "travellers", trip, rows_of(who))
    assert answer.headers["Location"] == reverse("conferences:trips")
    assert trip.travellers.get().person == cast.librarian.person
