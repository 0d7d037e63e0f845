"""Results of a run: completed when hours and the final assessment allow."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access, moves, seats
from courses.models import Enrolment, Run
from courses.states import Assessment, CertificateState, EnrolmentState, Presence, Verb
from schools import audit, norms
from schools.access import Actor
from schools.alphabet import in_order
from schools.errors import Refused


@dataclass(frozen=True, slots=True)
class Result:
    """What would be decided about one participant. `attended` and `held` are academic hours."""

    enrolment: Enrolment
    attended: int
    held: int
    passes: bool
    lacks: str


def results(run: Run, *, percent: int) -> list[Result]:
    """Everybody with a seat whose result is open, by name, with what the rules say.

    Passing needs `percent` of the held hours and, where the course has one, a passed final assessment.
    Hours missed for a valid reason count as missed. A run without meetings asks for no hours.
    """
    return _results(run, Enrolment.objects.filter(run=run, state=EnrolmentState.CONFIRMED), percent)


def result_of(enrolment: Enrolment, *, percent: int) -> Result:
    """What the rules say of one participant, whether decided or not, in the active language."""
    return _results(enrolment.run, Enrolment.objects.filter(pk=enrolment.pk), percent)[0]


def percent_for(run: Run) -> int:
    """The share of hours to attend that holds for the run."""
    return norms.value("attendance_percent", on=run.ends_on or timezone.localdate())


def _results(run: Run, enrolments: QuerySet[Enrolment], percent: int) -> list[Result]:
    held = run.meetings.aggregate(total=Coalesce(Sum("hours"), 0))["total"]
    rows = (
        enrolments.annotate(
            attended=Coalesce(Sum("attendance__meeting__hours", filter=Q(attendance__presence=Presence.PRESENT)), 0)
        )
        .select_related("person", "school", "run__course")
        .order_by(*in_order("person__surname", "person__given_name"), "id")
    )
    return [_result(row, held, percent) for row in rows]


def _result(row: Any, held: int, percent: int) -> Result:
    lacks = []
    if row.attended * 100 < held * percent:
        lacks.append(_("attended %(attended)s of %(held)s hours") % {"attended": row.attended, "held": held})
    if row.run.course.final_assessment and row.assessment != Assessment.PASSED:
        lacks.append(_("final assessment not passed") if row.assessment else _("no final assessment yet"))
    return Result(enrolment=row, attended=row.attended, held=held, passes=not lacks, lacks="; ".join(lacks))


@transaction.atomic
def assess(*, run: Run, marks: dict[int, str], actor: Actor) -> int:
    """Write the final assessment of participants (by key of enrolment); returns how many changed.

    Raises Refused for others than trainers and coordinators, and for results that are closed.
    """
    run = _locked(run, actor)
    rows = {row.pk: row for row in Enrolment.objects.filter(run=run, state=EnrolmentState.CONFIRMED, pk__in=marks)}
    if set(marks) - set(rows):
        raise Refused(_("The list has changed in the meantime. Look at it and mark again."))
    changed = [row for pk, row in rows.items() if row.assessment != marks[pk]]
    for row in changed:
        was, row.assessment = row.assessment, marks[row.pk]
        row.save(update_fields=["assessment"])
        audit.record(
            actor=actor,
            verb="enrolment.assess",
            subject=row,
            changes={"assessment": (was, row.assessment)},
            school=row.school,
            person=row.person,
        )
    return len(changed)


@transaction.atomic
def close(*, run: Run, actor: Actor) -> tuple[int, int]:
    """Decide the open results of a run that has ended; returns (completed, not passed).

    Raises Refused for others than trainers and coordinators, and before the last day has come.
    """
    run = _locked(run, actor)
    now = timezone.now()
    today = timezone.localdate(now)
    if run.ends_on is None or run.ends_on > today:
        raise Refused(_("Results are decided on the last day of the course or later."))
    rows = results(run, percent=percent_for(run))
    for row in rows:
        row.enrolment.run = run
        verb, to = (
            (Verb.COMPLETE, EnrolmentState.COMPLETED) if row.passes else (Verb.FAIL, EnrolmentState.NOT_COMPLETED)
        )
        moves.make(row.enrolment, verb, to, actor=actor, now=now, note=row.lacks)
    passed = sum(row.passes for row in rows)
    return passed, len(rows) - passed


@transaction.atomic
def reopen(*, enrolment: Enrolment, actor: Actor, reason: str) -> Enrolment:
    """Open a decided result again, so that attendance or assessment can be corrected.

    Raises Refused without a reason, or while a valid certificate stands (revoke it first).
    """
    if not reason.strip():
        raise Refused(_("Write why the result is opened again."))
    run = _locked(enrolment.run, actor)
    row = (
        Enrolment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person", "school")
        .get(pk=enrolment.pk)
    )
    if row.certificates.filter(state=CertificateState.VALID).exists():
        raise Refused(_("A valid certificate stands. Revoke it before opening the result."))
    row.run = run
    moves.make(row, Verb.REOPEN, EnrolmentState.CONFIRMED, actor=actor, now=timezone.now(), note=reason)
    return row


def _locked(run: Run, actor: Actor) -> Run:
    run = seats.lock_run(run.pk)
    if not access.may_teach(actor, run, trainer_ids=set(run.trainers.values_list("person_id", flat=True))):
        raise Refused(_("Only the trainers of this course and coordinators can do this."))
    return run
