"""Rows of conferences and presentations for the table of doors, written when a line asks for them."""

from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from conferences.models import Edition
from tests.cast import Cast
from tests.conferences import rows


class EditionWorld:
    """A part of the world of `doors.py`."""

    cast: Cast

    @cached_property
    def edition(self) -> Edition:
        """A conference of next summer with a call and fees, beside one that was and one that is not announced."""
        today = timezone.localdate()
        start = today + timedelta(days=200)
        edition = rows.edition(year=start.year, starts_on=start, ends_on=start + timedelta(days=4), notes="Visa.")
        rows.call(
            edition,
            opens_on=today - timedelta(days=20),
            abstract_due=today + timedelta(days=40),
            outcome_on=today + timedelta(days=80),
            paper_due=today + timedelta(days=120),
        )
        rows.fee(edition, early_until=today + timedelta(days=100))
        wlic = rows.series("wlic")
        rows.edition(series=wlic, year=2017, city="Wrocław", country="PL", state="held")
        rows.edition(
            series=wlic,
            year=start.year + 1,
            starts_on=None,
            ends_on=None,
            city="",
            country="",
            theme="",
            state="unannounced",
        )
        return edition

    @property
    def of_edition(self) -> dict[str, object]:
        return {"uid": self.edition.uid}

    @property
    def with_editions(self) -> dict[str, object]:
        """An address without parts that shows them."""
        assert self.edition.pk
        return {}
