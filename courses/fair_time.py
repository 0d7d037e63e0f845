"""Time to give back a place that came after the withdrawal deadline: whoever was given it without an own yes gets it.

A place that the portal, an approver or an organiser gives so late may find its owner without time. Within the hours of
the run's offers after the letter was written the place is given back in the usual way, until the first day begins.
So it is after a hand-over that the colleague had agreed to in time, and that ended after the deadline by nobody's no of
the two.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from courses.models import Enrolment, EnrolmentMove, HandOver, Run
from courses.states import EnrolmentState, HandOverState, Verb

HOURS = 24
"""Where the run's offers have no clock."""
GIVEN = (Verb.CONFIRM, Verb.APPROVE, Verb.ALLOCATE)
"""Moves by which somebody else gives a place. A CONFIRM of what was offered, or by the applicant, is an own yes."""

FAILED = (HandOverState.DECLINED, HandOverState.LAPSED, HandOverState.FALLEN)
"""Ends of a hand-over that neither of the two has chosen."""

Step = tuple[str, str, bool, datetime | None]
"""Of a move: its verb, where it led, whether the applicant made it, and when it was told."""


def may_withdraw(row: Enrolment, *, now: datetime) -> bool:
    """True while giving up the place is not late: before the deadline, and in the fair time after it came."""
    return row.run.may_withdraw(now) or row.pk in ends([row], now=now)


def ends(rows: Sequence[Enrolment], *, now: datetime) -> dict[int, datetime]:
    """When the fair time of these places of one run ends, by key; only of those that have any left. Two queries.

    Nothing is read before the withdrawal deadline, and once the first day has begun there is none.
    """
    seated = {row.pk: row.run for row in rows if row.state == EnrolmentState.CONFIRMED}
    if not any(run.withdraws_late(now) for run in seated.values()):
        return {}
    moves = EnrolmentMove.objects.filter(enrolment__in=seated).order_by("enrolment", "id")
    steps: dict[int, list[Step]] = {}
    fields = ("enrolment", "enrolment__person", "actor", "verb", "state", "told_at")
    for pk, person, actor, verb, state, told_at in moves.values_list(*fields):
        steps.setdefault(pk, []).append((verb, state, actor == person, told_at))
    found = [(pk, _end(mine, seated[pk].offer_hours or HOURS, now)) for pk, mine in steps.items()]
    found += _of_failed_hand_overs(seated)
    latest = {pk: end for pk, end in sorted(found, key=lambda one: one[1] or now) if end is not None}
    return {pk: end for pk, end in latest.items() if now < end}


def _of_failed_hand_overs(seated: Mapping[int, Run]) -> list[tuple[int, datetime | None]]:
    """Who found somebody in time could not withdraw meanwhile without giving the colleague's place away."""
    rows = HandOver.objects.filter(enrolment__in=seated, taker__isnull=False, state__in=FAILED)
    ended = [(pk, at) for pk, at in rows.values_list("enrolment", "settled_at") if at and seated[pk].withdraws_late(at)]
    return [(pk, at + timedelta(hours=seated[pk].offer_hours or HOURS)) for pk, at in ended]


def _end(steps: Sequence[Step], hours: int, now: datetime) -> datetime | None:
    """The clock starts when the letter is written; until then all the time is left."""
    verb, _state, by_self, told_at = steps[-1]
    offered = len(steps) > 1 and steps[-2][1] == EnrolmentState.OFFERED
    if verb not in GIVEN or (verb == Verb.CONFIRM and (offered or by_self)):
        return None
    return (told_at or now) + timedelta(hours=hours)
