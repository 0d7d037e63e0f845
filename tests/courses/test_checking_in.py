"""The code on the wall: what it says, whom it lets mark the own presence, and that nobody can make one."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from courses import attendance
from courses.models import Attendance
from courses.states import EnrolmentState as S
from courses.states import Presence
from schools.models.base import ALPHABET
from tests.courses import rows

pytestmark = pytest.mark.django_db
START = datetime(2026, 4, 6, 4, 0, tzinfo=UTC)


@pytest.fixture
def meeting(cast):
    run = rows.past_run(cast.trainer.person, start=START)
    rows.seats(run, [cast.librarian.person], school=cast.school)
    return run.meetings.first()


def url(meeting):
    return f"/kk/check-in/{attendance.check_in_token(meeting)}/"


def page(member, meeting, *, at):
    with time_machine.travel(at):
        return member.client().get(url(meeting)).text


def mark(member, meeting, *, at):
    with time_machine.travel(at):
        return member.client().post(url(meeting))


def test_a_participant_sees_what_will_be_marked_and_marks_it_once(cast, meeting):
    assert "Мен осындамын" in page(cast.librarian, meeting, at=START)
    assert not Attendance.objects.exists(), "to look is not to mark"
    for _ in range(2):
        assert mark(cast.librarian, meeting, at=START).url == url(meeting)
    row = Attendance.objects.get()
    assert (row.presence, row.source, row.marked_by) == ("present", "check_in", cast.librarian.person)
    assert "09:00" in page(cast.librarian, meeting, at=START + timedelta(days=3))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-31, "Әлі ерте"), (-29, "Мен осындамын"), (7 * 60 + 29, "Мен осындамын"), (7 * 60 + 31, "аяқталды")],
)
def test_the_door_is_open_half_an_hour_longer_than_the_meeting(cast, meeting, minutes, words):
    at = START + timedelta(minutes=minutes)
    assert words in page(cast.librarian, meeting, at=at)
    assert mark(cast.librarian, meeting, at=at).status_code == (302 if "осындамын" in words else 422)


def test_who_has_no_seat_is_told_so(cast, meeting):
    assert "расталған орныңыз жоқ" in page(cast.stranger, meeting, at=START)
    answer = mark(cast.stranger, meeting, at=START)
    assert answer.status_code == 422
    assert not Attendance.objects.exists()


def test_a_mark_of_the_trainer_stands(cast, meeting):
    Attendance.objects.create(
        meeting=meeting, enrolment=meeting.run.enrolments.get(), presence=Presence.ABSENT, source="trainer"
    )
    assert "қатыспады деп белгілеген" in page(cast.librarian, meeting, at=START)
    assert mark(cast.librarian, meeting, at=START).status_code == 422
    assert Attendance.objects.get().presence == "absent"


def test_a_decided_result_is_not_marked_any_more(cast, meeting):
    meeting.run.enrolments.update(state=S.COMPLETED)
    assert "Мен осындамын" not in page(cast.librarian, meeting, at=START)
    assert mark(cast.librarian, meeting, at=START).status_code == 422


def test_a_visitor_signs_in_first_and_comes_back(client, meeting):
    assert f'href="/kk/account/login/?next={url(meeting)}"' in client.get(url(meeting)).text
    assert client.post(url(meeting)).status_code == 422
    assert not Attendance.objects.exists()


def test_codes_are_read_in_capitals_too(meeting):
    assert attendance.meeting_of(attendance.check_in_token(meeting).upper()) == meeting


def forged(meeting):
    """Codes that somebody could make who has seen one: of another meeting, altered, cut, without a seal."""
    number, _, seal = attendance.check_in_token(meeting).partition("-")
    other = ALPHABET[(ALPHABET.index(number[-1]) + 1) % len(ALPHABET)]
    return [
        f"{number[:-1]}{other}-{seal}",
        f"{number}-{seal[:-1]}{ALPHABET[(ALPHABET.index(seal[-1]) + 1) % len(ALPHABET)]}",
        f"{number}-{seal[:-1]}",
        f"{number}-",
        number,
        f"-{seal}",
        f"{meeting.pk}-{seal}",
        f"a{number}-{seal}",
        "x" * 3000,
        "'; DROP TABLE courses_meeting; --",
    ]


def test_forged_codes_lead_nowhere(cast, meeting):
    assert [attendance.meeting_of(code) for code in forged(meeting)] == [None] * len(forged(meeting))
    client = cast.librarian.client()
    for code in forged(meeting)[:7]:
        assert client.get(f"/kk/check-in/{code}/").status_code == 404
        assert client.post(f"/kk/check-in/{code}/").status_code == 404


def test_the_seal_hangs_on_the_secret_key(meeting, settings):
    """The twin: with the key of another portal the same meeting has another code, and each is void at the other."""
    token = attendance.check_in_token(meeting)
    settings.SECRET_KEY = "another key that is long enough for the checks of the portal"
    assert attendance.meeting_of(token) is None
    assert attendance.check_in_token(meeting) != token


def test_the_wall_shows_a_square_and_the_address_in_the_language_of_the_run(cast, meeting):
    meeting.run.language = "ru"
    meeting.run.save(update_fields=["language"])
    shown = cast.trainer.client().get(f"/kk/teaching/{meeting.run.uid}/attendance/1/code/").text
    assert f'href="http://testserver/ru/check-in/{attendance.check_in_token(meeting)}/"' in shown
    assert "<svg" in shown.split('class="wall-square"')[1]
