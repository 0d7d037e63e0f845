"""Where a run came from: what it names, a search for more, and the deeds. For organisers and the run's trainers."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import access, deriving
from courses import chain_queries as reads
from courses.forms.sources import SourceForm, SourceSearch
from courses.models import Run
from courses.views.organise_common import run_tabs, trail_to
from courses.views.teaching_common import room
from schools import wording
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused


def _run(request: HttpRequest, uid: str) -> Run:
    """The run, for those who may say where it came from; 404 for all others."""
    rows = Run.objects.select_related("course__topic", "host").prefetch_related("trainers")
    run = get_object_or_404(rows, uid=uid)
    trainers = {row.person_id for row in run.trainers.all()}
    if not (access.may_see_run(request.actor, run) and access.may_teach(request.actor, run, trainer_ids=trainers)):
        raise Http404
    return run


@entry(SIGNED_IN)
def sources(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, _run(request, uid))


def _page(request: HttpRequest, run: Run, *, problem: str = "", status: int = 200) -> HttpResponse:
    search = SourceSearch(request.GET or None)
    q = search.words()
    organises = access.may_manage_courses(request.actor)
    frame = (
        {"tabs": run_tabs(run, "sources"), "trail": trail_to(run=run)} if organises else room(request, run, "sources")
    )
    context = {
        "run": run,
        "q": q,
        "problem": problem,
        "named": reads.sources_of(run, every=True),
        "courses": reads.courses_to_name(run, q=q),
        "runs": reads.runs_to_name(run, q=q),
        "run_words": wording.date_range(run.starts_on, run.ends_on) if run.starts_on else _("Dates to be announced"),
        **frame,
    }
    return render(request, "courses/chain/sources.html", context, status=status)


@require_POST
@entry(SIGNED_IN)
def add_source(request: HttpRequest, uid: str) -> HttpResponse:
    return _done(request, uid, deriving.derive, _("The source is named."))


@require_POST
@entry(SIGNED_IN)
def drop_source(request: HttpRequest, uid: str) -> HttpResponse:
    return _done(request, uid, deriving.forget, _("The source is taken back."))


def _done(request: HttpRequest, uid: str, verb: Callable[..., object], text: str) -> HttpResponse:
    run, form = _run(request, uid), SourceForm(request.POST)
    if not form.is_valid():
        return _page(request, run, problem=str(form.errors["source"][0]), status=422)
    try:
        verb(run=run, source=form.cleaned_data["source"], actor=request.actor)
    except Refused as refusal:
        return _page(request, run, problem=str(refusal), status=status_of(refusal))
    messages.success(request, text)
    return redirect("courses:sources", uid=uid)
