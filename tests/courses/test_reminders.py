"""Who is reminded of what, and when: one letter for each occasion, in the reader's day and language."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
import time_machine
from icalendar import Calendar

from courses import deciding, due, enrolling, letters, moving, notices, plans, reminder_settings, reminders, running
from courses.models import Enrolment, Meeting, ReminderRule, Run, RunNotice
from courses.states import EnrolmentState as S
from courses.states import ReminderKind as K
from schools.models import Mail, Person
from schools.states import Language, MailState
from tests import make
from tests.courses import rows

pytestmark = pytest.mark.django_db
ALMATY = "Asia/Almaty"
START = datetime(2026, 12, 8, 4, 0, tzinfo=UTC)
"""Tuesday, nine o'clock in Almaty."""


def at(day: int, hour: int = 10, minute: int = 0, *, month: int = 12, year: int = 2026, zone: str = ALMATY) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))


def rule(kind: str, days: int) -> ReminderRule:
    return ReminderRule.objects.create(kind=kind, days=days)


def seated(member, run, *, on: datetime = at(1, month=11)) -> Enrolment:
    """A confirmed place, given on that day and told."""
    with time_machine.travel(on):
        row = enrolling.enrol(person=member.person, run=run, actor=member.actor)
        letters.tell_untold()
    return row


def tick(moment: datetime) -> int:
    with time_machine.travel(moment):
        return reminders.send_due()[0]


def run_of(**fields) -> Run:
    return rows.run(**{"start": START, "opens_at": None, "capacity": 9, **fields})


def reminded() -> list[tuple[str, str]]:
    """(kind, address) of every letter that is not taken back."""
    kept = Mail.objects.exclude(state=MailState.SUPERSEDED).filter(kind__startswith="reminder")
    return list(kept.order_by("id").values_list("kind", "address"))


LIBRARIAN = ("reminder", "librarian@example.kz")


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


@pytest.mark.parametrize("state", [state for state in S if state != S.CONFIRMED])
def test_only_those_with_a_place_hear_of_the_start(cast, state):
    rule(K.BEFORE_START, 3)
    row = seated(cast.librarian, run_of())
    pending = {"step": 1, "decider": "hq", "step_due": date(2026, 12, 30)} if state == S.PENDING else {}
    Enrolment.objects.filter(pk=row.pk).update(state=state, **pending)
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
    text = message_from_bytes(bytes(Mail.objects.get(kind="reminder").message), policy=policy.default)
    plain = text.get_body(("plain",)).get_content()
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


def moved(cast, run: Run, days: int, on: datetime) -> None:
    by = timedelta(days=days)
    meetings = tuple(
        plans.MeetingPlan(row.starts_at + by, row.ends_at + by, row.hours, order)
        for order, row in enumerate(run.meetings.order_by("starts_at"), start=1)
    )
    facts = {"starts_on": run.starts_on + by, "ends_on": run.ends_on + by, "zone": run.zone, "closes_at": run.closes_at}
    with time_machine.travel(on):
        moving.move_run(
            run=run,
            schedule=plans.Schedule(**facts, meetings=meetings),
            actor=cast.hq.actor,
            reason="Аудитория жөнделуде",
            seen=running.version(run),
        )


@pytest.fixture
def movable(cast) -> Run:
    run = run_of(contact=cast.hq.person, host=cast.school, closes_at=at(1, month=11, hour=20), place_kk="Залда")
    seated(cast.librarian, run)
    return run


def test_a_moved_run_gets_its_reminder_anew_and_the_unsent_one_is_taken_back(cast, movable):
    rule(K.BEFORE_START, 3)
    assert tick(at(5)) == 1
    moved(cast, movable, 7, at(5, 12))
    notices.tell_untold()
    assert list(Mail.objects.filter(kind="reminder").values_list("state", flat=True)) == [MailState.SUPERSEDED]
    assert [tick(at(day)) for day in (5, 6, 11, 12, 13)] == [0, 0, 0, 1, 0]
    assert [key.split(":")[2] for key in Mail.objects.filter(kind="reminder").values_list("dedupe_key", flat=True)] == [
        "2026-12-15",
        "2026-12-08",
    ]


def test_a_reminder_taken_back_for_a_new_hour_is_written_again_with_it(cast, movable):
    rule(K.BEFORE_START, 3)
    assert tick(at(5)) == 1
    with time_machine.travel(at(5, 12)):
        Meeting.objects.filter(run=movable).update(hours=7)
        Run.objects.filter(pk=movable.pk).update(sequence=1)
        RunNotice.objects.create(run=movable, kind="changed", sequence=1)
        assert tick(at(5, 12)) == 0, "the change itself is told first"
        notices.tell_untold()
    assert [tick(at(5, 12, 59)), tick(at(5, 13, 1)), tick(at(5, 14))] == [0, 1, 0]


def test_a_sent_reminder_is_not_repeated_for_a_change_within_its_day(cast, movable):
    rule(K.BEFORE_START, 3)
    assert tick(at(5)) == 1
    Mail.objects.filter(kind="reminder").update(state=MailState.SENT, sent_at=at(5))
    Run.objects.filter(pk=movable.pk).update(sequence=1)
    assert tick(at(5, 14)) == 0


def test_whoever_withdraws_hears_nothing_more(cast):
    rule(K.BEFORE_START, 3)
    rule(K.DAY_BEFORE, 1)
    row = seated(cast.librarian, run_of())
    seated(cast.colleague, row.run)
    assert tick(at(5)) == 2
    with time_machine.travel(at(5, 12)):
        enrolling.withdraw(enrolment=row, actor=cast.librarian.actor)
        letters.tell_untold()
    assert reminded() == [("reminder", "colleague@example.kz")]
    assert tick(at(7)) == 1


def test_a_cancelled_run_is_told_as_cancelled_and_reminds_nobody(cast, movable):
    rule(K.BEFORE_START, 3)
    assert tick(at(5)) == 1
    with time_machine.travel(at(5, 12)):
        moving.cancel_run(run=movable, actor=cast.hq.actor, reason="Аз адам жазылды")
        notices.tell_untold()
    assert reminded() == []
    assert tick(at(6)) == 0


def test_what_changes_while_letters_are_written_makes_no_letter(cast):
    rule(K.BEFORE_START, 3)
    run = run_of()
    stays, leaves = seated(cast.librarian, run), seated(cast.colleague, run)
    now = at(5)
    chunk = list(due.to_remind(ReminderRule.objects.get(), START.date(), [run.pk], now=now))
    assert [row.pk for row in chunk] == [stays.pk, leaves.pk]
    Enrolment.objects.filter(pk=leaves.pk).update(state=S.WITHDRAWN)
    assert reminders._owe(ReminderRule.objects.get(), START.date(), chunk) == 1
    assert reminded() == [LIBRARIAN]


def test_the_same_people_found_by_two_workers_get_one_letter(cast):
    rule(K.BEFORE_START, 3)
    run = run_of()
    seated(cast.librarian, run)
    chunk = list(due.to_remind(ReminderRule.objects.get(), START.date(), [run.pk], now=at(5)))
    assert [reminders._owe(ReminderRule.objects.get(), START.date(), chunk) for _worker in range(2)] == [1, 0]


def test_a_rule_that_another_worker_has_is_left_to_it_until_its_claim_runs_out(cast):
    row = rule(K.BEFORE_START, 3)
    seated(cast.librarian, run_of())
    ReminderRule.objects.update(claim="another", claimed_until=at(5, 10, 1))
    assert [tick(at(5, 10)), tick(at(5, 10, 2))] == [0, 1]
    row.refresh_from_db()
    assert (row.claim, row.claimed_until) == ("", None)


def test_a_kind_that_is_declined_is_not_sent_and_others_are(cast):
    rule(K.BEFORE_START, 3)
    rule(K.DAY_BEFORE, 1)
    seated(cast.librarian, run_of())
    wanted = set(K) - {K.BEFORE_START}
    reminder_settings.choose(person=cast.librarian.person, wanted=wanted, actor=cast.librarian.actor)
    assert [tick(at(5)), tick(at(7))] == [0, 1]


def test_a_rule_that_is_switched_off_is_not_followed(cast):
    row = rule(K.BEFORE_START, 3)
    seated(cast.librarian, run_of())
    reminder_settings.change_rule(rule=row, days=3, active=False, actor=cast.administrator.actor)
    assert tick(at(5)) == 0


def test_a_broken_run_silences_no_other(cast, caplog):
    rule(K.BEFORE_START, 3)
    broken, whole = run_of(), run_of(start=START + timedelta(hours=12))
    seated(cast.librarian, whole)
    Run.objects.filter(pk=broken.pk).update(zone="Mars/Base")
    assert tick(at(6)) == 1
    assert f"Run {broken.pk} has no usable time zone" in caplog.text


def test_a_broken_rule_silences_no_other(cast, caplog, monkeypatch):
    rule(K.BEFORE_START, 3)
    rule(K.DEADLINE_NEAR, 3)
    seated(cast.librarian, run_of())
    monkeypatch.delitem(due.AUDIENCE, K.BEFORE_START)
    with time_machine.travel(at(25, month=11)):
        late = run_of(start=START + timedelta(days=30), closes_at=at(8, 12))
        enrolling.nominate(person=cast.colleague.person, run=late, actor=cast.director.actor)
        letters.tell_untold()
    assert tick(at(5)) == 1
    assert reminded() == [("reminder", "colleague@example.kz")]
    assert "could not be followed" in caplog.text


def test_the_deadline_is_told_to_those_who_still_have_to_act(cast):
    rule(K.DEADLINE_NEAR, 3)
    run = run_of(chain=rows.director_chain(), closes_at=at(4, 18))
    with time_machine.travel(at(25, month=11)):
        enrolling.nominate(person=cast.librarian.person, run=run, actor=cast.director.actor)
        back = enrolling.enrol(person=cast.colleague.person, run=run, actor=cast.colleague.actor)
        deciding.send_back(enrolment=back, actor=cast.director.actor, seen_step=1, note="Мақсатын жазыңыз")
        enrolling.enrol(person=cast.stranger.person, run=run, actor=cast.stranger.actor)
        letters.tell_untold()
    assert [tick(at(30, month=11)), tick(at(1)), tick(at(1, 11)), tick(at(4, 17))] == [0, 2, 0, 0]
    assert reminded() == [LIBRARIAN, ("reminder", "colleague@example.kz")]
    subjects = Mail.objects.filter(kind="reminder").order_by("id").values_list("subject", "not_after")
    assert len(set(subjects)) == 2
    assert {until for _subject, until in subjects} == {at(4, 18)}


def applied(cast, *members, on: datetime, chain=None) -> list[Enrolment]:
    run = run_of(chain=chain or rows.director_chain())
    with time_machine.travel(on):
        found = [enrolling.enrol(person=m.person, run=run, actor=m.actor) for m in members]
        letters.tell_untold()
    return found


def test_approvers_get_one_letter_about_all_that_waits(cast):
    rule(K.APPROVAL_WAITING, 3)
    applied(cast, cast.librarian, cast.colleague, cast.deputy, cast.stranger, on=at(23, month=11))
    assert [tick(at(24, month=11)), tick(at(25, month=11)), tick(at(26, month=11))] == [0, 4, 0]
    assert sorted(reminded()) == [
        ("reminder_decisions", f"{name}@example.kz") for name in ("deputy", "director", "hq", "other_director")
    ]
    body = Mail.objects.get(address="deputy@example.kz", kind="reminder_decisions")
    text = message_from_bytes(bytes(body.message), policy=policy.default).get_body(("plain",)).get_content()
    assert "Сәрсенова" in text
    assert "Ермекова" not in text, "of another school"
    assert "Төлегенова" not in text, "her own"


def test_on_the_day_itself_what_is_left_is_told_again_and_never_at_a_weekend(cast):
    rule(K.APPROVAL_WAITING, 0)
    rule(K.APPROVAL_WAITING, 1)
    [row] = applied(cast, cast.librarian, on=at(23, month=11))  # a Monday: due the next one
    assert row.step_due == date(2026, 11, 30)
    assert [tick(at(day, month=11)) for day in (26, 27, 28, 29, 30)] == [0, 2, 0, 0, 2]


def test_a_decision_takes_back_the_letter_that_still_waits(cast):
    rule(K.APPROVAL_WAITING, 0)
    [row] = applied(cast, cast.librarian, on=at(23, month=11))
    assert tick(at(30, month=11)) == 2
    with time_machine.travel(at(30, 12, month=11)):
        deciding.approve(enrolment=row, actor=cast.director.actor, seen_step=1)
        letters.tell_untold()
    assert [kind for kind, _address in reminded()] == []


def test_those_who_gave_feedback_are_not_asked_for_it(cast):
    from courses.models import FeedbackGiven

    rule(K.FEEDBACK_DUE, 1)
    run = run_of()
    answered, silent = seated(cast.librarian, run), seated(cast.colleague, run)
    Enrolment.objects.filter(pk=silent.pk).update(state=S.COMPLETED)
    FeedbackGiven.objects.create(enrolment=answered)
    assert [tick(at(9)), tick(at(10)), tick(at(11, 11))] == [0, 1, 0]
    assert reminded() == [("reminder", "colleague@example.kz")]


def test_five_hundred_are_written_in_chunks_with_few_queries(cast, django_assert_max_num_queries):
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
    # the rules, and one look for each of seven; decisions are looked up for two days
    with django_assert_num_queries(1 + 7 + 2):
        assert tick(at(20, month=11)) == 0
