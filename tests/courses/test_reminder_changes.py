"""What changes between a reminder's rule and its letter: runs, places, workers."""

from datetime import datetime, timedelta

import pytest
import time_machine

from courses import due, enrolling, feedback, letters, moving, notices, plans, reminders, running
from courses.models import Enrolment, Meeting, ReminderRule, Run, RunNotice
from courses.states import EnrolmentState as S
from courses.states import ReminderKind as K
from schools.models import Mail
from schools.states import MailState
from tests.courses.reminding import LIBRARIAN, START, at, reminded, rule, run_of, seated, tick

pytestmark = pytest.mark.django_db


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


def answer(row: Enrolment, member, on: datetime) -> None:
    with time_machine.travel(on):
        feedback.give(enrolment=row, answer=feedback.Answer(useful=5, clear=4, organised=5), actor=member.actor)


def test_whoever_has_answered_is_not_asked_by_a_letter_that_was_still_to_go(cast):
    rule(K.FEEDBACK_DUE, 1)
    run = run_of(days=1)
    first = seated(cast.librarian, run)
    seated(cast.colleague, run)
    assert tick(at(9)) == 2
    answer(first, cast.librarian, at(9, 12))
    assert reminded() == [("reminder", "colleague@example.kz")]
    assert tick(at(9, 13)) == 0


def test_an_answer_while_letters_are_written_makes_no_letter(cast):
    rule(K.FEEDBACK_DUE, 1)
    run = run_of(days=1)
    first = seated(cast.librarian, run)
    seated(cast.colleague, run)
    chunk = list(due.to_remind(ReminderRule.objects.get(), START.date(), [run.pk], now=at(9)))
    assert [row.person_id for row in chunk] == [cast.librarian.person.pk, cast.colleague.person.pk]
    answer(first, cast.librarian, at(9))
    assert reminders._owe(ReminderRule.objects.get(), START.date(), chunk) == 1
    assert reminded() == [("reminder", "colleague@example.kz")]


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
