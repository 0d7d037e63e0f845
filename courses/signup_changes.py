"""What a contact changes about a sign-up after it was made."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import moves, waiting
from courses.models import Signup
from courses.signing_up import GUEST, locked
from courses.states import MOVES, EnrolmentState, Verb
from schools.errors import Refused, Stale


def cancel(*, signup: Signup, only: str = "") -> int:
    """Give up the places of all people of a sign-up, or of one alone (`only`, the uid of the enrolment).

    Freed seats go to those who wait. Returns how many. Raises Stale if there is nothing to give up, Refused
    after the withdrawal deadline.
    """
    with transaction.atomic():
        now = timezone.now()
        signup, run, rows = locked(signup)
        wanted = [row for row in rows if row.state in MOVES[Verb.WITHDRAW].sources and only in ("", row.uid)]
        if not wanted:
            raise Stale(_("There is nothing left to cancel."))
        if not run.may_withdraw(now) and any(row.state == EnrolmentState.CONFIRMED for row in wanted):
            raise Refused(_("The withdrawal deadline has passed. Write to the contact person of the seminar."))
        for row in wanted:
            moves.make(row, Verb.WITHDRAW, EnrolmentState.WITHDRAWN, actor=GUEST, now=now)
    waiting.fill(run_id=run.pk)
    return len(wanted)
