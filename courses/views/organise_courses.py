"""Coordinators make courses: the list, one course in three languages, publication, the archive."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import chain_queries, gates, organising
from courses import organise_queries as reads
from courses.forms.course import CourseFilter, CourseForm
from courses.models import Course
from courses.states import CourseState
from courses.views.organise_common import (
    ORGANISERS,
    course_by,
    course_tabs,
    list_tabs,
    page_of,
    trail_to,
)
from schools.answering import attempt, status_of
from schools.entry import entry
from schools.errors import Refused


@entry(*ORGANISERS)
def course_list(request: HttpRequest) -> HttpResponse:
    form = CourseFilter(request.GET)
    wanted = form.wanted()
    page = page_of(request, reads.courses_found(**wanted))
    context = {"form": form, "page": page, "active": len(wanted), "tabs": list_tabs("courses")}
    return render(request, "courses/organise/courses.html", context)


@entry(*ORGANISERS)
def course_new(request: HttpRequest) -> HttpResponse:
    form = CourseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        course = organising.create_course(facts=form.facts(), actor=request.actor)
        messages.success(request, _("The draft is saved."))
        return redirect("courses:organise_course", uid=course.uid)
    context = {"form": form, "trail": trail_to()}
    return render(request, "courses/organise/course.html", context, status=422 if form.errors else 200)


@entry(*ORGANISERS)
def course_page(request: HttpRequest, uid: str) -> HttpResponse:
    course = course_by(uid)
    if request.method != "POST":
        return _page(request, course, CourseForm(course=course))
    form = CourseForm(request.POST, course=course)
    if not form.is_valid():
        return _page(request, course, form, status=422, seen=request.POST.get("seen", ""))
    try:
        seen = request.POST.get("seen", "")
        organising.edit_course(course=course, facts=form.facts(), seen=seen, actor=request.actor)
        if "publish" in request.POST:
            organising.publish_course(course=course, actor=request.actor)
    except Refused as refusal:
        form.show(refusal)
        return _page(request, course_by(uid), form, status=status_of(refusal))
    messages.success(request, _("The course is published.") if "publish" in request.POST else _("Saved."))
    return redirect("courses:organise_course", uid=uid)


def _page(
    request: HttpRequest, course: Course, form: CourseForm, status: int = 200, seen: str | None = None
) -> HttpResponse:
    """The page of one course. `seen` is the version that the next saving refers to: the present one by default."""
    context = {
        "course": course,
        "form": form,
        "seen": organising.version(course) if seen is None else seen,
        "missing": [text for _field, text in gates.course_faults(course)],
        "may_edit": course.state != CourseState.ARCHIVED,
        "tabs": course_tabs(course, "course", course.runs.count()),
        "trail": trail_to(),
    }
    return render(request, "courses/organise/course.html", context, status=status)


@entry(*ORGANISERS)
def course_runs(request: HttpRequest, uid: str) -> HttpResponse:
    course = course_by(uid)
    page = page_of(request, reads.runs_found(course=course))
    context = {
        "course": course,
        "page": page,
        "tree": chain_queries.led_to(course, drafts=True),
        "tabs": course_tabs(course, "runs", page.paginator.count),
        "trail": trail_to(),
    }
    return render(request, "courses/organise/course_runs.html", context)


@require_POST
@entry(*ORGANISERS)
def course_archive(request: HttpRequest, uid: str) -> HttpResponse:
    course = course_by(uid)
    attempt(
        request,
        lambda: organising.archive_course(course=course, actor=request.actor),
        _("The course is in the archive."),
    )
    return redirect("courses:organise_course", uid=uid)


@require_POST
@entry(*ORGANISERS)
def course_restore(request: HttpRequest, uid: str) -> HttpResponse:
    course = course_by(uid)
    attempt(
        request,
        lambda: organising.restore_course(course=course, actor=request.actor),
        _("The course is back as a draft. Look it over and publish it again."),
    )
    return redirect("courses:organise_course", uid=uid)
