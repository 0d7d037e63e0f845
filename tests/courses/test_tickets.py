"""Tickets of guests: shown on the guest's page, read by the trainer's phone, of no use to others."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from courses import attendance, guest_links, tickets
from courses.models import Attendance
from courses.states import EnrolmentState as S
from courses.views import checking_in
from schools.errors import Refused
from schools.models import AuditEntry
from tests import make
from tests.courses import guests

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast):
    return guests.on_now(cast.trainer.person)


@pytest.fixture
def signup(run):
    return guests.confirmed(run, 2, school=make.school(in_network=False, kind="general"))


@pytest.fixture
def row(signup):
    return guests.rows_of(signup)[0]


def wall(run):
    return f"/kk/check-in/{attendance.check_in_token(run.meetings.get())}/"


def link(signup, part=""):
    return f"/s/{guest_links.token(signup)}/{part}"


def standing():
    return list(Attendance.objects.order_by("enrolment__number").values_list("presence", "source", "marked_by"))


@pytest.mark.parametrize(
    "typed",
    ["{0}", " {1} ", "{1}/", "http://testserver/ticket/{0}/", "https://other.example/kk/ticket/{0}", "{2} {3}"],
)
def test_a_code_is_read_however_it_is_typed(typed):
    code = "abcdefgh23"
    assert tickets.code_of(typed.format(code, tickets.shown(code), code[:5].upper(), code[5:])) == code


@pytest.mark.parametrize("typed", ["", "abc", "abcdefghil", "abcdefgh234", "ә" * 10, "x" * 9000, "\x00"])
def test_what_is_no_code_is_none(typed):
    assert tickets.code_of(typed) == ""


def test_the_guest_page_has_a_ticket_for_each_confirmed_person(client, signup):
    first, second = guests.rows_of(signup)
    second.state = S.WITHDRAWN
    second.save(update_fields=["state"])
    page = client.get(link(signup)).text
    assert tickets.shown(first.uid) in page
    assert tickets.shown(second.uid) not in page
    assert page.count('class="ticket-square"') == 1
    assert "<svg" in page.split('class="ticket-square"')[1]


def test_who_has_no_place_yet_and_who_is_over_has_no_ticket(client, run):
    held = guests.sign_up(run)
    assert "ticket-square" not in client.get(link(held)).text
    sure = guests.confirmed(run)
    assert "ticket-square" in client.get(link(sure)).text
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert "ticket-square" not in client.get(link(sure)).text


def test_the_address_in_the_square_leads_to_the_page_of_the_readers_language(client, row):
    assert tickets.address(row.uid) == f"http://testserver/ticket/{row.uid}/"
    assert client.get(f"/ticket/{row.uid}/", headers={"accept-language": "ru"}).url == f"/ru/ticket/{row.uid}/"


def test_the_trainer_sees_the_person_and_marks_once(cast, run, row):
    client, url = cast.trainer.client(), f"/kk/ticket/{row.uid}/"
    assert row.person.full_name in client.get(url).text
    meeting = run.meetings.get()
    for _ in range(2):
        assert client.post(url, {"meeting": meeting.pk}).status_code == 302
    assert standing() == [("present", "scan", cast.trainer.person.pk)]
    assert AuditEntry.objects.filter(verb="attendance.mark").count() == 1
    assert 'name="meeting"' not in client.get(url).text


@pytest.mark.parametrize("who", ["librarian", "auditor", "visitor"])
def test_others_learn_nothing_and_mark_nothing(cast, client, run, row, who):
    browser = client if who == "visitor" else getattr(cast, who).client()
    shown = browser.get(f"/kk/ticket/{row.uid}/").text
    assert row.person.surname not in shown
    assert str(run.course) not in shown
    assert tickets.shown(row.uid) not in shown
    unknown = browser.get("/kk/ticket/abcdefgh23/")
    assert unknown.status_code == 200
    assert unknown.text.replace("abcdefgh23", row.uid).count("<p") == shown.count("<p")
    browser.post(f"/kk/ticket/{row.uid}/", {"meeting": run.meetings.get().pk})
    assert standing() == []


def test_the_ticket_marks_only_those_who_have_a_place_and_not_those_marked_absent(cast, run, signup):
    first, second = guests.rows_of(signup)
    meeting = run.meetings.get()
    first.state = S.WITHDRAWN
    first.save(update_fields=["state"])
    attendance.mark(meeting=meeting, marks={second.pk: "absent"}, actor=cast.trainer.actor)
    for row in (first, second):
        with pytest.raises(Refused):
            tickets.mark(enrolment=row, meeting=meeting, actor=cast.trainer.actor)
        assert cast.trainer.client().post(f"/kk/ticket/{row.uid}/", {"meeting": meeting.pk}).status_code == 422
    assert [presence for presence, *_ in standing()] == ["absent"]


def test_strangers_cannot_call_the_verb(cast, run, row):
    with pytest.raises(Refused):
        tickets.mark(enrolment=row, meeting=run.meetings.get(), actor=cast.librarian.actor)


def test_a_guest_types_the_code_on_the_page_of_the_wall(client, run, row):
    assert 'name="code"' in client.get(wall(run)).text
    for _ in range(2):
        answer = client.post(wall(run), {"code": tickets.shown(row.uid)}, follow=True)
        assert row.person.full_name in answer.text
    assert standing() == [("present", "check_in", None)]
    entry = AuditEntry.objects.get(verb="attendance.mark")
    assert (entry.actor_label, entry.person, entry.subject_id) == ("guest", row.person, row.pk)


def test_codes_of_others_are_answered_plainly(cast, client, run, signup):
    elsewhere = guests.rows_of(guests.confirmed(guests.on_now(cast.trainer.person)))[0]
    for code in ("abcdefgh23", elsewhere.uid, "", "x" * 5000, "<b>"):
        answer = client.post(wall(run), {"code": code})
        assert answer.status_code == 422
        assert "alert-danger" in answer.text
    assert standing() == []


def test_the_time_of_the_meeting_binds_guests_too(client, run, row):
    meeting = run.meetings.get()
    for at, status in (
        (meeting.ends_at + timedelta(minutes=31), 422),
        (meeting.starts_at - timedelta(minutes=31), 422),
    ):
        with time_machine.travel(at):
            assert 'name="code"' not in client.get(wall(run)).text
            assert client.post(wall(run), {"code": row.uid}).status_code == status
    assert standing() == []


def test_wrong_codes_are_limited_and_right_ones_never(client, run, row, monkeypatch):
    cache.clear()
    monkeypatch.setattr(checking_in, "MOST_WRONG", 3)
    with time_machine.travel(timezone.now(), tick=False):
        said = [client.post(wall(run), {"code": "abcdefgh23"}).status_code for _ in range(5)]
        assert said == [422, 422, 422, 429, 429]
        assert client.post(wall(run), {"code": row.uid}).status_code == 302, "the hall behind the same address gets in"


def test_we_are_here_by_the_letters_of_the_wall(client, run, signup):
    first, second = guests.rows_of(signup)
    letters = attendance.check_in_token(run.meetings.get())
    sent = {"code": letters.upper(), "who": [first.uid]}
    assert client.post(link(signup, "here/"), sent).status_code == 302
    assert standing() == [("present", "check_in", None)]
    both = {"code": f"http://testserver{wall(run)}", "who": [first.uid, second.uid]}
    assert client.post(link(signup, "here/"), both).status_code == 302
    assert [row[0] for row in standing()] == ["present", "present"]
    assert 'action="' + link(signup, "here/") not in client.get(link(signup)).text


def test_we_are_here_needs_the_right_wall_and_own_people(cast, client, run, signup):
    other = guests.on_now(cast.trainer.person)
    stranger = guests.rows_of(guests.confirmed(run))[0]
    mine = [row.uid for row in guests.rows_of(signup)]
    letters = attendance.check_in_token(run.meetings.get())
    for code, who in (
        (attendance.check_in_token(other.meetings.get()), mine),
        ("1-abcdefghjk", mine),
        ("", mine),
        (letters, []),
        (letters, [stranger.uid]),
    ):
        assert client.post(link(signup, "here/"), {"code": code, "who": who}).status_code == 422
    assert standing() == []


def test_the_page_of_the_day_sends_the_same_statements_for_one_and_thirty(client, run, django_assert_num_queries):
    one, many = guests.confirmed(run, 1), guests.confirmed(run, 30)
    for signup in (one, many):
        with django_assert_num_queries(7):
            client.get(link(signup))
