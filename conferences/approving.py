"""The word of an approver on a trip: yes to the version that was seen, no, or back for changes."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import (
    orders,
    routing,
    stand_in_queries,
    trip_access,
    trip_charges,
    trip_contents,
    trip_moves,
    trip_time,
)
from conferences.models import Trip, TripApproval
from conferences.trip_contents import Difference
from conferences.trip_states import ApprovalState, TripPart, TripState, TripVerb
from schools.access import Actor
from schools.errors import Refused, Stale


class Changed(Stale):
    """The request is another one than that which was read. `differences` say how."""

    def __init__(self, message: str, differences: list[Difference]) -> None:
        super().__init__(message)
        self.differences = differences


@transaction.atomic
def approve(*, approval: TripApproval, actor: Actor, seen_version: int, note: str = "") -> Trip:
    """Say yes to the version that was seen; the last word commits the money, takes the days and makes the order.

    Raises Refused where the word is not the actor's to give, or the days or the money are gone; Changed if
    the request is another version by now, Stale if somebody decided before.
    """
    now = timezone.now()
    trip, row = _to_decide(approval, actor, seen_version)
    _settle(row, ApprovalState.APPROVED, actor=actor, now=now, note=note)
    rest = TripApproval.objects.filter(trip=trip, state=ApprovalState.OPEN).exists()
    last = not rest and not routing.open_next(trip, now=now)
    if last and trip.starts_on <= timezone.localdate(now):
        raise Refused(_("The trip begins today or has begun: no order can stand before it. Return or decline it."))
    if last:
        trip_time.take(trip)
        trip_charges.commit(trip, actor=actor, now=now)
        orders.number(trip, now=now)
    to = TripState.APPROVED if last else TripState.SUBMITTED
    _move(trip, TripVerb.APPROVE, to, row, actor=actor, now=now, note=note)
    return trip


@transaction.atomic
def decline(*, approval: TripApproval, actor: Actor, seen_version: int, note: str) -> Trip:
    """Say no for good, with a reason that the travellers read. The money is free again. Raises as `approve` does."""
    return _refuse(TripVerb.DECLINE, ApprovalState.DECLINED, TripState.DECLINED, approval, actor, seen_version, note)


@transaction.atomic
def send_back(*, approval: TripApproval, actor: Actor, seen_version: int, note: str) -> Trip:
    """Return for changes, with a word on what to change. All words given so far lapse. Raises as `decline` does."""
    return _refuse(TripVerb.RETURN, ApprovalState.RETURNED, TripState.RETURNED, approval, actor, seen_version, note)


def lapse(trip: Trip) -> None:
    """No word that was given or is awaited counts any more: the request is about to change, or has gone."""
    TripApproval.objects.filter(trip=trip, state__in=(ApprovalState.OPEN, ApprovalState.APPROVED)).update(
        state=ApprovalState.VOID
    )


def _refuse(verb: str, word: str, to: str, approval: TripApproval, actor: Actor, seen_version: int, note: str) -> Trip:
    if not note.strip():
        raise Refused(_("Write a word of reason: the travellers will read it."))
    now = timezone.now()
    trip, row = _to_decide(approval, actor, seen_version)
    _settle(row, word, actor=actor, now=now, note=note)
    lapse(trip)
    trip_charges.release(trip, actor=actor, now=now)
    _move(trip, verb, to, row, actor=actor, now=now, note=note)
    return trip


def _to_decide(approval: TripApproval, actor: Actor, seen_version: int) -> tuple[Trip, TripApproval]:
    """Trip and word under lock. The order of refusals: who may not decide learns nothing of what changed."""
    trip = trip_moves.lock(approval.trip)
    row = TripApproval.objects.select_for_update(no_key=True, of=("self",)).select_related("step").get(pk=approval.pk)
    today = timezone.localdate()
    held = stand_in_queries.holders_for(actor, row, on=today)
    asked = TripApproval(role=row.role, school_id=row.school_id, person_id=row.person_id)
    hands = stand_in_queries.hands_of(trip)
    if not trip_access.may_decide_trip(actor, trip, asked, holders=held, hands=hands):
        if actor.person_id in hands:
            raise Refused(_("You have said yes to this trip already: the next word must be another person's."))
        raise Refused(_("This request is not yours to decide."))
    if trip.version != seen_version:
        raise Changed(
            _("The request was changed after you opened it. See what is different, then decide."),
            _since(trip, seen_version),
        )
    if row.state != ApprovalState.OPEN or trip.state != TripState.SUBMITTED:
        raise Stale(_decided(row))
    row.acting_for_id = None if trip_access.asks(actor, row) else next(iter(held))
    return trip, row


def _since(trip: Trip, seen_version: int) -> list[Difference]:
    contents: dict[int, Any] = {version.number: version.content for version in trip.versions.all()}
    return trip_contents.differences(contents.get(seen_version, {}), contents[trip.version])


def _decided(row: TripApproval) -> str:
    if row.decided_by is None:
        return _("This request has been decided or changed in the meantime. Its present status is shown.")
    words = {"who": row.decided_by.short_name, "what": row.get_state_display()}
    return _("%(who)s has decided this step already: %(what)s.") % words


def _settle(row: TripApproval, state: str, *, actor: Actor, now: datetime, note: str) -> None:
    row.state, row.decided_by_id, row.decided_at, row.note = state, actor.person_id, now, note
    row.save(update_fields=["state", "decided_by", "acting_for", "decided_at", "note"])


def _move(trip: Trip, verb: str, to: str, row: TripApproval, *, actor: Actor, now: datetime, note: str) -> None:
    trip_moves.make(trip, verb, to, part=TripPart.APPROVER, actor=actor, now=now, note=note, approval=row)
