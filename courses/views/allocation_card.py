"""What the page of an application shows of an allocation: the outcome with its reason, and the appeal."""

from django.utils import timezone

from courses import access, allocation_telling, allocation_words, appealing
from courses.forms.allocation import AppealForm
from courses.models import Enrolment
from schools.access import Actor


def allocation_card(enrolment: Enrolment, actor: Actor) -> dict[str, object]:
    """Template context; nothing for runs that are not allocated (no query), little before the allocation (one)."""
    row = allocation_telling.outcome_for(enrolment.person_id, enrolment.run.intake_id)
    mine = access.is_applicant(actor, enrolment)
    theirs = row is not None and row.enrolment.school_id == enrolment.school_id
    if row is None or not (mine or theirs or actor.is_network):  # an application from another school is not theirs
        return {}
    made = appealing.appeal_of(row)
    without = appealing.waiting_rows(row).exists()
    in_time = allocation_telling.may_still_appeal(row.allocation, now=timezone.now())
    voice = allocation_words.APPLICANT if mine else allocation_words.COORDINATOR
    return {
        "allocated": allocation_telling.told(row, voice=voice),
        "allocated_run": row.run,
        "appeal": made,
        "may_appeal": mine and made is None and without and in_time,
        "appeal_until": allocation_telling.appeal_until(row.allocation),
        "appeal_form": AppealForm(),
    }
