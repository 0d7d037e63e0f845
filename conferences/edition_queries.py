"""Reads of conferences: the list by year and series, and one edition with its calls and fees."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from conferences.models import Edition
from conferences.standing import COMING, standing
from conferences.states import PUBLIC, EditionState


def editions(*, series: str = "") -> QuerySet[Edition]:
    """The latest year first, with the number of our presentations that all may see (`given`)."""
    found = Edition.objects.select_related("series").annotate(
        given=Count("presentations", filter=Q(presentations__state__in=PUBLIC))
    )
    found = found.filter(series__code=series) if series else found
    return found.order_by("-year", "series__order", "id")


def parted(rows: list[Edition], *, today: date) -> tuple[list[Edition], list[Edition]]:
    """Those that come, the next one first, and all others as they were."""
    coming = [row for row in rows if standing(row, today) in COMING]
    ahead = sorted(coming, key=lambda row: (row.starts_on or date(row.year, 12, 31), row.series.order))
    return ahead, [row for row in rows if row not in coming]


def with_parts() -> QuerySet[Edition]:
    """Editions with calls, fees and the places for ours at hand."""
    return Edition.objects.select_related("series", "delegation").prefetch_related("calls", "fees")


def open_editions(*, today: date) -> QuerySet[Edition]:
    """Conferences to which one can propose: announced or not yet, and not over; the next one first."""
    ahead = Q(ends_on__gte=today) | Q(ends_on=None, year__gte=today.year)
    rows = Edition.objects.filter(ahead, state__in=(EditionState.ANNOUNCED, EditionState.UNANNOUNCED))
    return rows.select_related("series").order_by("year", "series__order", "id")
