"""Scans of tickets from trainers' phones: many at once, and each counts once however often it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import attendance, seats
from courses.models import Attendance, Enrolment, Meeting, Scan
from courses.states import SEATED, EnrolmentState, MarkSource, Presence, ScanOutcome
from schools.access import Actor
from schools.errors import Refused, Stale

MOST_SCANS = 500
"""So many at a time: a phone with more sends them in parts."""
Came = ScanOutcome


class TooEarly(Stale):
    """The meeting has not begun: the phone keeps its scans and tries again."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a phone tells of one scan; `at` is the time of its own clock."""

    nonce: str
    code: str
    at: datetime


@transaction.atomic
def take_in(*, meeting: Meeting, scans: Sequence[Scanned], actor: Actor) -> dict[str, str]:
    """Mark everybody whose ticket was scanned as present; returns by nonce what came of each scan.

    A nonce that was taken in before has the answer of then. Of two scans of one person the earlier makes the
    mark. Raises Refused for others than the run's trainers and coordinators and for too many scans, TooEarly
    before the doors open.
    """
    if len(scans) > MOST_SCANS:
        raise Refused(_("At most %(most)s scans can be sent at a time.") % {"most": MOST_SCANS})
    run, now = seats.lock_run(meeting.run_id), timezone.now()
    attendance.refuse_others(actor, run)
    opens = meeting.starts_at - attendance.DOORS_OPEN
    if opens > now:
        raise TooEarly(_("This meeting has not started yet."))
    answers = _answered(meeting, scans)
    new = {scan.nonce: scan for scan in sorted(scans, key=lambda scan: scan.at) if scan.nonce not in answers}
    found = _found(meeting, list(new.values()))
    came: dict[int, tuple[Enrolment, datetime]] = {}
    kept = []
    for scan in new.values():
        at, row = min(max(scan.at, opens), now), found.rows.get(scan.code)
        outcome = found.outcome(scan.code, came)
        if outcome == Came.MARKED and row:
            came[row.pk] = row, at
        nobody = outcome in (Came.UNKNOWN, Came.ELSEWHERE)
        kept.append(_scan(meeting, scan, None if nobody else row, outcome, at, now, actor))
    if came:
        attendance.arrive(meeting=meeting, came=list(came.values()), source=MarkSource.SCAN, actor=actor)
    Scan.objects.bulk_create(kept, ignore_conflicts=True)
    return answers | {row.nonce: row.outcome for row in kept}


def _answered(meeting: Meeting, scans: Sequence[Scanned]) -> dict[str, str]:
    """What was said of those taken in before. A nonce of another meeting is not ours to tell of."""
    rows = Scan.objects.filter(nonce__in=[scan.nonce for scan in scans])
    return {
        nonce: outcome if at == meeting.pk else Came.ELSEWHERE
        for nonce, outcome, at in rows.values_list("nonce", "outcome", "meeting")
    }


@dataclass(frozen=True, slots=True)
class _Found:
    """The rows behind scanned codes, and the marks that stand at the meeting."""

    run_id: int
    rows: Mapping[str, Enrolment]
    marks: Mapping[int, str]

    def outcome(self, code: str, came: Mapping[int, object]) -> ScanOutcome:
        row = self.rows.get(code)
        if row is None:
            return Came.UNKNOWN
        if row.run_id != self.run_id:
            return Came.ELSEWHERE
        if row.state not in SEATED:
            return Came.NO_SEAT
        if row.pk in came:
            return Came.ALREADY
        if (mark := self.marks.get(row.pk)) is not None:
            return Came.ALREADY if mark == Presence.PRESENT else Came.ABSENT
        return Came.MARKED if row.state == EnrolmentState.CONFIRMED else Came.CLOSED


def _found(meeting: Meeting, scans: Sequence[Scanned]) -> _Found:
    rows = Enrolment.objects.filter(uid__in={scan.code for scan in scans}).select_related("person", "school")
    people = {row.uid: row for row in rows}
    marks = Attendance.objects.filter(meeting=meeting, enrolment__in=list(people.values()))
    return _Found(meeting.run_id, people, dict(marks.values_list("enrolment", "presence")))


def _scan(
    meeting: Meeting,
    scan: Scanned,
    row: Enrolment | None,
    outcome: ScanOutcome,
    at: datetime,
    now: datetime,
    actor: Actor,
) -> Scan:
    return Scan(
        nonce=scan.nonce,
        meeting=meeting,
        enrolment=row,
        scanned_at=at,
        received_at=now,
        by_id=actor.person_id,
        outcome=outcome,
    )
