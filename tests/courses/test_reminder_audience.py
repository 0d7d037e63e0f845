"""Who hears of what: those who still have to act, those who decide, those who want it."""

from datetime import date, datetime
from email import message_from_bytes, policy

import pytest
import time_machine

from courses import deciding, enrolling, letters, reminder_settings
from courses.models import Enrolment, FeedbackGiven
from courses.states import EnrolmentState as S
from courses.states import ReminderKind as K
from schools.models import Mail, Person
from tests.courses import rows
from tests.courses.reminding import LIBRARIAN, at, plain_text, reminded, rule, run_of, seated, tick

pytestmark = pytest.mark.django_db


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
    text = plain_text(body)
    assert "Сәрсенова" in text
    assert "Ермекова" not in text, "of another school"
    assert "Төлегенова" not in text, "her own"


def test_a_hostile_name_does_no_harm_in_the_letter_to_the_approver(cast):
    rule(K.APPROVAL_WAITING, 0)
    Person.objects.filter(pk=cast.librarian.person.pk).update(surname='<script>"\u202e', given_name="\r\nBcc: x@y.kz")
    applied(cast, cast.librarian, on=at(23, month=11))
    assert tick(at(30, month=11)) == 2
    body = Mail.objects.get(address="director@example.kz", kind="reminder_decisions")
    mime = message_from_bytes(bytes(body.message), policy=policy.default)
    html = mime.get_body(("html",)).get_content()
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "\u202e" not in html
    assert mime["Bcc"] is None


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
    rule(K.FEEDBACK_DUE, 1)
    run = run_of()
    answered, silent = seated(cast.librarian, run), seated(cast.colleague, run)
    Enrolment.objects.filter(pk=silent.pk).update(state=S.COMPLETED)
    FeedbackGiven.objects.create(enrolment=answered)
    assert [tick(at(9)), tick(at(10)), tick(at(11, 11))] == [0, 1, 0]
    assert reminded() == [("reminder", "colleague@example.kz")]
    assert f"/kk/applications/{silent.uid}/feedback/" in plain_text(Mail.objects.get(kind="reminder"))
