"""The coordinator's pages of an allocation: open an intake, propose, look, compare, publish."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses import allocating, allocation_job, allocation_telling, sharing_rules
from courses import allocation_reading as reads
from courses.allocation_standing import Standing, repeat, standing
from courses.forms.allocation import EditForm, ProposeForm, run_label
from courses.models import Allocation, AllocationRules, Enrolment, Run
from courses.states import AllocationState
from courses.views.organise_common import ORGANISERS, PER_PAGE, Trail, run_by, run_tabs, trail_to
from schools.answering import status_of
from schools.entry import entry
from schools.errors import Refused

BARS = 20


@entry(*ORGANISERS)
def run_allocation(request: HttpRequest, uid: str) -> HttpResponse:
    """How the places of a run are given, and what stands of its allocation."""
    return _run_page(request, run_by(uid))


def _run_page(request: HttpRequest, run: Run, *, problem: str = "", status: int = 200) -> HttpResponse:
    intake, now = run.intake, timezone.now()
    runs = list(reads.runs_of(intake).values()) if intake else []
    allocations = list(intake.allocations.select_related("rules", "made_by")) if intake else []
    context = {
        "run": run,
        "intake": intake,
        "rows": [(one, run_label(one)) for one in runs],
        "allocations": [one for one in allocations if one.state != AllocationState.DROPPED],
        "dropped": sum(one.state == AllocationState.DROPPED for one in allocations),
        "people": reads.in_pool(intake) if intake else 0,
        "considered": reads.under_consideration(intake) if intake else 0,
        "ready": bool(intake) and allocating.deadlines_passed(runs, now),
        "form": ProposeForm(initial={"rules": getattr(sharing_rules.newest(), "version", None)}),
        "problem": problem,
        "tabs": run_tabs(run, "allocation"),
        "trail": trail_to(run=run),
    }
    return render(request, "courses/allocation/run.html", context, status=status)


@require_POST
@entry(*ORGANISERS)
def switch_allocation(request: HttpRequest, uid: str, deed: str) -> HttpResponse:
    """On or off, while nobody has applied."""
    run = run_by(uid)
    try:
        (allocating.open_intake if deed == "open" else allocating.close_intake)(run=run, actor=request.actor)
    except Refused as refusal:
        return _run_page(request, run_by(uid), problem=str(refusal), status=status_of(refusal))
    messages.success(request, _("Saved."))
    return redirect("courses:run_allocation", uid=uid)


@require_POST
@entry(*ORGANISERS)
def propose(request: HttpRequest, uid: str) -> HttpResponse:
    run, form = run_by(uid), ProposeForm(request.POST)
    if run.intake is None or not form.is_valid():
        return _run_page(request, run, problem=_("Choose a version of the rules."), status=422)
    try:
        made = allocating.propose(intake=run.intake, rules=form.cleaned_data["rules"], actor=request.actor)
    except Refused as refusal:
        return _run_page(request, run, problem=str(refusal), status=status_of(refusal))
    return redirect("courses:allocation", uid=made.uid)


def allocation_by(uid: str) -> Allocation:
    return get_object_or_404(Allocation.objects.select_related("rules", "intake", "made_by", "published_by"), uid=uid)


@entry(*ORGANISERS)
def allocation(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, allocation_by(uid))


def _page(request: HttpRequest, row: Allocation, *, problem: str = "", status: int = 200) -> HttpResponse:
    runs, stands = reads.runs_of(row.intake), standing(row)
    shown = request.GET.get("run", "")
    shown = shown if shown in runs or shown == "none" else ""
    page = Paginator(reads.keys_of(stands, shown), PER_PAGE).get_page(request.GET.get("page"))
    schools = reads.school_lines(stands)
    context = {
        "allocation": row,
        "is_draft": row.state == AllocationState.DRAFT,
        "running": allocation_job.running(row),
        "page": page,
        "lines": reads.lines(stands, list(page.object_list), runs),
        "groups": _groups(row, runs, stands, shown),
        "schools": schools,
        "bars": [(one.name, one.got, one.fair) for one in schools[:BARS]],
        "edits": list(row.edits.select_related("enrolment__person", "from_run", "to_run", "actor")),
        "appeal_until": allocation_telling.appeal_until(row),
        "versions": AllocationRules.objects.exclude(pk=row.rules_id),
        "facts": _facts(row, len(stands.applicants), len(stands.places)),
        "problem": problem,
        "trail": trail_of(row, runs),
    }
    return render(request, "courses/allocation/allocation.html", context, status=status)


def _groups(row: Allocation, runs: dict[str, Run], stands: Standing, here: str) -> list[tuple[str, str, bool, int]]:
    """Everybody, each run, and those without a place, as tabs with their numbers."""
    url = reverse("courses:allocation", args=[row.uid])
    counts, everybody = reads.run_counts(stands), len(stands.ranked)
    tabs = [(_("Everybody"), url, here == "", everybody)]
    tabs += [(run_label(run), f"{url}?run={uid}", here == uid, counts[uid]) for uid, run in runs.items()]
    return [*tabs, (_("Without a place"), f"{url}?run=none", here == "none", everybody - counts.total())]


def _facts(row: Allocation, people: int, places: int) -> list[tuple[str, object]]:
    return [
        (_("Applicants"), people),
        (_("Places given"), places),
        (_("Rules"), _("Version %(n)s") % {"n": row.rules.version}),
        (_("Proposed by"), row.made_by.full_name if row.made_by else ""),
        (_("Published by"), row.published_by.full_name if row.published_by else ""),
    ]


def trail_of(row: Allocation, runs: dict[str, Run], *, inside: bool = False) -> Trail:
    first = next(iter(runs.values()))
    trail = [*trail_to(run=first), (_("Allocation of places"), reverse("courses:run_allocation", args=[first.uid]))]
    return [*trail, (_("Proposal"), reverse("courses:allocation", args=[row.uid]))] if inside else trail


@require_safe
@entry(*ORGANISERS)
def compare(request: HttpRequest, uid: str) -> HttpResponse:
    """What another version of the rules would give the same people by the same draw."""
    row, asked = allocation_by(uid), request.GET.get("rules", "")
    versions = {str(one.version): one for one in AllocationRules.objects.all()}
    rules = versions.get(asked) or next((one for one in versions.values() if one != row.rules), row.rules)
    runs, stands = reads.runs_of(row.intake), standing(row)
    other = reads.with_rules(stands, rules)
    context = {
        "allocation": row,
        "rules": rules,
        "differences": reads.compare(stands, other, runs),
        "bars": _both(reads.school_lines(stands), reads.school_lines(other)),
        "trail": trail_of(row, runs, inside=True),
    }
    return render(request, "courses/allocation/compare.html", context)


def _both(now: list[reads.SchoolLine], other: list[reads.SchoolLine]) -> list[tuple[str, int, int]]:
    then = {line.name: line.got for line in other}
    return [(line.name, line.got, then.get(line.name, 0)) for line in now[:BARS]]


@entry(*ORGANISERS)
def edit_allocation(request: HttpRequest, uid: str, applicant: str) -> HttpResponse:
    """Another place for one applicant, or none, with a reason."""
    row = allocation_by(uid)
    runs, stands = reads.runs_of(row.intake), standing(row)
    person = get_object_or_404(Enrolment.objects.select_related("person", "school"), uid=applicant)
    wishes = stands.applicants[applicant].wishes if applicant in stands.applicants else ()
    now = stands.places.get(applicant, EditForm.NONE)
    form = EditForm(request.POST or None, wishes=[runs[uid] for uid in wishes if uid in runs], initial={"run": now})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            allocating.edit(allocation=row, enrolment=person, run=form.chosen(), reason=reason, actor=request.actor)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = status_of(refusal)
        else:
            messages.success(request, _("The proposal is changed."))
            return redirect("courses:allocation", uid=uid)
    lines = reads.lines(stands, [applicant], runs) if applicant in stands.outcomes else []
    context = {"allocation": row, "person": person, "form": form, "lines": lines}
    context |= {"is_draft": row.state == AllocationState.DRAFT, "trail": trail_of(row, runs, inside=True)}
    return render(
        request, "courses/allocation/edit.html", context, status=422 if status == 200 and form.errors else status
    )


@require_POST
@entry(*ORGANISERS)
def publish_allocation(request: HttpRequest, uid: str) -> HttpResponse:
    row = allocation_by(uid)
    try:
        job = allocation_job.start(allocation=row, actor=request.actor)
    except Refused as refusal:
        return _page(request, row, problem=str(refusal), status=status_of(refusal))
    return redirect("schools:job", uid=job.uid)


@require_POST
@entry(*ORGANISERS)
def drop_allocation(request: HttpRequest, uid: str) -> HttpResponse:
    row = allocation_by(uid)
    try:
        allocating.drop(allocation=row, actor=request.actor)
    except Refused as refusal:
        return _page(request, row, problem=str(refusal), status=status_of(refusal))
    messages.success(request, _("The proposal is dropped. Everybody goes on waiting for the allocation."))
    return redirect("courses:run_allocation", uid=next(iter(reads.runs_of(row.intake))))


@require_POST
@entry(*ORGANISERS)
def repeat_allocation(request: HttpRequest, uid: str) -> HttpResponse:
    """Work it out again from what is stored, and say whether it comes out the same."""
    row = allocation_by(uid)
    if repeat(row):
        return _page(request, row, problem=_("It does not come out the same. Tell the administrator."), status=409)
    messages.success(request, _("Worked out again: the result is the same, byte for byte."))
    return redirect("courses:allocation", uid=uid)
