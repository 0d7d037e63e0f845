"""What the pages of a trip share: who may open it, the way back, and how a refusal is answered."""

from datetime import datetime

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from conferences import trip_access, trip_moves, trip_words
from conferences.models import Trip
from conferences.stand_in_queries import word_for

Trail = list[tuple[str, str]]
NEVER = datetime(2000, 1, 1, tzinfo=timezone.get_fixed_timezone(0))


def trip_by(request: HttpRequest, uid: str) -> Trip:
    """The trip with what its page reads; for whom it is not there, it is not there at all."""
    trip = trip_moves.loaded(Trip.objects.filter(uid=uid)).first()
    if trip is None:
        raise Http404
    if trip_access.may_see_trip(request.actor, trip, asked=trip.approvals.all()) or word_for(request.actor, trip):
        return trip
    raise Http404


def own_trip(request: HttpRequest, uid: str) -> Trip:
    """As `trip_by`, for those who write in it."""
    trip = trip_by(request, uid)
    if not trip_access.owns(request.actor, trip):
        raise Http404
    return trip


def trail_to(trip: Trip | None = None) -> Trail:
    """The way back from a page about trips."""
    trail = [(_("Trips"), reverse("conferences:trips"))]
    if trip is not None:
        trail.append((trip_words.where(trip), reverse("conferences:trip", args=[trip.uid])))
    return trail


def seen_by(request: HttpRequest) -> datetime:
    """When the request had last been changed, as the page said that was sent; nonsense fits no request."""
    try:
        return parse_datetime(request.POST.get("seen", "")) or NEVER
    except ValueError:
        return NEVER
