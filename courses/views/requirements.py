"""What a course asks for first, what counts as the same, and whom coordinators let off."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from courses import requirement_queries as reads
from courses import requiring
from courses.forms.requirements import CourseSearch, OtherForm, WaiverForm
from courses.models import Course, PrerequisiteWaiver
from courses.states import CourseState
from courses.views.organise_common import ORGANISERS, course_by, course_tabs, trail_to
from schools.answering import status_of
from schools.entry import entry
from schools.errors import Refused


@entry(*ORGANISERS)
def needs(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, course_by(uid))


def _page(
    request: HttpRequest, course: Course, *, problem: str = "", status: int = 200, form: WaiverForm | None = None
) -> HttpResponse:
    q = CourseSearch(request.GET or None).words()
    context = {
        "course": course,
        "q": q,
        "problem": problem,
        "needs": reads.needs(course.pk, None),
        "equivalents": reads.equivalents(course.pk),
        "waivers": reads.waivers(course),
        "found": reads.to_choose(course, q=q),
        "form": form or WaiverForm(),
        "may_edit": course.state != CourseState.ARCHIVED,
        "tabs": course_tabs(course, "needs", course.runs.count()),
        "trail": trail_to(),
    }
    return render(request, "courses/requirements/needs.html", context, status=status)


def _deed(verb: Callable[[Course, Course, HttpRequest], None], done: Promise) -> Callable[..., HttpResponseBase]:
    """The view that does `verb` with the course and another one, picked on the page."""

    @require_POST
    @entry(*ORGANISERS)
    def view(request: HttpRequest, uid: str) -> HttpResponse:
        course, form = course_by(uid), OtherForm(request.POST)
        if not form.is_valid():
            return _page(request, course, problem=str(form.errors["other"][0]), status=422)
        try:
            verb(course, form.cleaned_data["other"], request)
        except Refused as refusal:
            return _page(request, course, problem=str(refusal), status=status_of(refusal))
        messages.success(request, str(done))
        return redirect("courses:organise_course_needs", uid=uid)

    return view


need = _deed(
    lambda course, other, request: requiring.need(course=course, needed=other, actor=request.actor),
    _("Who applies must have completed it."),
)
forgo = _deed(
    lambda course, other, request: requiring.forgo(course=course, needed=other, actor=request.actor),
    _("It is no longer needed."),
)
equate = _deed(
    lambda course, other, request: requiring.equate(course=course, other=other, actor=request.actor),
    _("The two courses count as the same."),
)
separate = _deed(
    lambda course, other, request: requiring.separate(course=course, other=other, actor=request.actor),
    _("The two courses no longer count as the same."),
)


@require_POST
@entry(*ORGANISERS)
def waive(request: HttpRequest, uid: str) -> HttpResponse:
    course, form = course_by(uid), WaiverForm(request.POST)
    if not form.is_valid():
        return _page(request, course, status=422, form=form)
    try:
        requiring.waive(course=course, actor=request.actor, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, course, status=status_of(refusal), form=form)
    messages.success(request, str(_("The exception stands.")))
    return redirect("courses:organise_course_needs", uid=uid)


@require_POST
@entry(*ORGANISERS)
def end_waiver(request: HttpRequest, uid: str, waiver: str) -> HttpResponse:
    rows = PrerequisiteWaiver.objects.select_related("course", "person")
    requiring.end_waiver(waiver=get_object_or_404(rows, uid=waiver, course__uid=uid), actor=request.actor)
    messages.success(request, str(_("The exception is taken back.")))
    return redirect("courses:organise_course_needs", uid=uid)
