"""Parallel runs: the coordinator joins runs of one course, so that one person takes one seat among them."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import intake_queries, waiting
from courses.models import Enrolment, Intake, Run
from courses.organising import refuse_strangers
from courses.states import HOLDING, LIVE, RunState
from schools import audit
from schools.access import Actor
from schools.errors import Refused, Stale

JOINABLE = (RunState.DRAFT, RunState.PUBLISHED)


@transaction.atomic
def of(*, run: Run, actor: Actor) -> Intake:
    """The intake of the run; a new one with this run alone where it has none. Raises Refused for strangers."""
    refuse_strangers(actor)
    locked = _locked([run.pk])[run.pk]
    if locked.intake is not None:
        return locked.intake
    intake = Intake.objects.create()
    _put(locked, intake, actor)
    return intake


@transaction.atomic
def join(*, run: Run, other: Run, actor: Actor) -> Intake:
    """Let `other` be taken together with `run` and whatever runs parallel to it. Joined already: nothing happens.

    Raises Refused for strangers, for a run of something else, that is over, or that stands in another intake; if
    somebody has a seat in both; and, where places of the intake are allocated, once they are, or if `other` has
    applications, places that schools hold, or no deadline.
    """
    refuse_strangers(actor)
    beforehand = Run.objects.filter(intake__isnull=False, intake__runs=run).values_list("pk", flat=True)
    _locked([run.pk, other.pk, *beforehand])  # all at once, in the one order
    intake = of(run=run, actor=actor)
    locked = _locked([*intake.runs.values_list("pk", flat=True), other.pk])
    other, beside = locked[other.pk], [row for row in locked.values() if row.intake_id == intake.pk]
    if other in beside:
        return intake
    if not any(row.pk == run.pk for row in beside):
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    _refuse_strange(beside, other)
    if intake.by_allocation:
        _refuse_unlike_allocated(intake, other)
    _refuse_two_seats(beside, other)
    _put(other, intake, actor)
    return intake


def leave(*, run: Run, actor: Actor) -> None:
    """Take the run out of its intake; one that is left alone is no intake any more. Who waits may now be served.

    Raises Refused for strangers, and while or after the places of the intake are allocated.
    """
    with transaction.atomic():
        refuse_strangers(actor)
        found = Run.objects.filter(intake__runs=run).values_list("pk", flat=True)
        locked = _locked([*found, run.pk])
        row = locked[run.pk]
        if row.intake is None:
            return
        if row.intake.by_allocation:
            raise Refused(_("Places of these runs are allocated together: none of them can leave."))
        beside = [one for one in locked.values() if one.intake_id == row.intake_id]
        if row.intake.runs.count() != len(beside):  # another joined before the locks were there
            raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
        gone = beside if len(beside) <= 2 else [row]
        intake = row.intake
        for one in gone:
            _put(one, None, actor)
        if len(gone) == len(beside):
            intake.delete()
    for one in beside:
        waiting.fill(run_id=one.pk)


def _locked(pks: Iterable[int]) -> dict[int, Run]:
    """These runs by key, locked in the order of their keys: nobody gets a seat in any of them meanwhile."""
    rows = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("course", "intake")
    return {row.pk: row for row in rows.filter(pk__in=set(pks)).order_by("pk")}


def _put(run: Run, intake: Intake | None, actor: Actor) -> None:
    before, run.intake = run.intake, intake
    run.save(update_fields=["intake"])
    changes = {"intake": (before and before.uid, intake and intake.uid)}
    audit.record(actor=actor, verb="run.join" if intake else "run.leave", subject=run, changes=changes)


def _refuse_strange(beside: list[Run], other: Run) -> None:
    if other.intake is not None:
        raise Refused(_("This run has parallel runs of its own. Take it out there first."))
    if other.state not in JOINABLE or intake_queries.is_over(other, today=timezone.localdate()):
        raise Refused(_("Only runs that are planned or open can be joined."))
    strange = {row.course_id for row in beside} - {other.course_id}
    if strange - intake_queries.same_courses(other.course_id):
        raise Refused(_("Only runs of the same course, or of one that counts as the same, can be joined."))


def _refuse_unlike_allocated(intake: Intake, other: Run) -> None:
    """Raises Refused unless the run could have been there when the intake was opened for the allocation."""
    if not intake.gathers:
        raise Refused(_("The places of these runs have been allocated already: no run can join them any more."))
    if other.enrolments.filter(state__in=LIVE).exists():
        raise Refused(_("Places of these runs are allocated: a run that has applications already cannot join them."))
    if other.hold_limit or other.shares.filter(held__gt=0).exists():
        raise Refused(_("Places of these runs are allocated: a run whose places schools can hold cannot join them."))
    if other.closes_at is None:
        raise Refused(_("Places of these runs are allocated after the deadline: set one for the run that joins them."))


def _refuse_two_seats(beside: list[Run], other: Run) -> None:
    rows = Enrolment.objects.filter(run__in=[*beside, other], state__in=HOLDING).order_by()
    twice = rows.values("person__surname", "person__given_name", "person").annotate(n=Count("pk")).filter(n__gt=1)
    names = ", ".join(f"{row['person__surname']} {row['person__given_name']}" for row in twice.order_by("person")[:10])
    if names:
        text = _("These people have a place in more than one of the runs: %(names)s. One of the two must be given up.")
        raise Refused(text % {"names": names})
