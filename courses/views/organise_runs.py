"""Coordinators make runs: the list, a new one, editing, publication, a copy to new dates."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import gates, running
from courses import organise_queries as reads
from courses.forms.run import CopyForm, RunFilter
from courses.forms.sheets import RunSheet, grown
from courses.models import Course, Run
from courses.views.organise_common import (
    ORGANISERS,
    course_by,
    list_tabs,
    page_of,
    people_for,
    run_by,
    run_tabs,
    trail_to,
)
from schools.answering import attempt, status_of
from schools.entry import entry
from schools.errors import Refused
from schools.models import Person

A_YEAR = timedelta(weeks=52)
"""A copy is offered for the same weekday a year later."""


@entry(*ORGANISERS)
def run_list(request: HttpRequest) -> HttpResponse:
    form = RunFilter(request.GET)
    wanted = form.wanted()
    page = page_of(request, reads.runs_found(q=wanted.get("q", ""), state=wanted.get("state", "")))
    context = {"form": form, "page": page, "active": len(wanted), "tabs": list_tabs("runs")}
    return render(request, "courses/organise/runs.html", context)


@entry(*ORGANISERS)
def run_new(request: HttpRequest, uid: str) -> HttpResponse:
    course, people = course_by(uid), people_for(None)
    if request.method != "POST":
        mine = Person.objects.filter(pk=request.actor.person_id).first()
        return _new_page(request, course, RunSheet(people=people, mine=mine))
    if kind := _wants_row(request):
        return _new_page(request, course, RunSheet(grown(request.POST, kind), people=people).hush())
    sheet = RunSheet(request.POST, people=people)
    if not sheet.is_valid():
        return _new_page(request, course, sheet, status=422)
    try:
        run = running.create_run(course=course, plan=sheet.plan(), actor=request.actor)
    except Refused as refusal:
        sheet.show(refusal)
        return _new_page(request, course, sheet, status=status_of(refusal))
    messages.success(request, _("The draft is saved."))
    return redirect("courses:organise_run_edit", uid=run.uid)


def _new_page(request: HttpRequest, course: Course, sheet: RunSheet, status: int = 200) -> HttpResponse:
    context = {"course": course, "sheet": sheet, "trail": trail_to(course=course)}
    return render(request, "courses/organise/run_edit.html", context, status=status)


@entry(*ORGANISERS)
def run_edit(request: HttpRequest, uid: str) -> HttpResponse:
    run = run_by(uid)
    people = people_for(run)
    if request.method != "POST":
        return _edit_page(request, run, RunSheet(run=run, people=people))
    seen = request.POST.get("seen", "")
    if kind := _wants_row(request):
        return _edit_page(request, run, RunSheet(grown(request.POST, kind), run=run, people=people).hush(), seen=seen)
    sheet = RunSheet(request.POST, run=run, people=people)
    if not sheet.is_valid():
        return _edit_page(request, run, sheet, status=422, seen=seen)
    try:
        _save(request, run, sheet, seen)
    except Refused as refusal:
        sheet.show(refusal)
        return _edit_page(request, run_by(uid), sheet, status=status_of(refusal))
    messages.success(request, _("The run is published.") if "publish" in request.POST else _("Saved."))
    return redirect("courses:organise_run", uid=uid)


def _save(request: HttpRequest, run: Run, sheet: RunSheet, seen: str) -> None:
    """Saving comes first, so that nothing typed is lost where publication is refused."""
    tell = bool(sheet.form.cleaned_data.get("tell"))
    running.edit_run(run=run, plan=sheet.plan(), seen=seen, actor=request.actor, tell=tell)
    if "publish" in request.POST:
        running.publish_run(run=run, actor=request.actor)


def _edit_page(
    request: HttpRequest, run: Run, sheet: RunSheet, status: int = 200, seen: str | None = None
) -> HttpResponse:
    """The page of one run. `seen` is the version that the next saving refers to: the present one by default."""
    context = {
        "run": run,
        "course": run.course,
        "sheet": sheet,
        "seen": running.version(run) if seen is None else seen,
        "warnings": gates.run_warnings(run),
        "tabs": run_tabs(run, "edit"),
        "trail": trail_to(run=run),
    }
    return render(request, "courses/organise/run_edit.html", context, status=status)


@require_POST
@entry(*ORGANISERS)
def run_publish(request: HttpRequest, uid: str) -> HttpResponse:
    run = run_by(uid)
    try:
        running.publish_run(run=run, actor=request.actor)
    except Refused as refusal:
        sheet = RunSheet(run=run, people=people_for(run))
        sheet.hush().show(refusal)
        return _edit_page(request, run, sheet, status=status_of(refusal))
    messages.success(request, _("The run is published."))
    return redirect("courses:organise_run", uid=uid)


@entry(*ORGANISERS)
def run_copy(request: HttpRequest, uid: str) -> HttpResponse:
    run = run_by(uid)
    usual = {"starts_on": run.starts_on + A_YEAR if run.starts_on else None}
    form = CopyForm(request.POST if request.method == "POST" else None, initial=usual)
    if request.method == "POST" and form.is_valid():
        try:
            copy = running.copy_run(run=run, starts_on=form.cleaned_data["starts_on"], actor=request.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The copy is a draft. Look over its dates, then publish it."))
            return redirect("courses:organise_run_edit", uid=copy.uid)
    context = {"run": run, "form": form, "tabs": run_tabs(run, "copy"), "trail": trail_to(run=run)}
    return render(request, "courses/organise/run_copy.html", context, status=422 if form.errors else 200)


@require_POST
@entry(*ORGANISERS)
def run_discard(request: HttpRequest, uid: str) -> HttpResponse:
    run = run_by(uid)
    if not attempt(request, lambda: running.discard_run(run=run, actor=request.actor), _("The draft is deleted.")):
        return redirect("courses:organise_run", uid=uid)
    return redirect("courses:organise_course_runs", uid=run.course.uid)


def _wants_row(request: HttpRequest) -> str:
    """The kind of row that the button «+» asks for."""
    kind = request.POST.get("add", "")
    return kind if kind in ("meetings", "trainers", "materials") else ""
