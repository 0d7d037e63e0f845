"""Reads about reports of trips: when they are due, which are missing, which colleagues may read."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from conferences.coming_back_states import TO_WRITE, AdvanceState, WrittenState
from conferences.models import AdvanceReport, Traveller, Trip, WrittenReport
from conferences.trip_states import TripState
from schools import norms
from schools.models.folded import holds_words
from schools.norm_history import by_day

DAY = timedelta(days=1)
FARTHEST = 60
"""Calendar days after which any report is late, whatever the holidays."""


def due_on(trip: Trip) -> date:
    """The last day for both reports: working days after the trip's last day."""
    return due_days([trip])[trip.pk]


def due_days(trips: Iterable[Trip]) -> dict[int, date]:
    """As `due_on`, for many trips by one query."""
    days = by_day("advance_report_days")
    return {trip.pk: norms.working_days_after(trip.ends_on, days(trip.ends_on)) for trip in trips}


def ends_before(today: date, *, days: int) -> date:
    """Trips that ended on this day or earlier had their last day `days` working days after it before `today`."""
    day = today - DAY
    while norms.working_days_after(day, days) >= today and (today - day).days < FARTHEST:
        day -= DAY
    return day


def unfinished_reports(person_ids: Collection[int], today: date) -> QuerySet[Traveller]:
    """Travellers among these people whose trip is over and whose reports are late, the oldest first.

    An account that waits for finance is nobody's debt.
    """
    days = norms.value("advance_report_days", on=today)
    rows = Traveller.objects.filter(
        person__in=person_ids, trip__state=TripState.APPROVED, trip__ends_on__lte=ends_before(today, days=days)
    )
    return rows.filter(owes(OuterRef("trip"))).select_related("trip").order_by("trip__ends_on", "id")


def owes(trip: OuterRef) -> Q:
    """True where the travellers still have to write: their account, or what they learned."""
    account = AdvanceReport.objects.filter(trip=trip).exclude(state__in=TO_WRITE)
    words = WrittenReport.objects.filter(trip=trip, state=WrittenState.PUBLISHED)
    return Q(~Exists(account) | ~Exists(words))


def owing_trips() -> QuerySet[Trip]:
    """Approved trips whose travellers still have to write something."""
    return Trip.objects.filter(owes(OuterRef("pk")), state=TripState.APPROVED)


def for_account(trip: Trip) -> AdvanceReport | None:
    """The account with everything that its page shows."""
    rows = AdvanceReport.objects.filter(trip=trip).prefetch_related(
        "lines__estimate",
        "lines__traveller__person",
        "lines__payer_school__names",
        "lines__receipts__file",
        "moves__actor",
    )
    return rows.first()


def to_accept() -> QuerySet[AdvanceReport]:
    """Accounts that wait for finance, the longest first."""
    rows = AdvanceReport.objects.filter(state=AdvanceState.SUBMITTED).select_related("trip__edition__series")
    return rows.prefetch_related("trip__travellers__person", "lines").order_by("changed_at", "id")


def open_reports(text: str = "") -> QuerySet[WrittenReport]:
    """What colleagues may read, the newest first; every word of `text` stands in the report, in any order."""
    rows = WrittenReport.objects.filter(state=WrittenState.PUBLISHED).select_related("author", "trip__edition__series")
    if text := text.replace("\x00", "").strip():
        place = Q(trip__city__icontains=text) | Q(trip__edition__series__code__icontains=text)
        rows = rows.filter(holds_words("key", text) | place)
    return rows.prefetch_related("trip__travellers__person").order_by("-published_at", "-id")
