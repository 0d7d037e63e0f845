"""Letters to guests lead to their own link, never to a page that asks for an account."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.utils import timezone

from courses import certificates, guest_links, moving, notices, reminders, signing_up
from courses.models import ReminderRule, RunNotice, Signup
from schools.models import Mail
from tests.courses import guests, rows

pytestmark = pytest.mark.django_db


def parsed(mail):
    message = message_from_bytes(bytes(mail.message), policy=policy.default)
    return next(part for part in message.walk() if part.get_content_type() == "text/plain").get_content()


def confirmed(run):
    signup = guests.sign_up(run)
    signing_up.confirm(signup=signup)
    return Signup.objects.get(pk=signup.pk)


def test_a_called_off_seminar_leads_to_the_own_link(cast):
    run = guests.run()
    signup = confirmed(run)
    moving.cancel_run(run=run, actor=cast.hq.actor, reason="Боран")
    notices.tell_run(notice_id=RunNotice.objects.get().pk)
    mail = Mail.objects.get(kind="run_cancelled", address=signup.email)
    assert guest_links.address(signup) in parsed(mail)
    assert "/applications/" not in parsed(mail)


def test_a_reminder_leads_to_the_own_link_and_offers_no_choices(cast):
    start = timezone.localtime(timezone.now() + timedelta(days=10)).replace(hour=10, minute=0, second=0, microsecond=0)
    run = guests.run(start=start)
    signup = confirmed(run)
    signup.enrolments.get().moves.update(told_at=timezone.now())
    rule = ReminderRule.objects.create(kind="before_start", days=3)
    with time_machine.travel(start - timedelta(days=3) + timedelta(hours=1)):
        reminders.send_due()
    assert rule.pk
    text = parsed(Mail.objects.get(kind="reminder", address=signup.email))
    assert guest_links.address(signup) in text
    assert "/profile/" not in text


def test_a_certificate_leads_to_all_that_was_attended(cast):
    signup = confirmed(guests.run())
    past = rows.past_run(cast.trainer.person, outreach=True)
    person = signup.enrolments.get().person
    row = rows.seats(past, [person], state="completed", signup=signup, school=cast.school)[0]
    certificates.issue(enrolment=row, actor=cast.hq.actor)
    text = parsed(Mail.objects.get(kind="certificate", address=signup.email))
    assert guest_links.address(signup) in text
