"""The one place where an enrolment changes state. Each move writes its timeline row and its audit row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from courses.models import Enrolment, EnrolmentMove
from courses.queries import busy_source, spans_of
from courses.states import MOVES, SEATED, EnrolmentState, allowed
from schools import agenda, audit, bell
from schools.access import Actor
from schools.errors import Stale
from schools.models import Person

TELL = "courses.tasks.tell_move"
TELL_SIGNUP = "courses.tasks.tell_signup"
SAVED = ["state", "step", "decider", "step_due", "offer_until", "changed_at", "reason"]


def make(
    enrolment: Enrolment,
    verb: str,
    to: str,
    *,
    actor: Actor,
    now: datetime,
    step: int = 0,
    decider: str = "",
    step_due: date | None = None,
    offer_until: datetime | None = None,
    note: str = "",
) -> EnrolmentMove:
    """Move `enrolment` to state `to`, inside the caller's transaction and under the caller's locks.

    A new row (without a key) is inserted. Taken time follows the seat: it is written when a seat is
    confirmed and given back when the seat is lost.

    Raises Stale if the move may not start from the present state, ValueError if it may not end in `to`.
    """
    before = enrolment.state if enrolment.pk else None
    if not allowed(verb, before):
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    if to not in MOVES[verb].targets:
        raise ValueError(f"{verb} may not lead to {to}")
    enrolment.state, enrolment.step, enrolment.decider, enrolment.step_due = to, step, decider, step_due
    enrolment.offer_until, enrolment.changed_at = offer_until, now
    if before is None:
        enrolment.save(force_insert=True)
    else:
        enrolment.save(update_fields=SAVED)
    _keep_time(enrolment, before)
    return _write_down(enrolment, verb, before, actor=actor, now=now, step=step, note=note)


@dataclass(frozen=True, slots=True)
class Change:
    """One of many moves: the row, where it goes, and the words of its timeline."""

    enrolment: Enrolment
    to: str
    note: str = ""


def make_many(changes: Sequence[Change], verb: str, *, actor: Actor, now: datetime, told: bool) -> None:
    """As `make`, the same verb for many rows at once, in a few statements for all; their numbers are saved too.

    Of rows that await no approval and no answer. With `told` somebody else writes to staff about it; the contacts of
    guests hear as of every move.
    """
    before = {change.enrolment.pk: change.enrolment.state for change in changes}
    if any(not allowed(verb, state) for state in before.values()):
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    if wrong := {str(change.to) for change in changes} - set(MOVES[verb].targets):
        raise ValueError(f"{verb} may not lead to {wrong}")
    for change in changes:
        change.enrolment.state, change.enrolment.changed_at = change.to, now
    rows = [change.enrolment for change in changes]
    for to in {change.to for change in changes}:
        keys = [row.pk for row in rows if row.state == to]
        Enrolment.objects.filter(pk__in=keys).update(state=to, changed_at=now)
    waiting = [row for row in rows if row.state == EnrolmentState.WAITING]
    Enrolment.objects.bulk_update(waiting, ["number"], batch_size=500)
    for run in {row.run_id: row.run for row in rows}.values():
        takers = {busy_source(row.pk): row.person_id for row in rows if row.run_id == run.pk and row.state in SEATED}
        agenda.retake(takers=takers, spans=spans_of(run))
    _write_down_many(changes, verb, before, actor=actor, now=now, told=told)


def _write_down_many(
    changes: Sequence[Change], verb: str, before: Mapping[int, str], *, actor: Actor, now: datetime, told: bool
) -> None:
    EnrolmentMove.objects.bulk_create(
        EnrolmentMove(
            enrolment=change.enrolment,
            verb=verb,
            state=change.to,
            actor_id=actor.person_id,
            at=now,
            note=change.note,
            told_at=now if told and not change.enrolment.signup_id else None,
        )
        for change in changes
    )
    deeds = [
        audit.Deed(
            subject=change.enrolment,
            changes={"state": (before[change.enrolment.pk], str(EnrolmentState(change.to)))},
            note=change.note,
            school=change.enrolment.school_id,
            person=change.enrolment.person,
        )
        for change in changes
    ]
    audit.record_many(actor=actor, verb=f"enrolment.{verb}", deeds=deeds)
    for signup in {change.enrolment.signup_id for change in changes if change.enrolment.signup_id}:
        bell.ring(TELL_SIGNUP, signup)


def hand_over(enrolment: Enrolment, to: Person, *, actor: Actor) -> None:
    """Somebody else takes this row's place, under the caller's locks: state and number stay, taken time follows."""
    before, enrolment.person = enrolment.person, to
    enrolment.save(update_fields=["person"])
    changes = {"person": (before.pk, to.pk)}
    audit.record(actor=actor, verb="enrolment.hand_over", subject=enrolment, changes=changes, person=to)
    if enrolment.state in SEATED:
        agenda.release(source=busy_source(enrolment.pk))
        _keep_time(enrolment, None)


def _keep_time(enrolment: Enrolment, before: str | None) -> None:
    holds, held = enrolment.state in SEATED, before in SEATED
    if holds and not held:
        agenda.take(person=enrolment.person, spans=spans_of(enrolment.run), source=busy_source(enrolment.pk))
    elif held and not holds:
        agenda.release(source=busy_source(enrolment.pk))


def _write_down(
    enrolment: Enrolment, verb: str, before: str | None, *, actor: Actor, now: datetime, step: int, note: str
) -> EnrolmentMove:
    move = EnrolmentMove.objects.create(
        enrolment=enrolment,
        verb=verb,
        state=enrolment.state,
        step=step,
        actor_id=actor.person_id,
        at=now,
        note=note,
    )
    audit.record(
        actor=actor,
        verb=f"enrolment.{verb}",
        subject=enrolment,
        changes={"state": (before, str(EnrolmentState(enrolment.state)))},
        note=note,
        school=enrolment.school_id,
        person=enrolment.person,
    )
    if enrolment.signup_id:
        bell.ring(TELL_SIGNUP, enrolment.signup_id)
    else:
        bell.ring(TELL, move.pk)
    return move
