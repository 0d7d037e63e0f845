"""Who has a place and cannot come hands it to a colleague of the same school, or takes that back."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access, hand_over_ends, hand_over_letters, hand_over_queries, seats, taking_over
from courses.enrolling import fresh
from courses.models import Enrolment, HandOver, Run
from courses.states import HANDING, EnrolmentState, HandOverState
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person


def ask(*, enrolment: Enrolment, to: Person, actor: Actor, reason: str = "") -> HandOver:
    """Ask a colleague of the same school to come instead. The place stays where it is until they have agreed.

    Nobody of another school is overtaken: the school has as many places afterwards as before. Raises Refused for
    others than the applicant, without a confirmed place, after the withdrawal deadline, while another colleague is
    asked, and for a colleague who could not have the place; `requiring.Missing` if they lack a course.
    """
    hand_over_ends.settle(among=Q(enrolment=enrolment) | Q(run=enrolment.run_id, to=to))
    try:
        with transaction.atomic():
            return _ask(enrolment, to, actor, reason)
    except IntegrityError as problem:  # asked in two windows at once
        raise Stale(_("This colleague is asked already, or you have asked somebody else.")) from problem


def _ask(enrolment: Enrolment, to: Person, actor: Actor, reason: str) -> HandOver:
    now = timezone.now()
    person, run = seats.lock(person_id=enrolment.person_id, run_id=enrolment.run_id)
    row = fresh(enrolment, person, run)
    if not access.is_applicant(actor, row):
        raise Refused(_("Only the applicant can do this."))
    refuse_untimely(row, run)
    if HandOver.objects.filter(enrolment=row, state__in=HANDING).exists():
        raise Refused(_("You have asked a colleague already. Take that back first."))
    if HandOver.objects.filter(run=run, to=to, state__in=HANDING).exists():
        raise Refused(_("This colleague is asked already to take another place in this course."))
    refuse_left_school(row)
    taking_over.refuse_unfit(to, row, now=now, by_colleague=True)
    until = hand_over_ends.answer_until(run, now=now)
    made = HandOver.objects.create(enrolment=row, run=run, to=to, reason=reason, until=until, created_at=now)
    hand_over_ends.record(made, None, actor=actor, note=reason)
    hand_over_letters.tell(made)
    return made


def refuse_untimely(enrolment: Enrolment, run: Run) -> None:
    """Raises Refused without a confirmed place of staff, and where it is too late to hand it over."""
    now = timezone.now()
    if enrolment.signup_id or enrolment.state != EnrolmentState.CONFIRMED:
        raise Refused(_("Only a confirmed place can be handed to a colleague."))
    if not (run.may_withdraw(now) and run.still_ahead(now)):
        raise Refused(_("The deadline has passed: nobody else can come in this person's place any more."))


def refuse_left_school(enrolment: Enrolment) -> None:
    """Raises Refused if who has the place no longer works at the school for which it counts."""
    if not hand_over_queries.works_at(enrolment.person_id, enrolment.school_id, today=timezone.localdate()):
        raise Refused(_("You no longer work at the school for which you have the place. You can withdraw."))


@transaction.atomic
def take_back(*, hand_over: HandOver, actor: Actor) -> HandOver:
    """Keep the place after all. Raises Refused for others, Stale once it has ended or the place has passed."""
    run = seats.lock_run(hand_over.run_id)
    row = hand_over_ends.locked(hand_over, run)
    if not access.is_applicant(actor, row.enrolment):
        raise Refused(_("Only who has the place can do this."))
    if row.state not in HANDING:
        raise Stale(_("This hand-over has ended in the meantime. How it ended is shown."))
    hand_over_ends.end(row, HandOverState.TAKEN_BACK, actor=actor, now=timezone.now())
    return row
