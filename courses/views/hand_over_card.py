"""What the page of an application shows of a place that goes to, or came from, a colleague."""

from datetime import datetime

from django.utils import timezone

from courses import access, hand_over_ends
from courses import hand_over_queries as reads
from courses.models import Enrolment
from courses.states import HANDING, EnrolmentState
from schools.access import Actor

S = EnrolmentState
CONCERNED = (S.CONFIRMED, S.PENDING, S.RETURNED, S.WAITING, S.WITHDRAWN)


def hand_over_card(enrolment: Enrolment, actor: Actor, *, now: datetime) -> dict[str, object]:
    """Template context: the hand-over that speaks of this application, and whether its place may be handed over."""
    if enrolment.signup_id or enrolment.state not in CONCERNED:
        return {}
    run, mine = enrolment.run, access.is_applicant(actor, enrolment)
    row = reads.about(enrolment)
    goes_on = row is not None and row.state in HANDING and not hand_over_ends.fate(row, now=now)
    gives = row is not None and row.enrolment_id == enrolment.pk
    may_hand_over = (
        mine
        and enrolment.state == S.CONFIRMED
        and run.may_withdraw(now)
        and run.still_ahead(now)
        and not (goes_on and gives)
        and reads.works_at(enrolment.person_id, enrolment.school_id, today=timezone.localdate(now))
    )
    waits = mine and enrolment.state in reads.TAKERS
    return {
        "handed": row,
        "handing": goes_on,
        "gives": gives,
        "may_hand_over": may_hand_over,
        "handed_to_me": reads.asked_of(enrolment.person_id).filter(run=run).first() if waits else None,
    }
