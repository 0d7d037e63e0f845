"""The page of scanning and where it sends to: what a phone sends is read strictly and answered clearly."""

import json

import pytest
from django.test import Client

from courses.forms import scans as reader
from courses.models import Attendance, Scan
from courses.scanning import MOST_SCANS
from courses.views.teaching_common import stamp
from tests import make
from tests.courses import guests, rows

pytestmark = pytest.mark.django_db
NOW_MS = 1_790_000_000_000


@pytest.fixture
def run(cast):
    return guests.on_now(cast.trainer.person, capacity=600)


@pytest.fixture
def person(cast, run):
    return rows.seats(run, [cast.librarian.person], school=cast.school)[0]


def url(run, part=""):
    return f"/kk/teaching/{run.uid}/attendance/1/scan/{part}"


def nonce(number):
    return f"{number:032x}"


def message(run, *codes, **change):
    one = [{"nonce": nonce(n), "code": code, "at": NOW_MS, **change} for n, code in enumerate(codes, start=1)]
    return {"starts": stamp(run.meetings.get()), "scans": one}


def send(client, run, body):
    body = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post(url(run, "send/"), body, content_type="application/json")


def test_scans_are_taken_in_and_answered_by_nonce(cast, run, person):
    client = cast.trainer.client()
    for _ in range(2):
        answer = send(client, run, message(run, person.uid, "abcdefgh23"))
        assert answer.status_code == 200
        assert answer.json() == {"outcomes": {nonce(1): "marked", nonce(2): "unknown"}, "present": [person.uid]}
    assert Attendance.objects.count() == 1
    assert Scan.objects.count() == 2


def test_nothing_to_send_asks_who_is_there(cast, run, person):
    rows.attend([person])
    assert send(cast.trainer.client(), run, message(run)).json() == {"outcomes": {}, "present": [person.uid]}


RUBBISH = [
    b"",
    b"{",
    b"\xff\xfe",
    b"[]",
    b"null",
    b'"scans"',
    b'{"scans": 5, "starts": ""}',
    b'{"scans": [5], "starts": ""}',
    b'{"scans": [], "starts": 7}',
    b"[" * 50_000,
]


@pytest.mark.parametrize("body", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_is_refused_with_a_sentence(cast, run, person, body):
    answer = send(cast.trainer.client(), run, body)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert Scan.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "x"},
        {"nonce": 5},
        {"nonce": nonce(1) + "0"},
        {"nonce": "A" * 32},
        {"code": None},
        {"code": ["a"]},
        {"at": "soon"},
        {"at": 1.5},
        {"at": True},
        {"at": -1},
        {"at": 10**30},
        {"at": None},
    ],
    ids=str,
)
def test_each_part_of_a_scan_is_checked(cast, run, person, change):
    assert send(cast.trainer.client(), run, message(run, person.uid, **change)).status_code == 422
    assert Scan.objects.count() == 0


@pytest.mark.parametrize("code", ["", "x" * 3000, "ұ", "\x00", "https://example.com/", "<script>"])
def test_whatever_a_square_holds_is_an_unknown_code(cast, run, person, code):
    answer = send(cast.trainer.client(), run, message(run, code))
    assert answer.json()["outcomes"] == {nonce(1): "unknown"}


def test_ten_thousand_scans_are_too_many(cast, run):
    answer = send(cast.trainer.client(), run, message(run, *["abcdefgh23"] * 10_000))
    assert answer.status_code in (400, 422)
    answer = send(cast.trainer.client(), run, message(run, *["abcdefgh23"] * (MOST_SCANS + 1)))
    assert answer.status_code == 422
    assert Scan.objects.count() == 0


def test_a_full_message_is_let_through():
    body = {"starts": "2026-04-06T04:00:00+00:00", "scans": []}
    body["scans"] = [{"nonce": nonce(n), "code": "abcdefgh23", "at": NOW_MS} for n in range(MOST_SCANS)]
    assert len(reader.read(json.dumps(body).encode())[1]) == MOST_SCANS


def test_a_meeting_that_was_moved_meanwhile_takes_nothing(cast, run, person):
    body = message(run, person.uid) | {"starts": "2020-01-01T00:00:00+00:00"}
    answer = send(cast.trainer.client(), run, body)
    assert (answer.status_code, Scan.objects.count()) == (409, 0)


def test_others_get_neither_names_nor_marks(cast, client, run, person):
    for browser, status in ((client, 302), (cast.librarian.client(), 404), (cast.director.client(), 404)):
        assert browser.get(url(run)).status_code == status
        assert send(browser, run, message(run, person.uid)).status_code == status
    assert Scan.objects.count() == 0


def test_a_message_without_the_token_of_the_page_is_refused(cast, run, person):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.trainer.user)
    assert send(strict, run, message(run, person.uid)).status_code == 403


def test_the_page_lists_people_with_their_marks(cast, run, person):
    page = cast.trainer.client().get(url(run))
    assert f'data-code="{person.uid}" data-mark=""' in page.text
    assert "no-store" in page["Cache-Control"]
    rows.attend([person])
    assert f'data-code="{person.uid}" data-mark="present"' in cast.trainer.client().get(url(run)).text


def test_without_a_script_it_is_the_ordinary_list(cast, run, person):
    page = cast.trainer.client().get(url(run)).text
    assert f'<noscript><meta http-equiv="refresh" content="0; url=/kk/teaching/{run.uid}/attendance/1/">' in page


def test_the_worker_stands_at_the_root(client):
    answer = client.get("/scan-worker.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Service-Worker-Allowed"] == "/"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.slow
@pytest.mark.parametrize("part", ["scan/", ""])
def test_the_lists_send_the_same_statements_for_one_and_for_five_hundred(cast, run, part, django_assert_num_queries):
    client, school = cast.trainer.client(), make.school()
    for many in (1, 29, 470):
        rows.seats(run, make.librarians(school, many), school=school)
        with django_assert_num_queries(10):
            assert client.get(f"/kk/teaching/{run.uid}/attendance/1/{part}").status_code == 200
