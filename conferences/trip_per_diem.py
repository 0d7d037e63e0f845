"""The per diem of a request, as lines of its estimate: computed from the way, the days and the norms."""

from typing import Any

from django.utils.translation import gettext as _

from conferences.budget_states import CostKind
from conferences.models import Trip
from conferences.per_diem import per_diem
from conferences.rate_queries import norms
from conferences.trip_states import Payer
from courses.countries import COUNTRIES
from schools.errors import Refused


def rows_of(trip: Trip) -> list[dict[str, Any]]:
    """Lines for each traveller to begin an estimate with; none where the way or a norm is missing."""
    legs = list(trip.legs.all())
    try:
        days = per_diem(legs, trip.ends_on, norms()) if legs else []
    except Refused:
        return []
    return [
        {
            "kind": CostKind.PER_DIEM,
            "what": _("%(country)s, days: %(days)s")
            % {"country": COUNTRIES.get(part.country, part.country), "days": part.days},
            "person": traveller.person.uid,
            "amount": part.minor,
            "currency": part.currency,
            "payer": Payer.NETWORK,
        }
        for traveller in trip.travellers.all()
        for part in days
    ]
