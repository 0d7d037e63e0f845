"""A contact who has signed up three people gets one letter of each occasion, naming them, in the own language."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.utils import timezone

from courses import (
    certificate_batch,
    certificates,
    completing,
    feedback,
    guest_letters,
    guest_links,
    guest_reminders,
    moving,
    notices,
    plans,
    reminders,
    running,
    signing_up,
    signup_changes,
)
from courses.models import Certificate, FeedbackGiven, ReminderRule, RunNotice, Signup
from courses.signing_up import GUEST
from schools import jobs
from schools.models import Mail, Person
from schools.models.base import make_uid
from schools.states import MailState
from tests import make
from tests.courses import guests, rows

pytestmark = pytest.mark.django_db
START = timezone.localtime(timezone.now() + timedelta(days=10)).replace(hour=10, minute=0, second=0, microsecond=0)
REASON = {
    "kk": "семинарға тіркелгенде",
    "ru": "при записи на семинар",
    "en": "when signing up for a seminar",
}
languages = pytest.mark.parametrize("language", list(REASON))


def text_of(mail: Mail) -> str:
    """What the letter says, without the greeting, in which the contact's name stands."""
    body = message_from_bytes(bytes(mail.message), policy=policy.default).get_body(("plain",))
    return body.get_content().split("\n", 1)[1]


def sent(mails) -> None:
    mails.update(state=MailState.SENT, sent_at=timezone.now())


def group(run=None, **fields) -> Signup:
    """Three people with a place, all told."""
    signup = guests.confirmed(run or guests.run(start=START, capacity=9), 3, **fields)
    guest_letters.tell_signup(signup_id=signup.pk)
    sent(Mail.objects.all())
    signup.refresh_from_db()
    return signup


def been(cast, **fields) -> Signup:
    """Three people who were present at a seminar of last week."""
    signup = guests.attended(cast.trainer.person, 3, **fields)
    guest_letters.tell_signup(signup_id=signup.pk)
    sent(Mail.objects.all())
    signup.enrolments.update(changed_at=timezone.now() - timedelta(days=2))
    return Signup.objects.select_related("run__course").get(pk=signup.pk)


def been_too(run) -> Signup:
    """Three more people of another sign-up."""
    people = Person.objects.bulk_create(make.new_person() for _ in range(3))
    now = timezone.now()
    run.refresh_from_db()
    made = Signup.objects.create(
        run=run, name="Бекова", email=f"{make_uid()}@example.kz", consented_at=now, verified_at=now, told_at=now
    )
    rows.attend(rows.seats(run, people, signup=made))
    return made


def names(signup) -> list[str]:
    return [row.person.full_name for row in guests.rows_of(signup)]


def the_letter(signup, kind: str) -> str:
    """The one letter of this kind that the contact has; it leads to the link and says why it came."""
    mail = Mail.objects.get(kind=kind, address=signup.email)
    text = text_of(mail)
    assert mail.language == signup.language
    assert (guest_links.address(signup) in text, REASON[signup.language] in text) == (True, True)
    assert "/applications/" not in text
    return text


def move(cast, run, by=timedelta(days=2)) -> RunNotice:
    meetings = [plans.MeetingPlan(row.starts_at + by, row.ends_at + by, row.hours, 1) for row in run.meetings.all()]
    planned = plans.Schedule(run.starts_on + by, run.ends_on + by, run.zone, tuple(meetings), run.closes_at)
    moving.move_run(run=run, schedule=planned, actor=cast.hq.actor, reason="Боран", seen=running.version(run))
    return RunNotice.objects.latest("id")


def movable(cast):
    closes = START - timedelta(days=3)
    return guests.run(start=START, capacity=9, contact=cast.hq.person, host=cast.school, closes_at=closes)


@languages
def test_a_seminar_that_was_moved_is_told_once(cast, language):
    run = movable(cast)
    signup = group(run, language=language)
    notice = move(cast, run)
    notices.tell_run(notice_id=notice.pk)
    text = the_letter(signup, "run_moved")
    assert [text.count(name) for name in names(signup)] == [1, 1, 1]
    assert "Боран" in text
    assert Mail.objects.filter(kind="run_moved").count() == 1


def test_a_letter_with_the_old_dates_that_was_not_sent_yet_is_written_anew(cast):
    run = movable(cast)
    signup = guests.confirmed(run, 3)
    guest_letters.tell_signup(signup_id=signup.pk)
    notices.tell_run(notice_id=move(cast, run).pk)
    guest_letters.tell_untold()
    old, new = Mail.objects.filter(kind="signup").order_by("id")
    assert (old.state, new.state) == (MailState.SUPERSEDED, MailState.QUEUED)
    assert text_of(old) != text_of(new)


@languages
def test_a_seminar_called_off_is_told_once(cast, language):
    run = guests.run(start=START, capacity=9)
    signup, other = group(run, language=language), group(run)
    moving.cancel_run(run=run, actor=cast.hq.actor, reason="Боран")
    notices.tell_run(notice_id=RunNotice.objects.get().pk)
    text = the_letter(signup, "run_cancelled")
    assert [text.count(name) for name in names(signup)] == [1, 1, 1]
    assert [name in text for name in names(other)] == [False] * 3
    assert Mail.objects.filter(kind="run_cancelled").count() == 2
    guest_letters.tell_untold()
    assert not Mail.objects.filter(kind="signup", state=MailState.QUEUED).exists()


def test_many_batches_still_make_one_letter_for_each_sign_up(cast, monkeypatch):
    monkeypatch.setattr(notices, "BATCH", 2)
    run = guests.run(start=START, capacity=50)
    signups = [group(run) for _ in range(3)]
    run.refresh_from_db()
    rows.seats(run, [cast.librarian.person, cast.colleague.person])
    moving.cancel_run(run=run, actor=cast.hq.actor, reason="Боран")
    notices.tell_run(notice_id=RunNotice.objects.get().pk)
    told = Mail.objects.filter(kind="run_cancelled").values_list("address", flat=True)
    expected = [*(one.email for one in signups), cast.librarian.person.email, cast.colleague.person.email]
    assert sorted(told) == sorted(expected)


@pytest.fixture
def before_start():
    ReminderRule.objects.create(kind="before_start", days=3)
    return START - timedelta(days=3) + timedelta(hours=1)


def tick(moment=None) -> int:
    if moment is None:
        return reminders.send_due()[0]
    with time_machine.travel(moment):
        return reminders.send_due()[0]


@languages
def test_one_reminder_before_the_start(cast, before_start, language):
    signup = group(language=language)
    assert [tick(before_start), tick(before_start)] == [1, 0]
    text = the_letter(signup, "reminder")
    assert [text.count(name) for name in names(signup)] == [1, 1, 1]


def test_a_reminder_that_was_not_sent_comes_again_without_who_cancelled(cast, before_start):
    signup = group()
    tick(before_start)
    gone = guests.rows_of(signup)[1]
    with time_machine.travel(before_start + timedelta(minutes=1)):
        signup_changes.cancel(signup=signup, only=gone.uid)
        guest_letters.tell_signup(signup_id=signup.pk)
    assert tick(before_start + timedelta(minutes=2)) == 0, "the letter about it has just gone out"
    assert tick(before_start + timedelta(hours=2)) == 1
    mail = Mail.objects.get(kind="reminder", state=MailState.QUEUED)
    assert [name in text_of(mail) for name in names(signup)] == [True, False, True]
    sent(Mail.objects.filter(pk=mail.pk))
    assert tick(before_start + timedelta(hours=3)) == 0


def test_what_changes_while_the_letters_are_rendered_is_not_told(cast, before_start, monkeypatch):
    """The recheck under the locks, and its twin: without it the letter names somebody who does not come."""
    signup, told = group(), guest_reminders._compose

    def cancel_first(rule, fact, row, people, about):
        signup_changes.cancel(signup=signup, only=people[0].uid)
        return told(rule, fact, row, people, about)

    monkeypatch.setattr(guest_reminders, "_compose", cancel_first)
    assert tick(before_start) == 0
    with time_machine.travel(before_start):
        guest_letters.tell_signup(signup_id=signup.pk)
    monkeypatch.setattr(guest_reminders, "_standing", lambda people: [])
    assert tick(before_start + timedelta(hours=2)) == 1


@pytest.fixture
def thanks():
    ReminderRule.objects.create(kind="feedback_due", days=7)


@languages
def test_one_word_of_thanks_to_those_who_were_there(cast, thanks, language):
    signup = been(cast, language=language)
    absent = guests.rows_of(signup)[2]
    absent.attendance.all().delete()
    at = timezone.localtime().replace(hour=11)
    assert [tick(at), tick(at)] == [1, 0]
    text = the_letter(signup, "reminder")
    assert [text.count(name) for name in names(signup)] == [1, 1, 0]


def test_who_has_answered_is_not_asked_and_the_last_answer_takes_the_letter_back(cast, thanks):
    signup, at = been(cast), timezone.localtime().replace(hour=11)
    first, second, third = guests.rows_of(signup)
    answer = feedback.Answer(5, 5, 5)
    feedback.give(enrolment=first, answer=answer, actor=GUEST, link_of=signup)
    assert tick(at) == 1
    mail = Mail.objects.get(kind="reminder")
    assert [name in text_of(mail) for name in names(signup)] == [False, True, True]
    feedback.give(enrolment=second, answer=answer, actor=GUEST, link_of=signup)
    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED
    feedback.give(enrolment=third, answer=answer, actor=GUEST, link_of=signup)
    mail.refresh_from_db()
    assert (mail.state, FeedbackGiven.objects.count(), tick(at)) == (MailState.SUPERSEDED, 3, 0)


def test_nobody_there_means_no_thanks(cast, thanks):
    for row in been(cast).enrolments.all():
        row.attendance.all().delete()
    assert tick(timezone.localtime().replace(hour=11)) == 0


@languages
def test_one_letter_about_three_certificates(cast, language):
    signup = been(cast, language=language)
    completing.close(run=signup.run, actor=cast.trainer.actor)
    jobs.run(certificate_batch.start(run=signup.run, actor=cast.hq.actor).pk)
    text = the_letter(signup, "certificate")
    given = Certificate.objects.filter(enrolment__signup=signup)
    assert [text.count(one.number) for one in given] == [1, 1, 1]
    assert [text.count(name) for name in names(signup)] == [1, 1, 1]


def test_those_of_one_sign_up_stay_together_whatever_the_size_of_a_piece(cast, monkeypatch):
    """Names of three sign-ups run through each other in the list, and each contact has one letter."""
    monkeypatch.setattr(certificate_batch, "CHUNK", 2)
    signup = been(cast)
    others = [been_too(signup.run) for _ in range(2)]
    completing.close(run=signup.run, actor=cast.trainer.actor)
    jobs.run(certificate_batch.start(run=signup.run, actor=cast.hq.actor).pk)
    told = Mail.objects.filter(kind="certificate").values_list("address", flat=True)
    assert sorted(told) == sorted(one.email for one in [signup, *others])
    assert Certificate.objects.count() == 9


@languages
def test_a_certificate_alone_and_what_becomes_of_it(cast, language):
    signup = been(cast, language=language)
    completing.close(run=signup.run, actor=cast.trainer.actor)
    row, other, _third = guests.rows_of(signup)
    paper = certificates.issue(enrolment=row, actor=cast.hq.actor)
    text = the_letter(signup, "certificate")
    assert [name in text for name in names(signup)] == [True, False, False]
    certificates.revoke(certificate=paper, actor=cast.hq.actor, reason="Қате")
    first, second = Mail.objects.filter(kind="certificate").order_by("id")
    assert (first.state, second.state, "Қате" in text_of(second)) == (MailState.SUPERSEDED, MailState.QUEUED, True)
    assert row.person.full_name in text_of(second)
    fresh = certificates.issue(enrolment=other, actor=cast.hq.actor)
    certificates.reissue(certificate=fresh, actor=cast.hq.actor, reason="Аты")
    corrected = Mail.objects.filter(kind="certificate").latest("id")
    assert (corrected.address, other.person.full_name in text_of(corrected)) == (signup.email, True)


@languages
def test_a_lost_link_afterwards_is_no_letter_about_a_cancelled_sign_up(cast, language):
    signup = been(cast, language=language)
    completing.close(run=signup.run, actor=cast.trainer.actor)
    guest_letters.tell_signup(signup_id=signup.pk)
    signing_up.send_newest_link(email=signup.email)
    guest_letters.tell_signup(signup_id=signup.pk)
    mail = Mail.objects.filter(kind="signup").latest("id")
    subject = {"kk": "Семинарға арналған сілтемеңіз", "ru": "Ваша ссылка на семинар", "en": "Your link to the seminar"}
    assert mail.subject.startswith(subject[language])
    assert b"text/calendar" not in bytes(mail.message)


def test_who_has_given_no_address_is_not_written_to(cast, thanks):
    run = guests.on_now(cast.trainer.person)
    signup = guests.walked_in(run, cast.trainer.actor)
    completing.close(run=run, actor=cast.trainer.actor)
    certificates.issue(enrolment=signup.enrolments.get(), actor=cast.hq.actor)
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        assert tick(timezone.localtime().replace(hour=11)) == 0
    assert not Mail.objects.exists()
