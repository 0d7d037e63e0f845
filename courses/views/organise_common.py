"""What the organisers' pages share: who enters, the way back, tabs, and how a refusal is answered."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from courses import organise_queries as reads
from courses.models import Course, Run
from courses.states import RunState
from schools.states import Role

ORGANISERS = (Role.HQ, Role.ADMINISTRATOR)
"""Doors of these pages; what a verb allows is asked once more by the verb."""
PER_PAGE = 30
CRUMB = 34
"""Letters of a course's title in the way back: one line of a phone."""
Trail = list[tuple[str, str]]


def course_by(uid: str) -> Course:
    return get_object_or_404(Course.objects.select_related("topic"), uid=uid)


def run_by(uid: str) -> Run:
    return get_object_or_404(reads.for_organising(Run.objects.all()), uid=uid)


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """The asked page of a list; nonsense leads to the nearest page there is."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def people_for(run: Run | None) -> QuerySet[Any]:
    """Who may be chosen as trainer or contact person."""
    keep = []
    if run is not None:
        keep = [run.contact_id, *run.trainers.values_list("person_id", flat=True)]
    return reads.teaching(today=timezone.localdate(), keep=[pk for pk in keep if pk is not None])


def list_tabs(here: str) -> list[tuple[str, str, bool]]:
    places = (
        ("courses", _("Courses"), "courses:organise"),
        ("runs", _("Runs"), "courses:organise_runs"),
        ("demand", _("Demand"), "courses:organise_demands"),
    )
    return [(label, reverse(name), here == place) for place, label, name in places]


def trail_to(course: Course | None = None, run: Run | None = None) -> Trail:
    """The way back from a page about this course or run."""
    trail = [(_("Organise"), reverse("courses:organise"))]
    if run is not None:
        course = run.course
    if course is not None:
        name = Truncator(str(course)).chars(CRUMB) or _("Course")
        trail.append((name, reverse("courses:organise_course", args=[course.uid])))
    return trail


def course_tabs(course: Course, here: str, runs: int) -> list[tuple[str, str, bool, int | None]]:
    return [
        (_("Programme"), reverse("courses:organise_course", args=[course.uid]), here == "course", None),
        (_("Runs"), reverse("courses:organise_course_runs", args=[course.uid]), here == "runs", runs),
        (_("Before the course"), reverse("courses:organise_course_needs", args=[course.uid]), here == "needs", None),
    ]


def run_tabs(run: Run, here: str) -> list[tuple[str, str, bool]]:
    """Parts of a run's pages that make sense in its state."""
    shown = [("run", _("People"), "courses:organise_run")]
    if run.state in (RunState.DRAFT, RunState.PUBLISHED):
        shown.append(("edit", _("Edit"), "courses:organise_run_edit"))
    shown.append(("seats", _("Places"), "courses:organise_run_seats"))
    if run.state == RunState.PUBLISHED:
        shown.append(("move", _("Move"), "courses:organise_run_move"))
        shown.append(("cancel", _("Call off"), "courses:organise_run_cancel"))
    if run.state in (RunState.DRAFT, RunState.PUBLISHED) or run.intake_id:
        shown.append(("parallel", _("Parallel runs"), "courses:organise_run_parallel"))
        shown.append(("allocation", _("Allocation of places"), "courses:run_allocation"))
    shown.append(("sources", _("Where it came from"), "courses:sources"))
    shown.append(("copy", _("Copy"), "courses:organise_run_copy"))
    return [(label, reverse(name, args=[run.uid]), here == place) for place, label, name in shown]
