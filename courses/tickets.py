"""Tickets: a short code that stands for one person's place, as letters and as a square to be scanned."""

import re
from datetime import datetime

import segno
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from courses import attendance, seats
from courses.models import Enrolment, Meeting
from courses.states import EnrolmentState, MarkSource, Presence
from schools.access import Actor
from schools.errors import Refused
from schools.models.base import ALPHABET, UID_LENGTH

CODE = re.compile(rf"[{ALPHABET}]{{{UID_LENGTH}}}")
MOST_TYPED = 300
"""Longer than any address of a ticket."""


def code_of(typed: str) -> str:
    """The code in what was typed or scanned: with dashes, spaces and capitals, or a whole address; '' where none is."""
    last = typed[:MOST_TYPED].strip().rstrip("/").rsplit("/", 1)[-1]
    code = re.sub(r"[\s-]", "", last).lower()
    return code if CODE.fullmatch(code) else ""


def shown(code: str) -> str:
    """The code as people read and type it: capitals in two groups."""
    return f"{code[:5]}-{code[5:]}".upper()


def address(code: str) -> str:
    """What the square of a ticket holds: without a language, since a ticket is made once."""
    return settings.SITE_URL + reverse("course_files:ticket", args=[code])


def square(text: str) -> SafeString:
    """The drawing of a square, black on white in any scheme of colours."""
    return mark_safe(segno.make(text, error="m").svg_inline(border=3, omitsize=True, dark="#1d2a33", light="#fff"))


def with_ticket() -> QuerySet[Enrolment]:
    """Rows as the pages of tickets need them."""
    return Enrolment.objects.select_related("person", "school", "signup", "run__course", "run__host").prefetch_related(
        "school__names"
    )


def on_now(enrolment: Enrolment, *, now: datetime) -> list[Meeting]:
    """The meetings of the run whose doors are open at this moment."""
    return [row for row in enrolment.run.meetings.all() if attendance.doors_are_open(row, now=now)]


def begun(enrolment: Enrolment, *, now: datetime) -> list[Meeting]:
    """The meetings that can be marked, the latest first."""
    return list(enrolment.run.meetings.filter(starts_at__lte=now + attendance.DOORS_OPEN).order_by("-starts_at"))


@transaction.atomic
def mark(*, enrolment: Enrolment, meeting: Meeting, actor: Actor) -> bool:
    """The trainer has seen the ticket: the person is present. False if that stood already.

    Raises Refused for others than the run's trainers and coordinators, before the meeting, without a seat, or
    where the person stands as absent: that is corrected in the list, with a reason.
    """
    run, now = seats.lock_run(meeting.run_id), timezone.now()
    attendance.refuse_others(actor, run)
    row = Enrolment.objects.select_related("person", "school").filter(pk=enrolment.pk, run=run).first()
    found = attendance.arrival_of(row, meeting=meeting, now=now)
    if row is None or found.outcome == "no_seat":
        raise Refused(_("This person has no confirmed place in the seminar."))
    if now < found.opens_at:
        raise Refused(_("This meeting has not started yet."))
    if found.row is not None and found.row.presence != Presence.PRESENT:
        raise Refused(_("This person stands as not present. Correct it in the list, with a reason."))
    if found.row is not None:
        return False
    if row.state != EnrolmentState.CONFIRMED:
        raise Refused(_("Results of this course are closed. Open the result again before correcting attendance."))
    attendance.arrive(meeting=meeting, came=[(row, now)], source=MarkSource.SCAN, actor=actor)
    return True
