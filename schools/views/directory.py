"""The directory of general schools: the list, one school, archive and back. For HQ and administrators."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schools import directory
from schools.access import Actor
from schools.answering import attempt
from schools.entry import entry
from schools.errors import Refused
from schools.forms.directory import DirectoryFilter, SchoolForm
from schools.models import School, SchoolRequest
from schools.states import RequestState, Role, SchoolKind, SchoolSource

MANAGERS = (Role.HQ, Role.ADMINISTRATOR)
PAGE_SIZE = 50


@entry(*MANAGERS)
def school_directory(request: HttpRequest) -> HttpResponse:
    form = DirectoryFilter(request.GET)
    found, active = form.found()
    page = Paginator(found.select_related("region").prefetch_related("names"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page": page,
        "active": active,
        "waiting": SchoolRequest.objects.filter(state=RequestState.WAITING).count(),
        "generated": any(school.source == SchoolSource.GENERATED for school in page),
        "trail": directory_trail()[:1],
    }
    return render(request, "schools/directory.html", context)


@entry(*MANAGERS)
def add(request: HttpRequest) -> HttpResponse:
    form = SchoolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            directory.add_school(values=form.values(), actor=request.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The school was added to the directory."))
            return redirect("schools:directory")
    context = {"form": form, "title": _("Add a school"), "trail": directory_trail()}
    return render(request, "schools/directory_form.html", context, status=422 if form.is_bound else 200)


@entry(*MANAGERS)
def correct(request: HttpRequest, uid: str) -> HttpResponse:
    school = _general(uid)
    form = SchoolForm.of(school, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = directory.correct_school(school=school, values=form.values(), actor=request.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("schools:directory_school", uid)
    context = {"form": form, "title": str(school), "school": school, "trail": directory_trail()}
    return render(request, "schools/directory_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@entry(*MANAGERS)
def archive(request: HttpRequest, uid: str) -> HttpResponse:
    return _done(request, uid, directory.archive_school, _("The school is archived: nobody finds it any more."))


@require_POST
@entry(*MANAGERS)
def restore(request: HttpRequest, uid: str) -> HttpResponse:
    return _done(request, uid, directory.restore_school, _("The school is in the directory again."))


def directory_trail() -> list[tuple[str, str]]:
    """The way back from a page of the directory."""
    return [(_("Schools"), reverse("schools:schools")), (_("Directory of schools"), reverse("schools:directory"))]


def _general(uid: str) -> School:
    rows = School.objects.filter(kind=SchoolKind.GENERAL).select_related("region").prefetch_related("names")
    return get_object_or_404(rows, uid=uid)


def _done(request: HttpRequest, uid: str, deed: Callable[..., None], words: str) -> HttpResponse:
    actor: Actor = request.actor
    attempt(request, lambda: deed(school=_general(uid), actor=actor), words)
    return redirect("schools:directory_school", uid)
