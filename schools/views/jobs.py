"""Long work: what runs, how far it is, how it ended."""

from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from schools import access, jobs
from schools.answering import attempt
from schools.entry import SIGNED_IN, entry
from schools.models import Job
from schools.states import JobState

JOBS_A_PAGE = 25


def _job(request: HttpRequest, uid: str) -> Job:
    """The job, if the actor may know that it exists."""
    job = get_object_or_404(Job.objects.select_related("owner"), uid=uid)
    if not access.may_see_job(request.actor, job.owner_id):
        raise Http404
    return job


def _context(job: Job) -> dict[str, object]:
    kind = jobs.kind_of(job)
    keeps = kind is not None and kind.keeps
    has_result = job.state == JobState.DONE or (keeps and job.is_over)
    leads_to = kind.leads_to(job) if kind and kind.leads_to and has_result else ""
    return {"job": job, "title": title_of(job), "leads_to": leads_to, "keeps": keeps}


def title_of(job: Job) -> object:
    """What its kind is called; the bare name for a kind that no longer exists."""
    kind = jobs.kind_of(job)
    return kind.title if kind else job.kind


@entry(SIGNED_IN)
@never_cache
def job_list(request: HttpRequest) -> HttpResponse:
    """Own work, newest first; administrators see everybody's."""
    page = Paginator(jobs.visible_to(request.actor), JOBS_A_PAGE).get_page(request.GET.get("page"))
    rows = [(job, title_of(job)) for job in page]
    return render(request, "schools/jobs.html", {"page": page, "rows": rows})


@entry(SIGNED_IN)
@never_cache
def job(request: HttpRequest, uid: str) -> HttpResponse:
    """One piece of work: progress, cancel, result or error."""
    return render(request, "schools/job.html", _context(_job(request, uid)))


@entry(SIGNED_IN)
@never_cache
def job_progress(request: HttpRequest, uid: str) -> HttpResponse:
    """The part that renews itself; once the work is over it tells htmx to load the page anew."""
    found = _job(request, uid)
    response = render(request, "schools/parts/job_progress.html", {"job": found})
    if found.is_over:
        response["HX-Refresh"] = "true"
    return response


@entry(SIGNED_IN)
@require_POST
def cancel_job(request: HttpRequest, uid: str) -> HttpResponse:
    attempt(request, lambda: jobs.cancel(job=_job(request, uid), actor=request.actor), _("The work will stop."))
    return redirect("schools:job", uid=uid)


@entry(SIGNED_IN)
@never_cache
def job_result(request: HttpRequest, uid: str) -> FileResponse:
    """The file that the work made. Files are private: others do not learn that there is one."""
    found = _job(request, uid)
    path = Path(settings.DATA_DIR) / found.result_path
    if found.state != JobState.DONE or not found.result_path or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.result_name)
