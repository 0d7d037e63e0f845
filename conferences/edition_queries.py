"""Reads of conferences: the list by year and series, and one edition with its calls and fees."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from conferences.models import Edition
from conferences.standing import COMING, standing
from conferences.states import PUBLIC


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
    """Editions with calls and fees at hand."""
    return Edition.objects.select_related("series").prefetch_related("calls", "fees")


def years_with_editions(series_id: int) -> QuerySet[Edition]:
    return Edition.objects.filter(series_id=series_id).order_by("-year")
