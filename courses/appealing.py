"""Appeals against an allocation: once, in time, answered with words."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access, allocation_telling, outcome_queries, waiting
from courses.models import AllocationEdit, AllocationOutcome, Appeal, Enrolment, Signup
from courses.signing_up import GUEST
from courses.states import HOLDING, AppealState, EnrolmentState
from schools import audit, bell, registry
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person

ERASED = "—"
TELL = "courses.tasks.tell_appeal"


@transaction.atomic
def appeal(*, outcome: AllocationOutcome, text: str, actor: Actor) -> Appeal:
    """An applicant without a place asks to look again, once, until the last day of appeals.

    Raises Refused for others, without words, with a place, or too late; Stale if there is an appeal already.
    """
    if actor.person_id != outcome.enrolment.person_id:
        raise Refused(_("Only the applicant can do this."))
    return _made(outcome, text, actor)


@transaction.atomic
def appeal_by_link(*, signup: Signup, enrolment: str, text: str) -> Appeal:
    """The contact of a sign-up appeals for one of its people, by the uid of the enrolment. Raises as `appeal` does.

    Raises Stale for somebody who does not wait in this sign-up any more.
    """
    row = outcome_queries.appealable(signup, signup.enrolments.all(), now=timezone.now()).get(enrolment)
    if row is None:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    return _made(row, text, GUEST)


def _made(outcome: AllocationOutcome, text: str, actor: Actor) -> Appeal:
    person = Person.objects.select_for_update(no_key=True).get(pk=outcome.enrolment.person_id)
    if not text.strip():
        raise Refused(_("Write what should be looked at again."))
    if not waiting_rows(outcome).exists():
        raise Refused(_("Only somebody without a place can appeal."))
    if not allocation_telling.may_still_appeal(outcome.allocation, now=timezone.now()):
        raise Refused(_("The time for appeals is over."))
    if appeal_of(outcome):
        raise Stale(_("You have appealed already."))
    row = Appeal.objects.create(allocation=outcome.allocation, enrolment=outcome.enrolment, text=text.strip())
    audit.record(
        actor=actor, verb="appeal.make", subject=row, note=row.text, school=outcome.enrolment.school_id, person=person
    )
    bell.ring(TELL, row.pk)
    return row


def refuse(*, appeal: Appeal, answer: str, actor: Actor) -> Appeal:
    """Say no, with words that the applicant reads. Raises Stale if it is answered already."""
    with transaction.atomic():
        return _answer(_open(appeal, answer, actor), AppealState.REFUSED, answer, actor)


def uphold(*, appeal: Appeal, enrolment: Enrolment, answer: str, actor: Actor, add_place: bool = False) -> Appeal:
    """Say yes: the waiting application gets a place out of turn, with the answer as its reason.

    Raises Stale if it is answered already, and Refused as `waiting.override` does.
    """
    with transaction.atomic():
        if enrolment.person_id != appeal.enrolment.person_id or enrolment.run.intake_id != appeal.allocation.intake_id:
            raise Refused(_("The person has not applied for this run."))
        # Seats first, as everywhere: persons, runs, applications, and the appeal after them.
        waiting.override(enrolment=enrolment, actor=actor, reason=answer, add_place=add_place)
        return _answer(_open(appeal, answer, actor), AppealState.UPHELD, answer, actor)


def open_appeals(actor: Actor) -> QuerySet[Appeal]:
    """Appeals that wait for this actor's word, the oldest first. Nobody answers their own."""
    rows = Appeal.objects.filter(state=AppealState.OPEN).order_by("pk")
    if not access.may_manage_courses(actor):
        return rows.none()
    return rows.exclude(enrolment__person=actor.person_id)


def forget(*, person: Person, **_facts: object) -> None:
    """Whose data go loses the words about them: appeals, answers, and reasons of edits."""
    Appeal.objects.filter(enrolment__person=person, state=AppealState.OPEN).update(text=ERASED)
    Appeal.objects.filter(enrolment__person=person).exclude(state=AppealState.OPEN).update(text=ERASED, answer=ERASED)
    AllocationEdit.objects.filter(enrolment__person=person).update(reason=ERASED)


def listen() -> None:
    registry.erased.listen(forget)


def appeal_of(outcome: AllocationOutcome) -> Appeal | None:
    return Appeal.objects.filter(allocation=outcome.allocation_id, enrolment=outcome.enrolment_id).first()


def outcome_of(appeal: Appeal) -> AllocationOutcome:
    """What the appeal is about."""
    rows = AllocationOutcome.objects.select_related("allocation", "enrolment__person", "run", "edit")
    return rows.get(allocation=appeal.allocation_id, enrolment=appeal.enrolment_id)


def waiting_rows(outcome: AllocationOutcome) -> QuerySet[Enrolment]:
    """Where the applicant waits for a place, in order of wish; nobody who has one in the intake."""
    rows = Enrolment.objects.filter(person=outcome.enrolment.person_id, run__intake=outcome.allocation.intake_id)
    if outcome.run_id is not None or rows.filter(state__in=HOLDING).exists():
        return rows.none()
    return rows.filter(state=EnrolmentState.WAITING).select_related("run__course").order_by("wish", "pk")


def _open(appeal: Appeal, answer: str, actor: Actor) -> Appeal:
    if not access.may_manage_courses(actor):
        raise Refused(_("Only coordinators organise courses."))
    if not answer.strip():
        raise Refused(_("Write a word of reason: the applicant will read it."))
    rows = Appeal.objects.select_for_update(no_key=True, of=("self",)).select_related("enrolment__person")
    row = rows.get(pk=appeal.pk)
    if row.state != AppealState.OPEN:
        raise Stale(_("This appeal is answered already."))
    if row.enrolment.person_id == actor.person_id:
        raise Refused(_("Nobody answers their own appeal."))
    return row


def _answer(row: Appeal, state: str, answer: str, actor: Actor) -> Appeal:
    row.state, row.answer, row.answered_by_id, row.answered_at = state, answer.strip(), actor.person_id, timezone.now()
    row.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    audit.record(
        actor=actor,
        verb="appeal.answer",
        subject=row,
        changes={"state": (str(AppealState.OPEN), str(state))},
        note=row.answer,
        school=row.enrolment.school_id,
        person=row.enrolment.person,
    )
    bell.ring(TELL, row.pk)
    return row
