"""Giving up a confirmed place after the withdrawal deadline: it is recorded, and counts when places are allocated."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access, fair_time, moves, seats, waiting
from courses.enrolling import SETTLE, fresh
from courses.models import Enrolment
from courses.states import EnrolmentState, Verb
from schools import bell
from schools.access import Actor
from schools.errors import Refused


def withdraw(*, enrolment: Enrolment, actor: Actor, note: str) -> Enrolment:
    """The applicant gives up a confirmed place late and says why. It goes to the waiting list at once.

    Raises Refused before the deadline (`enrolling.withdraw` is the way then), once the first day has begun,
    without a reason, and for others.
    """
    with transaction.atomic():
        now = timezone.now()
        person, run = seats.lock(person_id=enrolment.person_id, run_id=enrolment.run_id)
        row = fresh(enrolment, person, run)
        if not access.is_applicant(actor, row):
            raise Refused(_("Only the applicant can do this."))
        refuse_untimely(row, now)
        if not note.strip():
            raise Refused(_("Write why you cannot come: those who organise the course will read it."))
        moves.make(row, Verb.LATE, EnrolmentState.WITHDRAWN, actor=actor, now=now, note=note)
        bell.ring(SETTLE, run.pk)
    waiting.fill(run_id=run.pk)
    return row


def refuse_untimely(row: Enrolment, now: datetime) -> None:
    """Raises Refused where a withdrawal would not be late, or it is too late for any."""
    if fair_time.may_withdraw(row, now=now):
        raise Refused(_("The withdrawal deadline has not passed: withdraw in the usual way."))
    if not row.run.still_ahead(now):
        raise Refused(_("The course has begun: a place can no longer be withdrawn. Write to the contact person."))
