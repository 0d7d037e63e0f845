"""How trips are shown: a status in a word with its colour, where it goes, what it costs."""

from django import template
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conferences.models import EstimateLine, Trip
from conferences.money import shown
from conferences.trip_states import TripState
from courses.countries import COUNTRIES
from schools.templatetags.ui import badge

register = template.Library()
KINDS = {
    TripState.DRAFT: "quiet",
    TripState.SUBMITTED: "info",
    TripState.RETURNED: "wait",
    TripState.APPROVED: "ok",
    TripState.DECLINED: "no",
    TripState.WITHDRAWN: "quiet",
    TripState.CANCELLED: "no",
    TripState.CLOSED: "ok",
}


@register.inclusion_tag("ui/badge.html")
def trip_badge(trip: Trip) -> dict[str, object]:
    """{% trip_badge trip %}: the status of a trip as a badge."""
    return badge(KINDS[TripState(trip.state)], str(capfirst(TripState(trip.state).label)))


@register.filter
def trip_title(trip: Trip) -> str:
    """{{ trip|trip_title }}: the conference or the course it leads to, else the city."""
    if trip.edition:
        return str(trip.edition)
    return str(trip.run.course) if trip.run else _("Trip: %(city)s") % {"city": trip.city}


@register.filter
def country_name(code: str) -> str:
    return str(COUNTRIES.get(code, code))


@register.filter
def tenge(tiyn: int) -> str:
    """{{ trip.total|tenge }}: tiyn as people write tenge."""
    return shown(tiyn)


@register.filter
def own_sum(line: EstimateLine) -> str:
    """{{ line|own_sum }}: the sum of a line in its own currency."""
    return shown(line.amount, line.currency)
