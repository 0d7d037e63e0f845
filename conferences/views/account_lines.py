"""One line of an account on a page of its own, so that it is written on a phone; its receipts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conferences import advance_lines
from conferences.coming_back_access import travels
from conferences.forms.coming_back import LineForm, NewLineForm
from conferences.models import AdvanceLine, EstimateLine, Receipt, Trip
from conferences.models.coming_back import ACCOUNTED
from conferences.views.account_common import account_of, account_trip
from conferences.views.trip_common import trail_to
from schools.answering import attempt, status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused
from schools.handing_out import hand_out


@entry(SIGNED_IN)
def account_line(request: HttpRequest, uid: str, line: str) -> HttpResponse:
    trip = _own_trip(request, uid)
    row = _line(trip, line)
    if request.method != "POST":
        return _page(request, trip, LineForm(line=row), row)
    form = LineForm(request.POST, request.FILES, line=row)
    if form.is_valid():
        try:
            advance_lines.write(line=row, actor=request.actor, **form.values())
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return _page(request, trip, form, _line(trip, line), status_of(refusal))
        messages.success(request, _("The line has been saved."))
        return redirect("conferences:account", uid=uid)
    return _page(request, trip, form, row, 422)


@entry(SIGNED_IN)
def new_account_line(request: HttpRequest, uid: str) -> HttpResponse:
    trip = _own_trip(request, uid)
    report, payers = account_of(trip), _payers(trip)
    if request.method != "POST":
        return _page(request, trip, NewLineForm(payers=payers))
    form, status = NewLineForm(request.POST, request.FILES, payers=payers), 422
    if form.is_valid():
        try:
            advance_lines.add(report=report, actor=request.actor, **form.values())
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = status_of(refusal)
        else:
            messages.success(request, _("The line has been added."))
            return redirect("conferences:account", uid=uid)
    return _page(request, trip, form, status=status)


@require_POST
@entry(SIGNED_IN)
def drop_account_line(request: HttpRequest, uid: str, line: str) -> HttpResponse:
    trip = _own_trip(request, uid)
    attempt(
        request,
        lambda: advance_lines.drop(line=_line(trip, line), actor=request.actor),
        _("The line has been taken out."),
    )
    return redirect("conferences:account", uid=uid)


@entry(SIGNED_IN)
def receipt(request: HttpRequest, uid: str) -> HttpResponse:
    """The receipt itself, for those who may look into the account."""
    return hand_out(request, _receipt(request, uid).file)


@require_POST
@entry(SIGNED_IN)
def drop_receipt(request: HttpRequest, uid: str) -> HttpResponse:
    found = _receipt(request, uid)
    line = found.line
    attempt(
        request,
        lambda: advance_lines.drop_receipt(receipt=found, actor=request.actor),
        _("The receipt has been deleted."),
    )
    return redirect("conferences:account", uid=line.report.trip.uid)


def _page(
    request: HttpRequest, trip: Trip, form: LineForm, line: AdvanceLine | None = None, status: int = 200
) -> HttpResponse:
    trail = [*trail_to(trip), (_("Advance report"), reverse("conferences:account", args=[trip.uid]))]
    context = {
        "trip": trip,
        "form": form,
        "line": line,
        "receipts": line.receipts.all() if line else (),
        "file_is_lost": form.is_bound and bool(request.FILES),
        "trail": trail,
    }
    return render(request, "conferences/account/line.html", context, status=status)


def _own_trip(request: HttpRequest, uid: str) -> Trip:
    """The trip, for those who travelled: others have nothing to write in its account."""
    trip = account_trip(request, uid)
    if not travels(request.actor, trip):
        raise Http404
    return trip


def _line(trip: Trip, uid: str) -> AdvanceLine:
    found = next((row for row in account_of(trip).lines.all() if row.uid == uid), None)
    if found is None:
        raise Http404
    return found


def _payers(trip: Trip) -> dict[str, EstimateLine]:
    """One line of the estimate for each budget owner, by uid."""
    rows = trip.lines.filter(payer__in=ACCOUNTED).select_related("payer_school").prefetch_related("payer_school__names")
    owners = {(row.payer, row.payer_school_id): row for row in reversed(rows)}
    return {row.uid: row for row in owners.values()}


def _receipt(request: HttpRequest, uid: str) -> Receipt:
    rows = Receipt.objects.filter(file__deleted_at=None).select_related("file__owner", "line__report__trip")
    found = get_object_or_404(rows, uid=uid)
    found.line.report.trip = account_trip(request, found.line.report.trip.uid)
    return found
