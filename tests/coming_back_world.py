"""Rows of what trips leave behind for the table of doors, written when a line asks for them."""

from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from conferences.models import AdvanceLine, Receipt, Trip, TripDocument
from tests.cast import Cast, Member
from tests.conferences import coming_back as rows


class ComingBackWorld:
    """A part of the world of `doors.py`. Trips of last week: one whose reports are being written, one that is done."""

    cast: Cast

    @cached_property
    def back_trip(self) -> Trip:
        """The librarian's and the stranger's: an account with two lines, a receipt, papers, a draft of words."""
        trip = self._trip(self.cast.librarian, self.cast.stranger)
        report = rows.account(trip)
        line = rows.spent(report, rows.estimate(trip))
        rows.spent(report, what="Такси", kind="other", currency="KZT", amount=500_000, tenge=500_000, rate=1_000_000)
        Receipt.objects.create(line=line, file=rows.kept(self.cast.librarian))
        rows.written(trip, self.cast.librarian)
        rows.document(trip, self.cast.librarian, "invitation")
        rows.document(trip, self.cast.librarian, "passport")
        return trip

    @cached_property
    def done_trip(self) -> Trip:
        """The colleague's: the account is with finance, and colleagues read what was learned."""
        trip = self._trip(self.cast.colleague)
        rows.spent(rows.account(trip, state="submitted", version=1), rows.estimate(trip))
        now = timezone.now()
        rows.written(trip, self.cast.colleague, state="published", published_at=now, contacts="Maria, National Library")
        return trip

    def _trip(self, *members: Member) -> Trip:
        today = timezone.localdate()
        return rows.approved(*members, starts_on=today - timedelta(days=20), ends_on=today - timedelta(days=12))

    def paper(self, kind: str) -> dict[str, object]:
        return {"uid": TripDocument.objects.get(trip=self.back_trip, kind=kind).uid}

    @property
    def of_line(self) -> dict[str, object]:
        """A line that nobody foresaw."""
        line = AdvanceLine.objects.get(report__trip=self.back_trip, estimate=None)
        return {"uid": self.back_trip.uid, "line": line.uid}

    @property
    def of_receipt(self) -> dict[str, object]:
        return {"uid": Receipt.objects.get(line__report__trip=self.back_trip).uid}

    @property
    def with_reports(self) -> dict[str, object]:
        assert self.back_trip.pk
        assert self.done_trip.pk
        return {}
