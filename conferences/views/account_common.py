"""What the pages of a trip's account share: who may open it, and the page itself."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from conferences import advance, coming_back_queries
from conferences.coming_back_access import may_see_account, parts_of
from conferences.coming_back_states import ADVANCE_MOVES, TO_WRITE, AdvanceState, BackPart
from conferences.coming_back_timeline import steps
from conferences.forms.coming_back import AccountVerdict
from conferences.models import AdvanceReport, Trip
from conferences.trip_states import TripState
from conferences.views.trip_common import trail_to, trip_by


def account_trip(request: HttpRequest, uid: str) -> Trip:
    """The trip, for those who may look into its account."""
    trip = trip_by(request, uid)
    if not may_see_account(request.actor, trip):
        raise Http404
    return trip


def account_of(trip: Trip) -> AdvanceReport:
    """The account, with what its pages read; 404 before it was begun."""
    report = coming_back_queries.for_account(trip)
    if report is None:
        raise Http404
    report.trip = trip
    for line in report.lines.all():
        line.report = report
    return report


def page_of(
    request: HttpRequest,
    trip: Trip,
    *,
    status: int = 200,
    verdict_form: AccountVerdict | None = None,
    problem: str = "",
    show_faults: bool = False,
) -> HttpResponse:
    """The account as the reader may see it, with forms that come back filled after an error."""
    report, parts = coming_back_queries.for_account(trip), parts_of(request.actor, trip)
    context: dict[str, Any] = {
        "trip": trip,
        "report": report,
        "due": coming_back_queries.due_on(trip),
        "today": timezone.localdate(),
        "travels": BackPart.TRAVELLER in parts,
        "may_start": report is None and BackPart.TRAVELLER in parts and _has_begun(trip),
        "has_begun": _has_begun(trip),
        "problem": problem,
        "trail": trail_to(trip),
    }
    if report is not None:
        report.trip = trip
        context |= _written(report, parts, show_faults)
        context["verdict_form"] = verdict_form or AccountVerdict(initial={"seen": report.version})
    return render(request, "conferences/account/account.html", context, status=status)


def _has_begun(trip: Trip) -> bool:
    return trip.state == TripState.APPROVED and timezone.localdate() >= trip.starts_on


def _written(report: AdvanceReport, parts: frozenset[str], show_faults: bool) -> dict[str, Any]:
    writes = report.state in TO_WRITE and BackPart.TRAVELLER in parts
    faults = advance.faults_of(report) if writes else {}
    lines = list(report.lines.all())
    for line in lines:
        line.fault = faults.get(line.pk, "") if show_faults or line.amount is not None else ""
    return {
        "lines": lines,
        "writes": writes,
        "faults": faults,
        "estimated": sum(line.estimate.tenge for line in lines if line.estimate),
        "actual": sum(line.tenge or 0 for line in lines),
        "may_take_back": report.state == AdvanceState.SUBMITTED and BackPart.TRAVELLER in parts,
        "may_decide": report.state in ADVANCE_MOVES["accept"].sources and BackPart.FINANCE in parts,
        "may_submit": writes and timezone.localdate() >= report.trip.ends_on,
        "steps": steps(report),
    }
