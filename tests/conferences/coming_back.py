"""Rows of what a trip leaves behind, made plainly for tests."""

from datetime import date
from typing import Any

from conferences.models import (
    AdvanceLine,
    AdvanceReport,
    ApprovalRoute,
    EstimateLine,
    Trip,
    TripDocument,
    WrittenReport,
)
from schools import files
from schools.models import PrivateFile
from schools.states import FileKind
from tests import file_samples
from tests.cast import Member
from tests.conferences.trips import route, trip_of

STARTS, ENDS = date(2027, 8, 2), date(2027, 8, 9)
RATE = 495_870_000
"""495.87 tenge for a dollar."""


def any_route() -> ApprovalRoute:
    """A route that stands already, or one."""
    return ApprovalRoute.objects.first() or route()


def approved(*members: Member, **fields: Any) -> Trip:
    """An approved trip of these people."""
    known = {"state": "approved", "version": 1, "route": any_route(), "starts_on": STARTS, "ends_on": ENDS}
    return trip_of(*members, **{**known, **fields})


def estimate(trip: Trip, **fields: Any) -> EstimateLine:
    """A line of 1,000 dollars for tickets that the network pays."""
    usual = {
        "kind": "travel",
        "what": "Алматы – Лонг-Бич",
        "amount": 100_000,
        "currency": "USD",
        "rate": RATE,
        "rate_on": date(2027, 6, 1),
        "tenge": 49_587_000,
        "payer": "network",
    }
    return EstimateLine.objects.create(trip=trip, **{**usual, **fields})


def upload(name: str = "билет.pdf") -> files.Upload:
    return files.Upload(name, FileKind.PDF, file_samples.pdf())


def kept(who: Member, **how: Any) -> PrivateFile:
    return files.keep(upload=upload(), owner=who.person, actor=who.actor, **how)


def document(trip: Trip, who: Member, kind: str = "passport") -> TripDocument:
    personal = kind in ("passport", "visa", "ticket", "insurance")
    file = kept(who, restricted=personal)
    return TripDocument.objects.create(trip=trip, kind=kind, person=who.person if personal else None, file=file)


def account(trip: Trip, **fields: Any) -> AdvanceReport:
    return AdvanceReport.objects.create(trip=trip, **fields)


def spent(report: AdvanceReport, line: EstimateLine | None = None, **fields: Any) -> AdvanceLine:
    """900 dollars for tickets that the network pays."""
    usual = {
        "kind": "travel",
        "payer": "network",
        "amount": 90_000,
        "currency": "USD",
        "rate": RATE,
        "rate_on": date(2027, 8, 1),
        "tenge": 44_628_300,
        "reason": "" if line else "Жоспарда жоқ",
    }
    return AdvanceLine.objects.create(report=report, estimate=line, **{**usual, **fields})


def written(trip: Trip, who: Member, **fields: Any) -> WrittenReport:
    """A draft that could be opened to colleagues."""
    usual = {
        "title": "Оқу үйірмелері",
        "language": "kk",
        "learned": "Оқушылар кітапты өздері таңдайды.",
        "ideas": "Апта сайын үйірме өткізу.",
    }
    return WrittenReport.objects.create(trip=trip, author=who.person, **{**usual, **fields})
