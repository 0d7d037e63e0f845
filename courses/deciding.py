"""The word of the approver: approve, decline, return. Nobody decides on own request."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access, at_work, moves, seats, taking_over
from courses.enrolling import SETTLE, await_step, fresh, next_step, settled
from courses.models import Enrolment
from courses.states import EnrolmentState, Verb
from schools import bell
from schools.access import Actor
from schools.errors import Refused, Stale


def approve(*, enrolment: Enrolment, actor: Actor, seen_step: int, note: str = "") -> Enrolment:
    """Say yes to the step that was seen; after the last one a seat or a place in the queue is given.

    Raises Refused if it is not the actor's to decide the dates have come to clash, or the person has left; Stale if the
    step was decided or the application changed in the meantime.
    """
    with transaction.atomic():
        now = timezone.now()
        enrolment = _to_decide(enrolment, actor, seen_step)
        step = next_step(enrolment, after=enrolment.step, now=now)
        if step is not None:
            await_step(enrolment, step, Verb.APPROVE, actor=actor, now=now, note=note)
            return enrolment
        at_work.refuse_left(enrolment.person, enrolment.run)
        if hand_over := taking_over.awaited(enrolment, now=now):
            taking_over.passes(hand_over, enrolment, Verb.APPROVE, actor=actor, now=now, note=note)
            return enrolment
        seats.refuse_clash(enrolment.person, enrolment.run, own=enrolment)
        chance = seats.chance(enrolment, now=now)
        moves.make(enrolment, Verb.APPROVE, chance.state, actor=actor, now=now, note=note)
    return settled(enrolment, contested=chance.contested)


@transaction.atomic
def decline(*, enrolment: Enrolment, actor: Actor, seen_step: int, note: str) -> Enrolment:
    """Say no, with a reason that the applicant reads. Raises as `approve` does, and without a reason."""
    _refuse_silence(note)
    enrolment = _to_decide(enrolment, actor, seen_step)
    moves.make(enrolment, Verb.DECLINE, EnrolmentState.DECLINED, actor=actor, now=timezone.now(), note=note)
    bell.ring(SETTLE, enrolment.run_id)
    return enrolment


@transaction.atomic
def send_back(*, enrolment: Enrolment, actor: Actor, seen_step: int, note: str) -> Enrolment:
    """Return for changes, with a word on what to change. Raises as `decline` does."""
    _refuse_silence(note)
    enrolment = _to_decide(enrolment, actor, seen_step)
    moves.make(enrolment, Verb.RETURN, EnrolmentState.RETURNED, actor=actor, now=timezone.now(), note=note)
    return enrolment


def _to_decide(enrolment: Enrolment, actor: Actor, seen_step: int) -> Enrolment:
    person, run = seats.lock(person_id=enrolment.person_id, run_id=enrolment.run_id)
    row = fresh(enrolment, person, run)
    if row.state != EnrolmentState.PENDING or row.step != seen_step:
        raise Stale(_("This application has already been decided or changed. Its present status is shown."))
    if not access.may_decide(actor, row):
        raise Refused(_("This application is not yours to decide."))
    return row


def _refuse_silence(note: str) -> None:
    if not note.strip():
        raise Refused(_("Write a word of reason: the applicant will read it."))
