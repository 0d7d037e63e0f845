"""Parallel runs in the organiser's hands: which they are, join one, take one out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses import intake_queries as reads
from courses import intakes
from courses.forms.intakes import RunChoice
from courses.models import Intake, Run
from courses.views.organise_common import ORGANISERS, run_by, run_tabs, trail_to
from schools.answering import status_of
from schools.entry import entry
from schools.errors import Refused


@require_safe
@entry(*ORGANISERS)
def of_run(request: HttpRequest, uid: str) -> HttpResponse:
    """The page of the run's intake; where it has none, runs that could be joined to it."""
    run = run_by(uid)
    if run.intake:
        return redirect("courses:organise_intake", uid=run.intake.uid)
    return _page(request, run)


@require_safe
@entry(*ORGANISERS)
def intake_page(request: HttpRequest, uid: str) -> HttpResponse:
    intake = get_object_or_404(Intake, uid=uid)
    first = get_object_or_404(reads.runs_of(intake)[:1])
    return _page(request, first, intake)


def _page(
    request: HttpRequest, run: Run, intake: Intake | None = None, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "run": run,
        "intake": intake,
        "runs": reads.runs_of(intake) if intake else [],
        "found": reads.to_join(run, today=timezone.localdate()),
        "problem": problem,
        "tabs": run_tabs(run, "parallel"),
        "trail": trail_to(run=run),
    }
    return render(request, "courses/organise/intake.html", context, status=status)


@require_POST
@entry(*ORGANISERS)
def join(request: HttpRequest, uid: str) -> HttpResponse:
    """Join the picked run to this one, and to whatever is parallel to it already."""
    run, form = run_by(uid), RunChoice(request.POST)
    if not form.is_valid():
        return _page(request, run, run.intake, problem=str(form.errors["run"][0]), status=422)
    try:
        intake = intakes.join(run=run, other=form.cleaned_data["run"], actor=request.actor)
    except Refused as refusal:
        return _page(request, run, run.intake, problem=str(refusal), status=status_of(refusal))
    messages.success(request, _("The runs are parallel: one person takes part in one of them only."))
    return redirect("courses:organise_intake", uid=intake.uid)


@require_POST
@entry(*ORGANISERS)
def leave(request: HttpRequest, uid: str) -> HttpResponse:
    """Take this run out. Where nothing is left of the intake its page is that of the run again."""
    run = run_by(uid)
    try:
        intakes.leave(run=run, actor=request.actor)
    except Refused as refusal:
        return _page(request, run, run.intake, problem=str(refusal), status=status_of(refusal))
    messages.success(request, _("The run stands by itself again."))
    return redirect("courses:organise_run_parallel", uid=uid)
