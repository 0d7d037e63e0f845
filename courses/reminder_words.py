"""What reminders say. They name days and hours and never «tomorrow»: a letter may arrive late and is still true."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import calendars
from courses.letters import Words, contact_of
from courses.models import Run
from courses.states import EnrolmentState, ReminderKind
from schools import wording

REMINDER = "reminder"
"""The kind of a participant's letter in the outbox."""
START_KINDS = (ReminderKind.BEFORE_START, ReminderKind.DAY_BEFORE)
WORDS: dict[tuple[str, str], Words] = {
    (ReminderKind.BEFORE_START, EnrolmentState.CONFIRMED): Words(
        _("Reminder of your course"),
        _("Your course is coming up. Its day and place are below, and the calendar entry is attached."),
    ),
    (ReminderKind.DAY_BEFORE, EnrolmentState.CONFIRMED): Words(
        _("Your course is about to start"),
        _("Look once more at the time and the place. If you cannot come, tell the contact person."),
    ),
    (ReminderKind.DEADLINE_NEAR, EnrolmentState.NOMINATED): Words(
        _("A nomination waits for your answer"),
        _("Registration for this course closes soon, and you have neither accepted nor refused the nomination."),
        _("Accept or refuse"),
    ),
    (ReminderKind.DEADLINE_NEAR, EnrolmentState.RETURNED): Words(
        _("Your application waits for your change"),
        _("Registration for this course closes soon, and your application was returned to you for a change."),
        _("Change the application"),
    ),
}
AFTERWARDS = Words(
    _("How was the course?"),
    _("The course is over. A few words from you make the next one better; the answers carry no name."),
    _("Give feedback"),
)

TO_GUESTS: dict[str, Words] = {
    ReminderKind.BEFORE_START: Words(
        _("Reminder of the seminar"),
        _("The seminar is coming up. Its day and place are below, and the calendar entry is attached."),
        _("Your sign-up"),
        _("If somebody cannot come, say so by the link: the place goes to those who wait."),
    ),
    ReminderKind.DAY_BEFORE: Words(
        _("The seminar is about to start"),
        _("Look once more at the time and the place. The tickets are behind the link."),
        _("Your sign-up"),
    ),
    ReminderKind.FEEDBACK_DUE: Words(
        _("Thank you for coming"),
        _("Thank you for taking part in the seminar. A few words make the next one better; answers carry no name."),
        _("Give feedback"),
        _("By the same link you find the materials and, once they are issued, the certificates."),
    ),
}
"""To the contact of a sign-up, about all its people."""


def words(kind: str, state: str) -> Words:
    """Subject, opening sentence and label of the link of a participant's reminder."""
    return AFTERWARDS if kind == ReminderKind.FEEDBACK_DUE else WORDS[kind, state]


def page(kind: str) -> str:
    """The page that the reminder's link opens, by name; its address holds the uid of the enrolment."""
    return "courses:feedback" if kind == ReminderKind.FEEDBACK_DUE else "courses:enrolment"


@dataclass(frozen=True, slots=True)
class About:
    """What a reminder says of a run to everybody who reads the same language."""

    rows: list[tuple[str, str]]
    calendar: bytes


def about(kind: str, run: Run, language: str) -> About:
    """Facts and calendar entry of the run for a reminder of this kind."""
    starts = kind in START_KINDS
    with translation.override(language):
        rows = [(gettext("Course"), str(run.course)), *(_start(run) if starts else _dates(run))]
        if kind == ReminderKind.DEADLINE_NEAR and run.closes_at:
            rows.append((gettext("Application deadline"), _moment(run.closes_at, run.zone)))
        if starts:
            rows += [(gettext("Join link"), run.join_link), (gettext("Contact person"), contact_of(run))]
    return About(rows, calendars.entry(run, language=language) if starts else b"")


def _start(run: Run) -> list[tuple[str, str]]:
    first = next(iter(run.meetings.all()), None)
    day = wording.long_date(run.starts_on) if run.starts_on else ""
    rows = [(gettext("Start"), _moment(first.starts_at, run.zone) if first else day)]
    if first and _elsewhere(first.starts_at, run.zone):
        rows.append((gettext("By the clock of Kazakhstan"), _moment(first.starts_at, settings.TIME_ZONE)))
    if run.ends_on != run.starts_on:
        rows += _dates(run)
    return [*rows, (gettext("Venue"), calendars.place_of(run))]


def _dates(run: Run) -> list[tuple[str, str]]:
    return [(gettext("Dates"), wording.date_range(run.starts_on, run.ends_on) if run.starts_on else "")]


def _moment(moment: datetime, zone: str) -> str:
    """Day and hour on the clock of the zone; the zone is named where it is not that of the readers."""
    local = moment.astimezone(ZoneInfo(zone))
    shown = f"{wording.long_date(local.date())}, {local:%H:%M}"
    return f"{shown} ({zone})" if _elsewhere(moment, zone) else shown


def _elsewhere(moment: datetime, zone: str) -> bool:
    here, there = (moment.astimezone(ZoneInfo(name)).utcoffset() for name in (settings.TIME_ZONE, zone))
    return here != there
