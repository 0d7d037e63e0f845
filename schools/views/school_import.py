"""Importing a file of schools: upload, dry run, write or set aside, and an empty table. For HQ and administrators."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schools import school_import, workbooks
from schools.answering import attempt
from schools.entry import entry
from schools.errors import Refused
from schools.forms import school_rows
from schools.forms.directory import SchoolFileForm
from schools.models import School, SchoolImport
from schools.school_plans import Kind, Plan
from schools.views.directory import MANAGERS, directory_trail

PAGE_SIZE = 100
GONE = "gone"
PATHS = {
    "check": "schools:school_import",
    "drop": "schools:school_import_drop",
    "empty": "schools:school_import_empty",
}
BADGES = {
    Kind.NEW: ("ok", "plus-circle"),
    Kind.CHANGED: ("info", "pencil"),
    Kind.SAME: ("quiet", "dash-circle"),
    Kind.ERROR: ("no", "x-circle-fill"),
}
URGENT = [Kind.ERROR, Kind.CHANGED, Kind.NEW, Kind.SAME]
"""In this order rows are shown."""


@entry(*MANAGERS)
def upload(request: HttpRequest) -> HttpResponse:
    form = SchoolFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            name = form.cleaned_data["file"].name
            found = school_import.keep(name=name, entries=form.rows, actor=request.actor)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("schools:school_import", found.uid)
    waiting = SchoolImport.objects.filter(owner=request.actor.person_id, applied_at=None, dropped_at=None)
    context = {
        "form": form,
        "columns": _columns(),
        "paths": PATHS,
        "waiting": waiting.defer("rows", "plans", "gone")[:5],
        "trail": directory_trail(),
    }
    return render(request, "schools/school_import.html", context, status=422 if form.is_bound else 200)


@entry(*MANAGERS)
def check(request: HttpRequest, uid: str) -> HttpResponse:
    found = _own(request, uid)
    plans, kind = school_import.plans_of(found), request.GET.get("kind")
    shown = [one for one in plans if one.kind == kind] if kind in Kind.values else plans
    shown.sort(key=lambda one: URGENT.index(Kind(one.kind)))
    page = Paginator(found.gone if kind == GONE else shown, PAGE_SIZE).get_page(request.GET.get("page"))
    names = _names_of(one.school for one in page) if kind != GONE else _names_of(page)
    context = {
        "found": found,
        "trail": [*directory_trail(), (_("Import schools"), reverse("schools:school_imports"))],
        "page": page,
        "rows": [] if kind == GONE else [_table_row(one, names) for one in page],
        "gone": list(names.values()) if kind == GONE else [],
        "tabs": _tabs(found, kind),
        "counts": found.counts,
        "total": sum(found.counts.values()),
        "at_work": found.job if found.job and not found.job.is_over else None,
        "writes": found.counts.get(Kind.NEW, 0) + found.counts.get(Kind.CHANGED, 0),
    }
    return render(request, "schools/school_import_check.html", context)


@require_POST
@entry(*MANAGERS)
def apply(request: HttpRequest, uid: str) -> HttpResponse:
    try:
        job = school_import.start(found=_own(request, uid), actor=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("schools:school_imports")
    return redirect("schools:job", job.uid)


@require_POST
@entry(*MANAGERS)
def drop(request: HttpRequest, uid: str) -> HttpResponse:
    attempt(
        request,
        lambda: school_import.drop(found=_own(request, uid), actor=request.actor),
        _("The file was set aside; nothing was changed."),
    )
    return redirect("schools:school_imports")


@entry(*MANAGERS)
def empty_table(request: HttpRequest) -> HttpResponse:
    """A workbook with the headings in the reader's language, to be filled in."""
    body = workbooks.one_table(name=_("Schools"), heads=_columns(), narrowest=26)
    return workbooks.response(body, name="schools.xlsx")


def _columns() -> list[str]:
    return [school_rows.heading(column) for column in school_rows.HEADINGS]


def _own(request: HttpRequest, uid: str) -> SchoolImport:
    rows = SchoolImport.objects.filter(owner=request.actor.person_id, dropped_at=None).select_related("job")
    return get_object_or_404(rows, uid=uid)


def _names_of(keys: Any) -> dict[int, School]:
    keys = [key for key in keys if key]
    return School.objects.select_related("region").prefetch_related("names").in_bulk(keys)


def _table_row(plan: Plan, schools: dict[int, School]) -> dict[str, Any]:
    """What a row of the dry run shows: number, cells with what was before and what is wrong, what happens."""
    cells = [
        {
            "label": school_rows.heading(column),
            "value": _spoken(value),
            "before": _spoken(plan.changes.get(column, [""])[0]),
            "error": plan.errors.get(column, ""),
        }
        for column in school_rows.HEADINGS
        if (value := plan.values.get(column)) not in ("", None) or column in plan.errors
    ]
    kind, icon = BADGES[Kind(plan.kind)]
    return {
        "number": plan.number,
        "cells": cells,
        "school": schools.get(plan.school or 0),
        "label": str(capfirst(Kind(plan.kind).label)),
        "kind": kind,
        "icon": icon,
    }


def _spoken(value: object) -> str:
    if isinstance(value, bool):
        return _("in a village") if value else _("in a city")
    return str(value or "")


def _tabs(found: SchoolImport, kind: str | None) -> list[tuple[str, str, bool, int]]:
    known = {*Kind.values, GONE}
    tabs = [(_("All rows"), "?", kind not in known, len(found.plans))]
    if not found.applied_at:
        tabs += [
            (str(capfirst(one.label)), f"?kind={one}", kind == one, found.counts[one])
            for one in Kind
            if found.counts.get(one)
        ]
    if found.gone:
        tabs.append((_("Not in the file"), f"?kind={GONE}", kind == GONE, len(found.gone)))
    return tabs
