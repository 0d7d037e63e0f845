"""Sharing out the places of an intake: open it, propose, edit with a reason, drop. Publishing is in `publishing`."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import access, seats
from courses.allocation import allocate, inputs_to_json, result_to_json
from courses.allocation_standing import Standing, digest, standing
from courses.gathering import gather
from courses.models import Allocation, AllocationEdit, AllocationRules, Enrolment, Intake, Run
from courses.seat_rules import Obstacle
from courses.states import LIVE, AllocationState, RunState
from schools import audit
from schools.access import Actor
from schools.errors import Refused, Stale

SEED_BYTES = 16
NO_PLACE = {
    Obstacle.FULL: gettext_lazy("All places of this run are given in the proposal. Take somebody out of it first."),
    Obstacle.KEPT: gettext_lazy("The places that are left are promised to other schools or regions."),
}


def open_intake(*, run: Run, actor: Actor) -> Intake:
    """Gather applications until the deadline, and share the places afterwards; for parallel runs all together.

    Raises Refused if somebody has applied already, or a run has no application deadline.
    """
    with transaction.atomic():
        intake, runs = _locked_intake(run, actor)
        if intake.by_allocation:
            raise Stale(_changed())
        if any(one.closes_at is None for one in runs):
            raise Refused(_("Set an application deadline for every run first: places are shared after it."))
        _refuse_applicants(runs)
        intake.by_allocation = True
        intake.save(update_fields=["by_allocation"])
        audit.record(actor=actor, verb="intake.allocation", subject=intake, changes={"by_allocation": (False, True)})
    return intake


def close_intake(*, run: Run, actor: Actor) -> None:
    """Back to first come, first served, as long as nobody has applied. Raises as `open_intake`."""
    with transaction.atomic():
        intake, runs = _locked_intake(run, actor)
        if not intake.gathers:
            raise Stale(_changed())
        _refuse_applicants(runs)
        intake.by_allocation = False
        intake.save(update_fields=["by_allocation"])
        audit.record(actor=actor, verb="intake.allocation", subject=intake, changes={"by_allocation": (True, False)})


def propose(*, intake: Intake, rules: AllocationRules, actor: Actor) -> Allocation:
    """Work out who would get a place, and keep it as the proposal; an earlier proposal is dropped.

    The seed is drawn once for an intake: nobody draws again until the draw suits.
    Raises Refused before all deadlines have passed, or if nobody has applied.
    """
    _refuse_others(actor)
    with transaction.atomic():
        now = timezone.now()
        runs = lock_runs(intake)
        intake = _locked(intake)
        if not intake.gathers:
            raise Stale(_changed())
        if not deadlines_passed(runs, now):
            raise Refused(_("Applications are still coming in. Places are shared after the last deadline."))
        inputs = gather(intake, rules=rules.values(), seed=seed_of(intake), now=now)
        if not inputs.applicants:
            raise Refused(_("Nobody awaits the allocation."))
        _drop_draft(intake, actor)
        told = inputs_to_json(inputs)
        allocation = Allocation.objects.create(
            intake=intake,
            rules=rules,
            seed=inputs.seed,
            inputs=told,
            result=result_to_json(allocate(inputs)),
            digest=digest(told, rules.version, inputs.seed),
            made_by_id=actor.person_id,
            made_at=now,
        )
        changes = {"rules": (None, rules.version), "digest": (None, allocation.digest)}
        audit.record(actor=actor, verb="allocation.propose", subject=allocation, changes=changes)
    return allocation


@transaction.atomic
def edit(*, allocation: Allocation, enrolment: Enrolment, run: Run | None, reason: str, actor: Actor) -> AllocationEdit:
    """Give one applicant another place, or none, in the proposal. The applicant reads the reason.

    Caps of schools and regions may be passed over, the number of places and what is promised to others never.
    Raises Refused without a reason or a place that can be given; Stale if the proposal is one no more.
    """
    _refuse_others(actor)
    if actor.person_id == enrolment.person_id:
        raise Refused(_("Nobody gives a place to themselves."))
    if not reason.strip():
        raise Refused(_("Write a word of reason: the applicant will read it."))
    allocation = locked_draft(allocation)
    now_stands = standing(allocation)
    if enrolment.uid not in now_stands.applicants:
        raise Stale(_changed())
    before = now_stands.places.get(enrolment.uid)
    rule = _refuse_impossible(now_stands, enrolment.uid, run.uid if run else None)
    row = AllocationEdit.objects.create(
        allocation=allocation,
        enrolment=enrolment,
        from_run=Run.objects.get(uid=before) if before else None,
        to_run=run,
        reason=reason.strip(),
        actor_id=actor.person_id,
    )
    audit.record(
        actor=actor,
        verb="allocation.edit",
        subject=allocation,
        changes={"run": (row.from_run_id, row.to_run_id), "rule": (None, str(rule or ""))},
        note=row.reason,
        school=enrolment.school_id,
        person=enrolment.person,
    )
    return row


@transaction.atomic
def drop(*, allocation: Allocation, actor: Actor) -> None:
    """Put the proposal away; everybody goes on waiting for the allocation. Raises Stale if it is one no more."""
    _refuse_others(actor)
    _put_away(locked_draft(allocation), actor)


def lock_runs(intake: Intake) -> list[Run]:
    """The intake's runs, locked in the order of their keys."""
    rows = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("intake")
    return list(rows.filter(intake=intake).order_by("pk"))


def locked_draft(allocation: Allocation) -> Allocation:
    """The proposal as it is now, locked. Raises Stale if it was published or dropped."""
    row = Allocation.objects.select_for_update(no_key=True, of=("self",)).select_related("rules").get(pk=allocation.pk)
    if row.state != AllocationState.DRAFT:
        raise Stale(_changed())
    return row


def deadlines_passed(runs: list[Run], now: datetime) -> bool:
    """True once nobody can apply any more for any of the runs that still take place."""
    coming = [run for run in runs if run.state == RunState.PUBLISHED]
    return bool(coming) and all(run.closes_at is not None and run.closes_at <= now for run in coming)


def seed_of(intake: Intake) -> str:
    """The intake's seed: that of its first proposal, else a new one that nobody could know."""
    first = Allocation.objects.filter(intake=intake).order_by("pk").values_list("seed", flat=True).first()
    return first or secrets.token_hex(SEED_BYTES)


def _refuse_impossible(now_stands: Standing, applicant: str, run: str | None) -> Obstacle | None:
    """The cap that is passed over, if any."""
    if now_stands.places.get(applicant) == run:
        raise Refused(_("That is what the proposal says already."))
    if run is None:
        return None
    if run not in now_stands.applicants[applicant].wishes:
        raise Refused(_("The person has not applied for this run."))
    obstacle = now_stands.obstacle(applicant, run)
    if obstacle in NO_PLACE:
        raise Refused(NO_PLACE[obstacle])
    return obstacle


def _locked_intake(run: Run, actor: Actor) -> tuple[Intake, list[Run]]:
    """The run's intake with all its runs, locked; a run of its own gets one."""
    _refuse_others(actor)
    if run.intake is not None:
        runs = lock_runs(run.intake)
        return _locked(run.intake), runs
    alone = seats.lock_run(run.pk)
    if alone.intake is not None:
        raise Stale(_changed())
    alone.intake = Intake.objects.create()
    alone.save(update_fields=["intake"])
    return _locked(alone.intake), [alone]


def _locked(intake: Intake) -> Intake:
    return Intake.objects.select_for_update(no_key=True).get(pk=intake.pk)


def _drop_draft(intake: Intake, actor: Actor) -> None:
    for row in Allocation.objects.filter(intake=intake, state=AllocationState.DRAFT):
        _put_away(row, actor)


def _put_away(allocation: Allocation, actor: Actor) -> None:
    allocation.state = AllocationState.DROPPED
    allocation.save(update_fields=["state"])
    audit.record(actor=actor, verb="allocation.drop", subject=allocation)


def _refuse_applicants(runs: list[Run]) -> None:
    if Enrolment.objects.filter(run__in=runs, state__in=LIVE).exists():
        raise Refused(_("Somebody has applied already: the way in which places are given stays as it was announced."))


def _refuse_others(actor: Actor) -> None:
    if not access.may_manage_courses(actor):
        raise Refused(_("Only coordinators organise courses."))


def _changed() -> str:
    return _("This has changed in the meantime. Look at its present status and try again.")
