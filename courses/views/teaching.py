"""The trainer's room: the runs one teaches, who takes part, the sheet to sign."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses import access, calendars, printouts
from courses import teaching_queries as reads
from courses.from_where import with_origin
from courses.models import Run
from courses.people_file import take_away
from courses.views.teaching_common import room, taught_run
from schools import workbooks
from schools.entry import SIGNED_IN, entry

RUNS_A_PAGE = 20
PEOPLE_A_PAGE = 50


@entry(SIGNED_IN)
def teaching(request: HttpRequest) -> HttpResponse:
    """The runs that the reader teaches: those to come and under way, or those over."""
    past, today = request.GET.get("show") == "past", timezone.localdate()
    runs = Run.objects.none()
    if request.actor.person_id is not None:
        runs = reads.taught(request.actor.person_id, past=past, today=today)
    here = reverse("courses:teaching")
    context = {
        "page": Paginator(runs, RUNS_A_PAGE).get_page(request.GET.get("page")),
        "past": past,
        "today": today,
        "tabs": [(_("Now and next"), here, not past), (_("Past"), f"{here}?show=past", past)],
        "may_organise": access.may_manage_courses(request.actor),
    }
    return render(request, "courses/teaching/list.html", context)


@entry(SIGNED_IN)
def roster(request: HttpRequest, uid: str) -> HttpResponse:
    run = taught_run(request, uid)
    people = reads.with_hours(with_origin(reads.participants(run)))
    page = Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    context = room(request, run, "roster") | {
        "page": page,
        "held": reads.hours_held(run, now=timezone.now()),
        "facts": run_facts(run, page.paginator.count),
    }
    return render(request, "courses/teaching/roster.html", context)


@require_safe
@entry(SIGNED_IN)
def people_file(request: HttpRequest, uid: str) -> HttpResponse:
    """Those on the roster as a table to take away, in the language of the page."""
    run = taught_run(request, uid)
    name, body = take_away(run, with_origin(reads.participants(run)), actor=request.actor)
    return workbooks.response(body, name=name)


def run_facts(run: Run, people: int) -> list[tuple[str, Any]]:
    """The run in short, for its trainers."""
    return [
        (_("Participants"), people),
        (_("Venue"), calendars.place_of(run)),
        (_("Time zone"), run.zone if run.zone != "Asia/Almaty" else ""),
        (_("Language of instruction"), run.get_language_display()),
        (_("Academic hours"), run.course.hours),
        (_("Trainers"), ", ".join(str(row) for row in run.trainers.all())),
    ]


@entry(SIGNED_IN)
@never_cache
def sign_in_sheet(request: HttpRequest, uid: str) -> HttpResponse:
    """The sheet to print, in the language of the page."""
    run = taught_run(request, uid)
    people, language = list(with_origin(reads.participants(run))), (get_language() or "kk")[:2]
    pdf = printouts.sign_in_sheet(run, people, language=language, now=timezone.now())
    return pdf_response(pdf, f"sign-in-sheet-{run.uid}-{language}.pdf")


def pdf_response(pdf: bytes, name: str) -> HttpResponse:
    """A document that opens in the browser under its own name."""
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
