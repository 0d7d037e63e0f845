"""When people are reminded: in the day of the event, while readers are awake, once."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from icalendar import Calendar

from courses import reminder_settings
from courses.models import Enrolment, Meeting, Run
from courses.states import EnrolmentState as S
from courses.states import ReminderKind as K
from schools import delivery
from schools.models import Mail, Person
from schools.states import Language
from tests import make
from tests.courses.reminding import LIBRARIAN, START, at, plain_text, reminded, rule, run_of, seated, tick

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_a_mail_server(settings):
    settings.EMAIL_BACKEND = delivery.SMTP_BACKEND


def test_three_days_before_one_letter_and_no_second(cast):
    rule(K.BEFORE_START, 3)
    seated(cast.librarian, run_of())
    assert [tick(at(day)) for day in (2, 3, 4)] == [0, 0, 0]
    assert [tick(at(5, 7, 59)), tick(at(5, 8)), tick(at(5, 8, 1)), tick(at(6)), tick(at(7))] == [0, 1, 0, 0, 0]
    assert reminded() == [LIBRARIAN]


def test_a_letter_has_text_html_and_calendar_in_its_readers_language(cast):
    rule(K.DAY_BEFORE, 1)
    Person.objects.filter(pk=cast.librarian.person.pk).update(language=Language.RU)
    run = run_of(place_ru="Зал № 2", join_link="https://meet.example.kz/a", contact=cast.hq.person)
    row = seated(cast.librarian, run)
    assert tick(at(7)) == 1
    mail = Mail.objects.get(kind="reminder")
    mime = message_from_bytes(bytes(mail.message), policy=policy.default)
    text, html, calendar = (part.get_content() for part in mime.iter_parts())
    assert (mail.subject_id, mail.not_after) == (row.pk, START)
    for words in (
        "8 декабря 2026 г., 09:00",
        "Зал № 2",
        "https://meet.example.kz/a",
        "hq@example.kz",
        run.course.title_ru,
    ):
        assert words in text
        assert words in html
    for path in (f"/ru/applications/{row.uid}/", "/ru/profile/reminders/"):
        assert f"http://testserver{path}" in text
        assert f'"http://testserver{path}"' in html
    events = Calendar.from_ical(calendar).walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [START, START + timedelta(days=1)]
    assert {str(event["attendee"]) for event in events} == {f"mailto:{cast.librarian.person.email}"}


@pytest.mark.parametrize("state", [state for state in S if state != S.CONFIRMED])
def test_only_those_with_a_place_hear_of_the_start(cast, state):
    rule(K.BEFORE_START, 3)
    row = seated(cast.librarian, run_of())
    pending = {"step": 1, "decider": "hq", "step_due": date(2026, 12, 30)} if state == S.PENDING else {}
    offer = {"offer_until": at(5)} if state == S.OFFERED else {}
    Enrolment.objects.filter(pk=row.pk).update(state=state, **pending, **offer)
    assert tick(at(5)) == 0


@pytest.mark.parametrize("state", ["draft", "cancelled", "closed"])
def test_a_run_that_is_not_to_come_reminds_nobody(cast, state):
    rule(K.BEFORE_START, 3)
    run = run_of()
    seated(cast.librarian, run)
    Run.objects.filter(pk=run.pk).update(state=state)
    assert tick(at(5)) == 0


def test_readers_sleep_at_night_and_nothing_is_lost_over_it(cast):
    rule(K.DAY_BEFORE, 1)
    seated(cast.librarian, run_of())
    assert [tick(at(7, 7, 59)), tick(at(7, 21)), tick(at(8, 3))] == [0, 0, 0]
    assert tick(at(8, 8)) == 1, "late, but the course has not begun"


def test_where_letters_stay_in_the_portal_nobody_is_woken(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    rule(K.DAY_BEFORE, 1)
    seated(cast.librarian, run_of())
    assert [tick(at(7, 7, 59)), tick(at(7, 23))] == [0, 1]


def test_after_the_course_began_nobody_is_told_that_it_will(cast):
    rule(K.DAY_BEFORE, 1)
    seated(cast.librarian, run_of())
    assert tick(at(8, 9)) == 0


def test_an_outage_of_a_day_delays_a_reminder_and_one_of_two_days_ends_it(cast):
    rule(K.BEFORE_START, 3)
    seated(cast.librarian, run_of())
    assert [tick(at(7, 8)), tick(at(6, 19, 59))] == [0, 1]


@pytest.mark.parametrize(
    ("zone", "opens"),
    [
        ("Asia/Tokyo", at(7, 8)),  # eight there is four here: readers sleep
        ("Europe/Paris", at(7, 8, zone="Europe/Paris")),
        ("America/New_York", at(7, 8, zone="America/New_York")),  # six in the evening here
        ("America/Los_Angeles", at(8, 8)),  # eight there is nine in the evening here
        ("Pacific/Kiritimati", at(7, 8)),
    ],
)
def test_a_course_elsewhere_counts_its_own_days(cast, zone, opens):
    rule(K.DAY_BEFORE, 1)
    start = at(8, 18, zone=zone)
    row = seated(cast.librarian, run_of(start=None, zone=zone, starts_on=start.date(), ends_on=start.date()))
    Meeting.objects.create(run=row.run, starts_at=start, ends_at=start + timedelta(hours=2), day=start.date(), hours=2)
    assert [tick(opens - timedelta(minutes=1)), tick(opens)] == [0, 1]


def test_a_letter_about_a_course_elsewhere_gives_both_clocks(cast):
    rule(K.DAY_BEFORE, 1)
    run = run_of(start=datetime(2026, 12, 8, 8, 0, tzinfo=UTC), zone="Europe/Paris")
    seated(cast.librarian, run)
    tick(at(7, 15))
    plain = plain_text(Mail.objects.get(kind="reminder"))
    assert "2026 жылғы 8 желтоқсан, 09:00 (Europe/Paris)" in plain
    assert "2026 жылғы 8 желтоқсан, 13:00\n" in plain


def test_new_year_is_no_border(cast):
    rule(K.DAY_BEFORE, 1)
    rule(K.BEFORE_START, 3)
    seated(cast.librarian, run_of(start=datetime(2027, 1, 1, 4, 0, tzinfo=UTC)))
    assert [tick(at(29)), tick(at(30)), tick(at(31)), tick(at(1, 8, month=1, year=2027))] == [1, 0, 1, 0]


def test_the_day_on_which_clocks_go_forward_is_a_day_before(cast):
    rule(K.DAY_BEFORE, 1)
    zone = "Europe/Paris"  # clocks there go forward in the night to Sunday 29 March 2026
    seated(cast.librarian, run_of(start=at(30, 9, month=3, zone=zone), zone=zone), on=at(1, month=2))
    opens = datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
    assert [tick(opens - timedelta(minutes=1)), tick(opens)] == [0, 1]


def test_the_hour_that_came_twice_in_almaty(cast):
    """On 29 February 2024 the hour from 23:00 came twice, since the country went from +06 to +05."""
    rule(K.DAY_BEFORE, 1)
    seated(cast.librarian, run_of(start=at(1, 9, month=3, year=2024)), on=at(1, month=2, year=2024))
    assert [tick(at(29, 7, 59, month=2, year=2024)), tick(at(29, 8, month=2, year=2024))] == [0, 1]
    assert tick(at(1, 8, month=3, year=2024)) == 0


def test_a_run_without_meetings_reminds_of_its_day(cast):
    rule(K.BEFORE_START, 2)
    row = seated(cast.librarian, run_of(start=None, starts_on=START.date(), ends_on=START.date()))
    assert tick(at(6)) == 1
    assert Mail.objects.get(kind="reminder").subject_id == row.pk


def test_a_fresh_place_has_its_own_letter_first(cast):
    rule(K.DAY_BEFORE, 1)
    row = seated(cast.librarian, run_of(), on=at(7, 10))
    row.moves.update(told_at=None)
    assert [tick(at(7, 10, 59)), tick(at(7, 11))] == [0, 0]
    row.moves.update(told_at=at(7, 11))
    assert tick(at(7, 11)) == 1


def test_hundreds_are_written_in_chunks_with_few_queries(cast, django_assert_max_num_queries):
    rule(K.BEFORE_START, 3)
    run = run_of(capacity=500)
    people = make.librarians(cast.school, 250)
    Enrolment.objects.bulk_create(
        Enrolment(run=run, person=person, state=S.CONFIRMED, number=number, changed_at=at(1, month=11))
        for number, person in enumerate(people, start=1)
    )
    with django_assert_max_num_queries(50):
        assert tick(at(5)) == 250
    with django_assert_max_num_queries(6):
        assert tick(at(5, 11)) == 0
    assert Mail.objects.values("address").distinct().count() == 250


def test_a_tick_without_anything_due_is_cheap(cast, django_assert_num_queries):
    reminder_settings.load()
    seated(cast.librarian, run_of())
    with django_assert_num_queries(0):
        assert tick(at(20, 3, month=11)) == 0
    # the rules, and one look for each of eight; decisions are looked up for two days
    with django_assert_num_queries(1 + 8 + 2):
        assert tick(at(20, month=11)) == 0
