"""Who was at the meetings: marks by the trainer, check-in by QR, corrections with a reason."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access, seats
from courses.models import Attendance, Enrolment, Meeting
from courses.states import HOLDING, EnrolmentState, MarkSource, Presence
from schools import audit
from schools.access import Actor
from schools.errors import Refused

DOORS_OPEN = timedelta(minutes=30)
"""Check-in by QR is open so long before a meeting starts and after it ends."""
_signer = Signer(salt="courses.check_in")


@transaction.atomic
def mark(*, meeting: Meeting, marks: Mapping[int, str], actor: Actor, reason: str = "") -> int:
    """Write the presence of enrolments (by key) at a meeting; returns how many rows changed.

    A first mark needs no reason; changing one does. Enrolments of other runs or without a seat are
    refused, as are meetings in the future.

    Raises Refused.
    """
    run = seats.lock_run(meeting.run_id)
    _refuse_others(actor, run)
    now = timezone.now()
    if meeting.starts_at - DOORS_OPEN > now:
        raise Refused(_("This meeting has not started yet."))
    people = {
        row.pk: row
        for row in Enrolment.objects.filter(run=run, state__in=HOLDING, pk__in=marks).select_related("person", "school")
    }
    if set(marks) - set(people) or set(marks.values()) - set(Presence.values):
        raise Refused(_("The list has changed in the meantime. Look at it and mark again."))
    before = {row.enrolment_id: row for row in Attendance.objects.filter(meeting=meeting, enrolment__in=people)}
    changed = {pk: presence for pk, presence in marks.items() if pk not in before or before[pk].presence != presence}
    corrected = [pk for pk in changed if pk in before]
    if corrected and not reason.strip():
        raise Refused(_("Write why a mark that stood already is corrected."))
    if any(people[pk].state != EnrolmentState.CONFIRMED for pk in corrected):
        raise Refused(_("Results of this course are closed. Open the result again before correcting attendance."))
    _write(meeting, changed, source=MarkSource.TRAINER, actor=actor, now=now)
    for pk in changed:
        was = before[pk].presence if pk in before else None
        _record(actor, people[pk], meeting, was, changed[pk], reason)
    return len(changed)


def _write(meeting: Meeting, marks: Mapping[int, str], *, source: str, actor: Actor, now: datetime) -> None:
    rows = [
        Attendance(
            meeting=meeting,
            enrolment_id=pk,
            presence=presence,
            source=source,
            marked_by_id=actor.person_id,
            marked_at=now,
        )
        for pk, presence in marks.items()
    ]
    Attendance.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["meeting", "enrolment"],
        update_fields=["presence", "source", "marked_by", "marked_at"],
    )


def _record(
    actor: Actor, enrolment: Enrolment, meeting: Meeting, was: str | None, presence: str, reason: str = ""
) -> None:
    audit.record(
        actor=actor,
        verb="attendance.mark" if was is None else "attendance.correct",
        subject=enrolment,
        changes={f"{meeting.day:%Y-%m-%d}": (was, presence)},
        note=reason,
        school=enrolment.school,
        person=enrolment.person,
    )


def check_in_token(meeting: Meeting) -> str:
    """What the QR code on the wall holds: the meeting's key, signed."""
    return _signer.sign_object({"m": meeting.pk}, compress=False)


def meeting_of(token: str) -> Meeting | None:
    """The meeting behind a code on the wall; None for an altered or unknown one."""
    try:
        key = _signer.unsign_object(token)["m"]
    except (BadSignature, KeyError, TypeError, ValueError):
        return None
    return Meeting.objects.select_related("run__course").filter(pk=key).first()


@transaction.atomic
def check_in(*, meeting: Meeting, actor: Actor) -> Attendance:
    """A participant marks the own presence from the code on the wall. Doing it twice counts once.

    Raises Refused without a seat, or outside the meeting's time (half an hour before to half an hour after).
    """
    now = timezone.now()
    enrolment = (
        Enrolment.objects.filter(run=meeting.run_id, person=actor.person_id, state=EnrolmentState.CONFIRMED)
        .select_related("person", "school")
        .first()
    )
    if enrolment is None:
        raise Refused(_("You have no confirmed place on this course."))
    if not meeting.starts_at - DOORS_OPEN <= now <= meeting.ends_at + DOORS_OPEN:
        raise Refused(_("Check-in is open only during the meeting."))
    row, new = Attendance.objects.get_or_create(
        meeting=meeting,
        enrolment=enrolment,
        defaults={
            "presence": Presence.PRESENT,
            "source": MarkSource.CHECK_IN,
            "marked_by_id": actor.person_id,
            "marked_at": now,
        },
    )
    if new:
        _record(actor, enrolment, meeting, None, Presence.PRESENT)
    elif row.presence != Presence.PRESENT:
        raise Refused(_("The trainer has marked you as absent. Talk to the trainer."))
    return row


def _refuse_others(actor: Actor, run) -> None:
    if not access.may_teach(actor, run, trainer_ids=set(run.trainers.values_list("person_id", flat=True))):
        raise Refused(_("Only the trainers of this course and coordinators can do this."))
