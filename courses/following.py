"""People who leave: what becomes of their open applications and seats when they are erased or change school."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from courses import enrolling, letters, moves
from courses.models import Enrolment, EnrolmentMove, HandOver, PrerequisiteWaiver, Run
from courses.states import OPEN, EnrolmentState, RunState, Verb
from schools import audit, bell, outbox, registry
from schools.access import SYSTEM, Actor
from schools.models import Person, School
from schools.states import Role

FILL = "courses.tasks.fill_waiting"
S = EnrolmentState
UNSEATED = (S.NOMINATED, S.PENDING, S.RETURNED, S.POOLED, S.WAITING)
"""States in which no seat is given yet: they go along to the new school."""
AHEAD = Q(run__state__in=(RunState.DRAFT, RunState.PUBLISHED))


def erased(*, person: Person, actor: Actor) -> None:
    """The portal gives up whatever is still open; the seats go on in order of the lists, and nobody is written to.

    What a coordinator wrote about the person goes too, and what was written when a place was handed over.
    """
    now = timezone.now()
    rows = _locked(Enrolment.objects.filter(AHEAD, person=person, state__in=OPEN))
    for row in rows:
        refuses = row.state == S.NOMINATED
        verb, to = (Verb.REFUSE, S.REFUSED) if refuses else (Verb.WITHDRAW, S.WITHDRAWN)
        moves.make(row, verb, to, actor=SYSTEM, now=now)
    EnrolmentMove.objects.filter(enrolment__in=rows, told_at=None).update(told_at=now)
    outbox.supersede(about=rows)
    PrerequisiteWaiver.objects.filter(person=person).delete()
    handed = HandOver.objects.filter(Q(to=person) | Q(enrolment__person=person))
    handed.update(reason="", answer="")
    outbox.supersede(about=list(handed))
    bell.ring(enrolling.SETTLE)
    if rows:
        bell.ring(FILL)


def transferred(*, person: Person, source: School, target: School, on: date, actor: Actor) -> None:
    """Applications for runs that begin when the person works at the new school go along, with their number.

    Who has no seat yet would be away from the new school: so that one's caps and promises count for the row, and its
    director decides what is pending, in full time. A seat that is given stays counted where it was given: nobody
    loses one by moving, and figures do not change. A place held by the old school is no longer filled by them.
    """
    later = Q(run__starts_on__gte=on) | Q(run__starts_on=None)
    mine = Enrolment.objects.filter(AHEAD, later, person=person, state__in=UNSEATED, school=source, signup=None)
    now = timezone.now()
    for row in _locked(mine):
        changes = {"school": (source.pk, target.pk)}
        audit.record(actor=actor, verb="enrolment.transfer", subject=row, changes=changes, school=target, person=person)
        row.school, row.of_held = target, False
        row.save(update_fields=["school", "of_held"])
        if row.state == S.PENDING:
            _ask_anew(row, now)
    bell.ring(enrolling.SETTLE)


def _ask_anew(row: Enrolment, now: datetime) -> None:
    """The step that is awaited is now for the head of the new school, or HQ where nobody else leads it."""
    today = timezone.localdate(now)
    role = row.run.chain.steps.get(order=row.step).role
    before, row.decider = row.decider, enrolling.decider_of(row, role, today)
    if (before, row.decider) != (Role.HQ, Role.HQ):
        row.step_due = enrolling.decision_due(today)
        row.save(update_fields=["decider", "step_due"])
        letters.tell_new_deciders(row)


def _locked(rows: Iterable[Enrolment]) -> list[Enrolment]:
    """These rows as they are under the locks of their runs, in the order of keys; the caller holds the person's."""
    keys = [row.pk for row in rows]
    runs = Run.objects.filter(enrolments__in=keys).values("pk")
    list(Run.objects.select_for_update(no_key=True).filter(pk__in=runs).order_by("pk"))
    found = Enrolment.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys, state__in=OPEN)
    return list(found.select_related("person", "school", "signup", "run__chain", "run__course").order_by("pk"))


def listen() -> None:
    registry.erased.listen(erased)
    registry.transferred.listen(transferred)
