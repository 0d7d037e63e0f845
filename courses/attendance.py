"""Who was at the meetings: marks by the trainer, check-in by QR, corrections with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from courses import access, seats
from courses.models import Attendance, Enrolment, Meeting, Run
from courses.states import HOLDING, SEATED, EnrolmentState, MarkSource, Presence
from schools import audit
from schools.access import Actor
from schools.errors import Refused
from schools.models.base import ALPHABET

DOORS_OPEN = timedelta(minutes=30)
"""Check-in by QR is open so long before a meeting starts and after it ends."""
SEAL_LETTERS = 10
"""Ten letters of 31 (49 bits): short enough to be typed, and there is half a day to guess them."""
SALT = "courses.check_in"


@transaction.atomic
def mark(*, meeting: Meeting, marks: Mapping[int, str], actor: Actor, reason: str = "") -> int:
    """Write the presence of enrolments (by key) at a meeting; returns how many rows changed.

    A first mark needs no reason; changing one does. Enrolments of other runs or without a seat are
    refused, as are meetings in the future.

    Raises Refused.
    """
    run = seats.lock_run(meeting.run_id)
    refuse_others(actor, run)
    now = timezone.now()
    if meeting.starts_at - DOORS_OPEN > now:
        raise Refused(_("This meeting has not started yet."))
    people = {
        row.pk: row
        for row in Enrolment.objects.filter(run=run, state__in=HOLDING, pk__in=marks).select_related("person")
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
    _write([_row(meeting, pk, presence, MarkSource.TRAINER, actor, now) for pk, presence in changed.items()])
    new = [_deed(people[pk], meeting, None, presence, reason) for pk, presence in changed.items() if pk not in before]
    audit.record_many(actor=actor, verb="attendance.mark", deeds=new)
    deeds = [_deed(people[pk], meeting, before[pk].presence, changed[pk], reason) for pk in corrected]
    audit.record_many(actor=actor, verb="attendance.correct", deeds=deeds)
    return len(changed)


def arrive(
    *, meeting: Meeting, came: Sequence[tuple[Enrolment, datetime]], source: str, actor: Actor
) -> list[Attendance]:
    """Mark people who have no mark yet as present, each at a moment of their own, under the run's lock.

    The rows bring the person. Three statements, however many come.
    """
    rows = [_row(meeting, row.pk, Presence.PRESENT, source, actor, at) for row, at in came]
    made = Attendance.objects.bulk_create(rows)
    deeds = [_deed(row, meeting, None, Presence.PRESENT) for row, _at in came]
    audit.record_many(actor=actor, verb="attendance.mark", deeds=deeds)
    return made


def _row(meeting: Meeting, pk: int, presence: str, source: str, actor: Actor, at: datetime) -> Attendance:
    return Attendance(
        meeting=meeting,
        enrolment_id=pk,
        presence=presence,
        source=source,
        marked_by_id=actor.person_id,
        marked_at=at,
    )


def _write(rows: Sequence[Attendance]) -> None:
    Attendance.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["meeting", "enrolment"],
        update_fields=["presence", "source", "marked_by", "marked_at"],
    )


def _deed(enrolment: Enrolment, meeting: Meeting, was: str | None, presence: str, reason: str = "") -> audit.Deed:
    return audit.Deed(
        subject=enrolment,
        changes={f"{meeting.day:%Y-%m-%d}": (was, presence)},
        note=reason,
        school=enrolment.school_id,
        person=enrolment.person,
    )


def check_in_token(meeting: Meeting) -> str:
    """What the code on the wall holds: which meeting, and letters that only the portal can make."""
    number = _in_letters(meeting.pk)
    return f"{number}-{_seal(number)}"


def meeting_of(token: str) -> Meeting | None:
    """The meeting behind a code on the wall, in capitals or not; None for an altered or unknown one."""
    number, _dash, seal = token.strip().lower().partition("-")
    if not constant_time_compare(seal, _seal(number)):
        return None
    key = sum(ALPHABET.index(letter) * len(ALPHABET) ** place for place, letter in enumerate(reversed(number)))
    return Meeting.objects.select_related("run__course", "run__host").filter(pk=key).first()


def _in_letters(number: int, least: int = 1) -> str:
    """A number written with the letters of `ALPHABET`, none of which is mistaken for another."""
    letters = ""
    while number or len(letters) < least:
        number, rest = divmod(number, len(ALPHABET))
        letters = ALPHABET[rest] + letters
    return letters


def _seal(number: str) -> str:
    digest = salted_hmac(SALT, number, algorithm="sha256").digest()
    return _in_letters(int.from_bytes(digest) % len(ALPHABET) ** SEAL_LETTERS, SEAL_LETTERS)


def doors_are_open(meeting: Meeting, *, now: datetime) -> bool:
    """True while check-in is open: half an hour before the meeting to half an hour after it."""
    return meeting.starts_at - DOORS_OPEN <= now <= meeting.ends_at + DOORS_OPEN


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where somebody stands who has opened the code on the wall.

    `outcome` is open, present, absent (so marked by the trainer), no_seat, early or late. `row` is the mark
    that stands. Between `opens_at` and `closes_at` the own presence can be marked.
    """

    outcome: str
    opens_at: datetime
    closes_at: datetime
    enrolment: Enrolment | None = None
    row: Attendance | None = None


def arrival(*, meeting: Meeting, person_id: int | None, now: datetime) -> Arrival:
    """What a check-in of this person at this meeting would meet; nothing is written."""
    rows = Enrolment.objects.filter(run=meeting.run_id, person=person_id, state__in=SEATED)
    return arrival_of(
        rows.select_related("person", "school").first() if person_id is not None else None, meeting=meeting, now=now
    )


def arrival_of(enrolment: Enrolment | None, *, meeting: Meeting, now: datetime) -> Arrival:
    """As `arrival`, of a row that is known; None and rows without a seat have none."""
    span = (meeting.starts_at - DOORS_OPEN, meeting.ends_at + DOORS_OPEN)
    if enrolment is None or enrolment.state not in SEATED:
        return Arrival("no_seat", *span)
    row = Attendance.objects.filter(meeting=meeting, enrolment=enrolment).first()
    if row is not None:
        outcome = "present" if row.presence == Presence.PRESENT else "absent"
    elif enrolment.state != EnrolmentState.CONFIRMED or now > span[1]:
        outcome = "late"
    else:
        outcome = "early" if now < span[0] else "open"
    return Arrival(outcome, *span, enrolment=enrolment, row=row)


@transaction.atomic
def check_in(*, meeting: Meeting, actor: Actor) -> Attendance:
    """A participant marks the own presence from the code on the wall. Doing it twice counts once.

    Raises Refused without a seat, or outside the meeting's time (half an hour before to half an hour after).
    """
    now = timezone.now()
    seats.lock_run(meeting.run_id)
    found = arrival(meeting=meeting, person_id=actor.person_id, now=now)
    return settle(found, meeting=meeting, actor=actor, now=now)


def settle(found: Arrival, *, meeting: Meeting, actor: Actor, now: datetime) -> Attendance:
    """The mark that stands, else a new one, under the run's lock. Raises Refused as `check_in` does."""
    if found.enrolment is None:
        raise Refused(_("You have no confirmed place on this course."))
    if found.outcome in ("early", "late") or not found.opens_at <= now <= found.closes_at:
        raise Refused(_("Check-in is open only during the meeting."))
    if found.outcome == "absent":
        raise Refused(_("The trainer has marked you as absent. Talk to the trainer."))
    if found.row is not None:
        return found.row
    return arrive(meeting=meeting, came=[(found.enrolment, now)], source=MarkSource.CHECK_IN, actor=actor)[0]


def refuse_others(actor: Actor, run: Run) -> None:
    if not access.may_teach(actor, run, trainer_ids=set(run.trainers.values_list("person_id", flat=True))):
        raise Refused(_("Only the trainers of this course and coordinators can do this."))
