"""Sending a request, taking it back, giving it up, calling an approved trip off; agreeing to travel; HQ's excuse."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import approving, routing, trip_access, trip_charges, trip_contents, trip_gates, trip_moves, trip_time
from conferences.coming_back_states import AdvanceState
from conferences.models import AdvanceReport, Traveller, Trip, TripExcuse
from conferences.trip_states import CHANGEABLE, UNDER_WAY, TripPart, TripState, TripVerb
from schools import audit
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person

CONSENT_VERSION = "2026-11"
"""The text that a traveller agrees to; `templates/conferences/trips/_consent.html` holds it."""


@transaction.atomic
def submit(*, trip: Trip, actor: Actor, seen: datetime, note: str = "") -> Trip:
    """Send the request for approval: a version is kept, the money reserved, the first words awaited.

    Raises NotReady with everything that is missing, Refused where the money is short, Stale where somebody
    wrote in the request after it was `seen`.
    """
    now = timezone.now()
    trip = trip_moves.lock(trip)
    trip_moves.refuse_move(TripVerb.SUBMIT, trip, trip_access.part_of(actor, trip))
    if trip.changed_at != seen:
        raise Stale(
            _("Somebody else has changed the request since you opened this page. Look at it, and send it again.")
        )
    today = timezone.localdate(now)
    if faults := trip_gates.faults_of(trip, today=today):
        raise trip_gates.NotReady(faults)
    trip.route = routing.route_on(today)
    trip_contents.keep(trip, actor=actor)
    trip_charges.reserve(trip, actor=actor, now=now)
    trip_moves.make(trip, TripVerb.SUBMIT, TripState.SUBMITTED, part=TripPart.OWNER, actor=actor, now=now, note=note)
    if not routing.open_next(trip, now=now):
        raise Refused(_("The route of approval asks nobody. Write to head office."))
    return trip


@transaction.atomic
def take_back(*, trip: Trip, actor: Actor, note: str = "") -> Trip:
    """Take a request back to change it, approved or not: words, money and days go, and all is asked anew.

    Raises Refused once the trip has begun: what came otherwise belongs in the report then.
    """
    return _unbind(trip, TripVerb.AMEND, TripState.RETURNED, actor=actor, note=note)


@transaction.atomic
def withdraw(*, trip: Trip, actor: Actor, note: str = "") -> Trip:
    """Give the request up before it is approved."""
    return _unbind(trip, TripVerb.WITHDRAW, TripState.WITHDRAWN, actor=actor, note=note)


@transaction.atomic
def call_off(*, trip: Trip, actor: Actor, note: str) -> Trip:
    """Call an approved trip off, with a reason. Raises Refused without one, and once the trip has begun.

    HQ may call off one that has begun and that nobody made or accounts for: its money would stay bound for ever.
    """
    if not note.strip():
        raise Refused(_("Write why the trip is called off."))
    return _unbind(trip, TripVerb.CANCEL, TripState.CANCELLED, actor=actor, note=note)


@transaction.atomic
def agree(*, trip: Trip, actor: Actor, abroad: bool) -> Traveller:
    """A traveller agrees to travel; `abroad` also to name and passport going to a foreign organiser.

    Raises Refused for others, and where the trip leads abroad and that consent is missing.
    """
    trip, row = _own_row(trip, actor)
    if trip.abroad and not abroad:
        raise Refused(
            _("A trip abroad needs this consent: the organiser and the consulate get your name and passport data.")
        )
    row.consented_at = timezone.now()
    row.transfer_consented_at = row.consented_at if abroad else None
    row.consent_version, row.refused_at = CONSENT_VERSION, None
    row.save(update_fields=["consented_at", "transfer_consented_at", "consent_version", "refused_at"])
    trip_moves.take_hand(trip, actor)
    audit.record(actor=actor, verb="trip.agree", subject=trip, person=row.person, changes={"abroad": (None, abroad)})
    return row


@transaction.atomic
def refuse(*, trip: Trip, actor: Actor) -> Traveller:
    """A traveller says no, or takes the agreement back, before the request is approved (Labour Code, article 127)."""
    trip, row = _own_row(trip, actor)
    row.refused_at, row.consented_at, row.transfer_consented_at, row.consent_version = timezone.now(), None, None, ""
    row.save(update_fields=["consented_at", "transfer_consented_at", "consent_version", "refused_at"])
    audit.record(actor=actor, verb="trip.refuse", subject=trip, person=row.person)
    return row


@transaction.atomic
def excuse(*, trip: Trip, person: Person, actor: Actor, reason: str) -> TripExcuse:
    """HQ lets somebody travel although something of an earlier trip is overdue. Raises Refused without a reason,

    for others than HQ, and on a request of the own.
    """
    trip = trip_moves.lock(trip)
    if actor.person_id is None or not trip_access.may_excuse(actor, trip):
        raise Refused(_("Only head office excuses, and nobody on an own request."))
    if not reason.strip():
        raise Refused(_("Write why this trip is allowed all the same."))
    if person.pk not in {row.person_id for row in trip.travellers.all()}:
        raise Refused(_("%(name)s does not travel.") % {"name": person})
    row, fresh = TripExcuse.objects.get_or_create(
        trip=trip, person=person, defaults={"reason": reason, "given_by_id": actor.person_id}
    )
    if fresh:
        audit.record(actor=actor, verb="trip.excuse", subject=trip, person=person, note=reason)
    return row


def _unbind(trip: Trip, verb: str, to: str, *, actor: Actor, note: str) -> Trip:
    """Words, money and days that the trip bound are free again, and it goes to state `to`."""
    now = timezone.now()
    trip = trip_moves.lock(trip)
    part = trip_access.part_of(actor, trip)
    trip_moves.refuse_move(verb, trip, part)
    begun = trip.state == TripState.APPROVED and trip.starts_on <= timezone.localdate(now)
    if begun and (part != TripPart.COORDINATOR or _is_accounted(trip)):
        raise Refused(_("The trip has begun. What came otherwise belongs in its report."))
    if trip.state in UNDER_WAY:
        approving.lapse(trip)
        trip_charges.release(trip, actor=actor, now=now)
        trip_time.give_back(trip)
    trip.order_year = trip.order_number = trip.ordered_on = None
    trip_moves.make(trip, verb, to, part=part, actor=actor, now=now, note=note)
    return trip


def _is_accounted(trip: Trip) -> bool:
    """True if finance has the account of the trip, or has accepted it: from then on only the account speaks."""
    done = (AdvanceState.SUBMITTED, AdvanceState.ACCEPTED)
    return AdvanceReport.objects.filter(trip=trip, state__in=done).exists()


def _own_row(trip: Trip, actor: Actor) -> tuple[Trip, Traveller]:
    trip = trip_moves.lock(trip)
    row = next((row for row in trip.travellers.all() if row.person_id == actor.person_id), None)
    if row is None:
        raise Refused(_("Only a traveller of this trip can say that."))
    if trip.state not in CHANGEABLE:
        raise Stale(_("The request was sent. Take it back to change it."))
    return trip, row
