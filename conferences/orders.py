"""The number of the order (приказ) that a final approval makes; the document itself: `order_pdf`."""

from datetime import datetime

from django.utils import timezone

from conferences.models import OrderBook, Trip


def number(trip: Trip, *, now: datetime) -> None:
    """Give the trip the next number of the year, inside the caller's transaction. A number is never used twice."""
    today = timezone.localdate(now)
    OrderBook.objects.get_or_create(year=today.year)
    book = OrderBook.objects.select_for_update(no_key=True).get(year=today.year)
    book.last += 1
    book.save(update_fields=["last"])
    trip.order_year, trip.order_number, trip.ordered_on = today.year, book.last, today
