"""Which reports are missing, trip by trip, as finance and HQ look at them."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from conferences.coming_back_queries import DAY, due_days, owing_trips
from conferences.coming_back_states import AdvanceState, WrittenState
from conferences.models import AdvanceReport, Trip, WrittenReport
from conferences.trip_queries import for_lists

MOST = 200


@dataclass(frozen=True, slots=True)
class Owing:
    """A trip that is over, and where its two reports stand; an empty word for one that nobody has begun."""

    trip: Trip
    due: date
    late: bool
    account: str
    written: str
    accounted: bool
    open_to_colleagues: bool


def overview(today: date) -> list[Owing]:
    """Trips that have ended and owe a report, the longest first."""
    trips = list(for_lists(owing_trips().filter(ends_on__lt=today + DAY)).order_by("ends_on", "id")[:MOST])
    accounts = {row.trip_id: row for row in AdvanceReport.objects.filter(trip__in=trips)}
    words = {row.trip_id: row for row in WrittenReport.objects.filter(trip__in=trips)}
    due = due_days(trips)
    return [_owing(trip, accounts.get(trip.pk), words.get(trip.pk), due[trip.pk], today) for trip in trips]


def _owing(trip: Trip, account: AdvanceReport | None, written: WrittenReport | None, due: date, today: date) -> Owing:
    return Owing(
        trip=trip,
        due=due,
        late=due < today,
        account=account.get_state_display() if account else "",
        written=written.get_state_display() if written else "",
        accounted=account is not None and account.state in (AdvanceState.SUBMITTED, AdvanceState.ACCEPTED),
        open_to_colleagues=written is not None and written.state == WrittenState.PUBLISHED,
    )


def reports_address() -> str:
    """Where colleagues read reports."""
    return reverse("conferences:written_reports")
