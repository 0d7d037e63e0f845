"""Coordinators say how the seats of a run are shared, beside a picture of how they stand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import seat_picture, seats, sharing_seats
from courses.forms.seats import KINDS, SeatSheet
from courses.forms.sheets import grown
from courses.models import Run
from courses.states import RunState
from courses.views.organise_common import ORGANISERS, run_by, run_tabs, trail_to
from schools.answering import status_of
from schools.entry import entry
from schools.errors import Refused


@entry(*ORGANISERS)
def run_seats(request: HttpRequest, uid: str) -> HttpResponse:
    run = run_by(uid)
    if request.method != "POST":
        return _page(request, run, SeatSheet(run=run))
    seen, kind = request.POST.get("seen", ""), request.POST.get("add", "")
    if kind in KINDS:
        return _page(request, run, SeatSheet(grown(request.POST, kind), run=run).hush(), seen=seen)
    sheet = SeatSheet(request.POST, run=run)
    if not sheet.is_valid():
        return _page(request, run, sheet, status=422, seen=seen)
    try:
        sharing_seats.set_rules(run=run, plan=sheet.plan(), seen=seen, actor=request.actor)
    except Refused as refusal:
        sheet.show(refusal)
        return _page(request, run_by(uid), sheet, status=status_of(refusal))
    messages.success(request, _("The rules are saved. Places that they set free go to the waiting list at once."))
    return redirect("courses:organise_run_seats", uid=uid)


def _page(request: HttpRequest, run: Run, sheet: SeatSheet, status: int = 200, seen: str | None = None) -> HttpResponse:
    """`seen` is the version that the next saving refers to: the present one by default."""
    now = timezone.now()
    given = seats.tally(run, now=now)
    context = {
        "run": run,
        "sheet": sheet,
        "seen": sharing_seats.version(run) if seen is None else seen,
        "picture": seat_picture.of(run, given),
        "merged": not run.holds_back(now),
        "warnings": sharing_seats.warnings(run, given),
        "may_change": run.state in (RunState.DRAFT, RunState.PUBLISHED),
        "tabs": run_tabs(run, "seats"),
        "trail": trail_to(run=run),
    }
    return render(request, "courses/organise/run_seats.html", context, status=status)
