"""Getting a seat and giving it back: apply, be nominated, withdraw."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access, at_work, fair_time, holding, moves, requiring, seats, waiting, wishing
from courses.models import ApprovalStep, Enrolment, Run
from courses.states import LIVE, EnrolmentState, Verb
from schools import bell, norms
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person
from schools.queries import heads_of, school_id_of
from schools.states import Role

SETTLE = "courses.tasks.settle_hand_overs"


def enrol(*, person: Person, run: Run, actor: Actor, reason: str = "") -> Enrolment:
    """Apply for a seat. Without approval steps the seat is given, or the place in the queue, at once.

    Raises Refused if registration is not open, the person has left or has no time, or a live enrolment exists;
    `requiring.Missing` if another course has to be completed first.
    """
    if actor.person_id != person.pk:
        raise Refused(_("You can apply only for yourself. To send a colleague, nominate them."))
    with transaction.atomic():
        now = timezone.now()
        person, run = seats.lock(person_id=person.pk, run_id=run.pk)
        _refuse_unless_possible(person, run, now)
        enrolment = new(person, run, now, reason=reason)
        contested = _enter(enrolment, Verb.APPLY, actor=actor, now=now)
    return settled(enrolment, contested=contested)


@transaction.atomic
def nominate(*, person: Person, run: Run, actor: Actor, reason: str = "", of_held: bool = False) -> Enrolment:
    """Propose a colleague, who then accepts or not. Takes no seat and no approval yet.

    `of_held`: for a seat that the colleague's school holds, and that stays kept until the answer.

    Raises Refused as `enrol` does, if the actor may not nominate this person, and without a held seat for the name.
    """
    now = timezone.now()
    person, run = seats.lock(person_id=person.pk, run_id=run.pk)
    if not access.may_nominate_person(actor, person.pk, school_id_of(person, on=timezone.localdate(now))):
        raise Refused(_("You can nominate only colleagues of your own school."))
    _refuse_unless_possible(person, run, now)
    enrolment = new(person, run, now, reason=reason)
    if of_held:
        holding.refuse_unheld(run, enrolment.school_id, now=now)
    enrolment.nominated_by_id, enrolment.of_held = actor.person_id, of_held
    moves.make(enrolment, Verb.NOMINATE, EnrolmentState.NOMINATED, actor=actor, now=now, note=reason)
    return enrolment


def accept_nomination(*, enrolment: Enrolment, actor: Actor) -> Enrolment:
    """The nominated person says yes, and the application takes its usual way."""
    with transaction.atomic():
        now = timezone.now()
        enrolment = _locked_own(enrolment, actor)
        _refuse_closed(enrolment.run, now)
        at_work.refuse_left(enrolment.person, enrolment.run)
        requiring.refuse_missing(enrolment.person, enrolment.run)
        seats.refuse_parallel(enrolment.person, enrolment.run)
        seats.refuse_clash(enrolment.person, enrolment.run, own=enrolment)
        contested = _enter(enrolment, Verb.ACCEPT, actor=actor, now=now)
    return settled(enrolment, contested=contested)


@transaction.atomic
def refuse_nomination(*, enrolment: Enrolment, actor: Actor, note: str = "") -> Enrolment:
    """The nominated person says no."""
    enrolment = _locked_own(enrolment, actor)
    moves.make(enrolment, Verb.REFUSE, EnrolmentState.REFUSED, actor=actor, now=timezone.now(), note=note)
    return enrolment


def resubmit(*, enrolment: Enrolment, actor: Actor, reason: str) -> Enrolment:
    """Send a returned application again, from the first step on. It keeps its number."""
    with transaction.atomic():
        now = timezone.now()
        enrolment = _locked_own(enrolment, actor)
        enrolment.reason = reason
        contested = _enter(enrolment, Verb.RESUBMIT, actor=actor, now=now, note=reason)
    return settled(enrolment, contested=contested)


def withdraw(*, enrolment: Enrolment, actor: Actor, note: str = "") -> Enrolment:
    """Give up the application or the seat. A freed seat goes to the waiting list at once.

    Raises Refused for a confirmed seat after the withdrawal deadline and its `fair_time`: then `leaving_late` is the
    way. Those who organise the run may still take others out of it; that counts against nobody.
    """
    with transaction.atomic():
        now = timezone.now()
        person, run = seats.lock(person_id=enrolment.person_id, run_id=enrolment.run_id)
        enrolment = fresh(enrolment, person, run)
        if not access.may_withdraw(actor, enrolment):
            raise Refused(_("This application can no longer be withdrawn."))
        late = enrolment.state == EnrolmentState.CONFIRMED and not fair_time.may_withdraw(enrolment, now=now)
        if late and (access.is_applicant(actor, enrolment) or not access.may_manage_courses(actor)):
            raise Refused(_("The withdrawal deadline has passed. The page says what you can still do."))
        moves.make(enrolment, Verb.WITHDRAW, EnrolmentState.WITHDRAWN, actor=actor, now=now, note=note)
        bell.ring(SETTLE, run.pk)
    waiting.fill(run_id=run.pk)
    return enrolment


def new(person: Person, run: Run, now: datetime, *, reason: str, school_id: int | None = None) -> Enrolment:
    """An application that is not written yet, with the next number of the run; under the locks of person and run.

    It counts for the person's school of today, or for the one that is given.
    """
    return Enrolment(
        run=run,
        person=person,
        school_id=school_id or school_id_of(person, on=timezone.localdate(now)),
        number=seats.take_number(run),
        wish=wishing.next_wish(person, run),
        reason=reason,
        created_at=now,
    )


def _enter(enrolment: Enrolment, verb: str, *, actor: Actor, now: datetime, note: str = "") -> bool:
    """Send the enrolment to its first approval step, or to a seat where the chain asks nobody.

    True if somebody else has to be looked at first for a seat that is free: see `settled`.
    """
    step = next_step(enrolment, now=now)
    if step is None:
        chance = seats.chance(enrolment, now=now)
        moves.make(enrolment, verb, chance.state, actor=actor, now=now, note=note)
        return chance.contested
    await_step(enrolment, step, verb, actor=actor, now=now, note=note)
    return False


def await_step(
    enrolment: Enrolment, step: ApprovalStep, verb: str, *, actor: Actor, now: datetime, note: str = ""
) -> None:
    """From this move on the step's decision is awaited, by whoever decides it for this applicant today."""
    today = timezone.localdate(now)
    moves.make(
        enrolment,
        verb,
        EnrolmentState.PENDING,
        actor=actor,
        now=now,
        step=step.order,
        decider=decider_of(enrolment, step.role, today),
        step_due=decision_due(today),
        note=note,
    )


def next_step(enrolment: Enrolment, *, after: int = 0, now: datetime) -> ApprovalStep | None:
    """The step of approval that follows; None where nobody more is asked.

    A director who names somebody for a held seat has approved it by that, while held seats are kept. What was
    returned is always looked at again.
    """
    steps = ApprovalStep.objects.filter(chain=enrolment.run.chain_id, order__gt=after).order_by("order")
    if enrolment.of_held and enrolment.run.holds_back(now) and _named_by_a_head(enrolment):
        rest = steps.exclude(role=Role.DIRECTOR).first()
        return rest if rest or enrolment.state != EnrolmentState.RETURNED else steps.first()
    return steps.first()


def _named_by_a_head(enrolment: Enrolment) -> bool:
    """True if whoever named the person led the school on that day, and the person does not."""
    if enrolment.school_id is None or enrolment.nominated_by_id in (None, enrolment.person_id):
        return False
    heads = heads_of(enrolment.school_id, on=timezone.localdate(enrolment.created_at))
    keys = set(heads.values_list("pk", flat=True))
    return enrolment.nominated_by_id in keys and enrolment.person_id not in keys


def settled(enrolment: Enrolment, *, contested: bool) -> Enrolment:
    """The row after those before it in line were looked at, where a seat is free that not all of them can take."""
    if contested:
        waiting.fill(run_id=enrolment.run_id)
        enrolment.refresh_from_db(fields=["state", "offer_until"])
    return enrolment


def decider_of(enrolment: Enrolment, role: str, today: date) -> str:
    """The role that decides this step: HQ where the applicant leads the school, or nobody does."""
    if role == Role.DIRECTOR:
        heads = list(heads_of(enrolment.school_id, on=today)) if enrolment.school_id else []
        others = [head.pk for head in heads if head.pk != enrolment.person_id]
        leads_it = len(others) != len(heads)
        if leads_it or not others:
            return Role.HQ
    return role


def decision_due(today: date) -> date:
    return norms.working_days_after(today, norms.value("approval_days", on=today))


def _refuse_unless_possible(person: Person, run: Run, now: datetime) -> None:
    _refuse_closed(run, now)
    if Enrolment.objects.filter(person=person, run=run, state__in=LIVE).exists():
        raise Refused(_("There is already an application for this course."))
    at_work.refuse_left(person, run)
    requiring.refuse_missing(person, run)
    seats.refuse_parallel(person, run)
    seats.refuse_clash(person, run)


def _refuse_closed(run: Run, now: datetime) -> None:
    if not run.is_open(now):
        raise Refused(_("Registration for this course is closed."))


def _locked_own(enrolment: Enrolment, actor: Actor) -> Enrolment:
    person, run = seats.lock(person_id=enrolment.person_id, run_id=enrolment.run_id)
    enrolment = fresh(enrolment, person, run)
    if not access.is_applicant(actor, enrolment):
        raise Refused(_("Only the applicant can do this."))
    return enrolment


def fresh(enrolment: Enrolment, person: Person, run: Run) -> Enrolment:
    """The row as it is now, under the locks, with the locked person and run.

    Raises Stale if it has become another person's before the locks were there.
    """
    row = Enrolment.objects.select_for_update(no_key=True, of=("self",)).select_related("school").get(pk=enrolment.pk)
    if row.person_id != person.pk:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    row.person, row.run = person, run
    return row
