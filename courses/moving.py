"""Changing a run that people are already in: new dates, or calling it off. Everybody is told once."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import demand_fates, gates, meetings, moves, notices, offer_clock, plans, seats, waiting
from courses.models import Enrolment, Run
from courses.organise_queries import people_who_clash
from courses.organising import changed_by_another
from courses.queries import busy_source
from courses.running import refuse_strangers
from courses.states import OPEN, SEATED, EnrolmentState, NoticeKind, RunState, Verb
from courses.zones import shifted
from schools import agenda, audit
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person

TRIES = 5
RESULTS = (EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)


class _JoinedMeanwhile(Exception):
    """Somebody got a seat between the look and the lock: their time is not locked yet."""


def move_run(*, run: Run, schedule: plans.Schedule, actor: Actor, reason: str, seen: str) -> list[Enrolment]:
    """Give a published run other dates; `seen` is the `running.version` that the organiser saw.

    Everybody keeps the seat; the clock of an offer ends at the new start at the latest. Returns those with a seat
    whose other confirmed events now clash, in order of number. The ledger of taken time follows, the calendar
    sequence rises, and everybody is told once.

    Raises Refused without a reason, for a run that is not published or has results, or if nothing would change;
    Incomplete with each fault of the new dates; Stale if somebody else saved in between.
    """
    refuse_strangers(actor)
    _refuse_silence(reason)
    _retried(lambda: _move(run, schedule, actor, reason, seen))
    waiting.fill(run_id=run.pk)
    return _clashing(run)


def preview_move(*, run: Run, schedule: plans.Schedule, actor: Actor, reason: str, seen: str) -> list[Enrolment]:
    """Whose other events would clash, and every refusal of `move_run`: the deed is done and taken back."""
    refuse_strangers(actor)
    _refuse_silence(reason)
    found: list[Enrolment] = []

    def look() -> None:
        _move(run, schedule, actor, reason, seen)
        found[:] = _clashing(run)
        transaction.set_rollback(True)

    _retried(look)
    return found


def cancel_run(*, run: Run, actor: Actor, reason: str) -> int:
    """Call a published run off: every open enrolment ends, taken time is given back, everybody is told once.

    Returns how many enrolments ended. Raises Refused without a reason or where results are recorded, Stale if
    the run is not published.
    """
    refuse_strangers(actor)
    _refuse_silence(reason)
    with transaction.atomic():
        now = timezone.now()
        run = seats.lock_run(run.pk)
        if run.state != RunState.PUBLISHED:
            raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
        _refuse_results(run)
        before = plans.of_run(run)
        run.state = RunState.CANCELLED
        run.save(update_fields=["state"])
        rows = _open(run)
        for row in rows:
            row.run = run
            moves.make(row, Verb.CANCEL, EnrolmentState.CANCELLED, actor=actor, now=now, note=reason)
        notices.announce(run, NoticeKind.CANCELLED, actor=actor, before=before, reason=reason)
        changes = {"state": (RunState.PUBLISHED, RunState.CANCELLED)}
        audit.record(actor=actor, verb="run.cancel", subject=run, changes=changes, note=reason)
        demand_fates.called_off(run, actor=actor)
    return len(rows)


def _clashing(run: Run) -> list[Enrolment]:
    rows = Enrolment.objects.filter(run=run, state__in=SEATED, person__in=people_who_clash(run))
    return list(rows.select_related("person", "school").prefetch_related("school__names").order_by("number"))


def _open(run: Run) -> list[Enrolment]:
    rows = Enrolment.objects.select_for_update(no_key=True, of=("self",)).filter(run=run, state__in=OPEN)
    return list(rows.select_related("person", "school").order_by("pk"))


def _retried(deed: Callable[[], None]) -> None:
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                deed()
            return
        except _JoinedMeanwhile:
            continue
    raise Stale(_("This has changed in the meantime. Look at its present status and try again."))


def _move(run: Run, schedule: plans.Schedule, actor: Actor, reason: str, seen: str) -> None:
    run, seated = _locked(run)
    before = plans.of_run(run)
    if plans.version(before) != seen:
        raise Stale(changed_by_another())
    if run.state != RunState.PUBLISHED:
        raise Refused(_("Only a published run is moved. A draft is simply edited."))
    _refuse_results(run)
    _write(run, schedule)
    offer_clock.shorten(run, now=timezone.now())
    changes = plans.differences(before, plans.of_run(run))
    if not set(changes) & {"starts_on", "ends_on", "zone", "meetings"}:
        raise Refused(_("These are the dates that the run has already."))
    spans = list(run.meetings.values_list("starts_at", "ends_at"))
    agenda.retake(takers={busy_source(pk): person for pk, person in seated.items()}, spans=spans)
    notices.announce(run, NoticeKind.MOVED, actor=actor, before=before, reason=reason)
    audit.record(actor=actor, verb="run.move", subject=run, changes=changes, note=reason)


def _locked(run: Run) -> tuple[Run, dict[int, int]]:
    """The people with a seat, locked by key, then the run; and the enrolment and person keys of these seats."""
    people = Enrolment.objects.filter(run=run, state__in=SEATED).values_list("person_id", flat=True)
    locked = {
        row.pk for row in Person.objects.select_for_update(no_key=True).filter(pk__in=list(people)).order_by("pk")
    }
    run = seats.lock_run(run.pk)
    seated = dict(Enrolment.objects.filter(run=run, state__in=SEATED).values_list("pk", "person_id"))
    if not set(seated.values()) <= locked:
        raise _JoinedMeanwhile
    return run, seated


def _write(run: Run, schedule: plans.Schedule) -> None:
    facts: dict[str, Any] = schedule.facts() | _merge_date(run, schedule)
    for name, value in facts.items():
        setattr(run, name, value)
    gates.refuse_disorder(run)
    run.save(update_fields=list(facts))
    meetings.rewrite(run, schedule.meetings)
    gates.refuse_incomplete(gates.run_faults(run))


def _merge_date(run: Run, schedule: plans.Schedule) -> dict[str, Any]:
    """The day on which held places go to all keeps its distance from the start, unless it has passed."""
    if not (run.merge_at and run.starts_on and schedule.starts_on and run.holds_back(timezone.now())):
        return {}
    return {"merge_at": shifted(run.merge_at, (schedule.starts_on - run.starts_on).days, schedule.zone)}


def _refuse_results(run: Run) -> None:
    if run.enrolments.filter(state__in=RESULTS).exists():
        raise Refused(_("Results are recorded for this run: it can be neither moved nor cancelled."))


def _refuse_silence(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Write the reason: everybody in the run will read it."))
