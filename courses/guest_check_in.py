"""Guests say «we are here»: by the code of the ticket on the wall's page, or from the page behind their own link."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import attendance, seats, tickets
from courses.models import Attendance, Enrolment, Meeting, Signup
from courses.signing_up import GUEST
from courses.states import SEATED
from schools.errors import Refused


class UnknownCode(Refused):
    """The code is of no use here: mistyped, or of another seminar."""


def by_ticket(*, meeting: Meeting, typed: str) -> Attendance:
    """Whoever holds the ticket is at this meeting. Doing it twice counts once.

    Raises UnknownCode, or Refused as `attendance.check_in` does.
    """
    code = tickets.code_of(typed)
    with transaction.atomic():
        now = timezone.now()
        seats.lock_run(meeting.run_id)
        rows = Enrolment.objects.filter(run=meeting.run_id, signup__isnull=False, uid=code)
        row = rows.select_related("person", "school").first() if code else None
        if row is None:
            raise UnknownCode(_("No ticket of this seminar has this code. Look at the letters once more."))
        found = attendance.arrival_of(row, meeting=meeting, now=now)
        mark = attendance.settle(found, meeting=meeting, actor=GUEST, now=now)
        mark.enrolment = row
        return mark


def by_link(*, signup: Signup, typed: str, came: Collection[str]) -> list[Enrolment]:
    """The people of a sign-up who `came` (uids of enrolments) are at the meeting whose wall code was typed.

    Returns all of them who stand as present now. Raises UnknownCode for a code that is not of a meeting of this
    seminar, and Refused outside the meeting's time, if nobody was chosen, or if somebody stands as absent.
    """
    meeting = attendance.meeting_of(typed[: tickets.MOST_TYPED].strip().rstrip("/").rsplit("/", 1)[-1])
    if meeting is None or meeting.run_id != signup.run_id:
        raise UnknownCode(_("The code on the wall is another one. Look at its letters once more."))
    with transaction.atomic():
        now = timezone.now()
        seats.lock_run(meeting.run_id)
        rows = list(
            Enrolment.objects.filter(signup=signup, state__in=SEATED, uid__in=came)
            .select_related("person", "school")
            .order_by("number")
        )
        if not rows:
            raise Refused(_("Choose who of you is here."))
        for row in rows:
            found = attendance.arrival_of(row, meeting=meeting, now=now)
            attendance.settle(found, meeting=meeting, actor=GUEST, now=now)
    return rows
