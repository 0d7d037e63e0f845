"""Reminders in tests: a rule, a place in a run, and the clock at a moment of December 2026 in Almaty."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import time_machine

from courses import enrolling, letters, reminders
from courses.models import Enrolment, ReminderRule, Run
from schools.models import Mail
from schools.states import MailState
from tests.courses import rows

ALMATY = "Asia/Almaty"
START = datetime(2026, 12, 8, 4, 0, tzinfo=UTC)
"""Tuesday, nine o'clock in Almaty."""
LONG_BEFORE = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
LIBRARIAN = ("reminder", "librarian@example.kz")


def at(day: int, hour: int = 10, minute: int = 0, *, month: int = 12, year: int = 2026, zone: str = ALMATY) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))


def rule(kind: str, days: int) -> ReminderRule:
    return ReminderRule.objects.create(kind=kind, days=days)


def seated(member, run, *, on: datetime = LONG_BEFORE) -> Enrolment:
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


def plain_text(mail: Mail) -> str:
    """The text part of a letter."""
    body = message_from_bytes(bytes(mail.message), policy=policy.default).get_body(("plain",))
    return body.get_content()
