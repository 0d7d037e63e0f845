"""Final assessment and results: what the rules say, closing them, opening one again."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from courses import completing
from courses import teaching_queries as reads
from courses.forms.teaching import MarkSheet, ReasonForm
from courses.models import Enrolment, Run
from courses.states import Assessment, EnrolmentState
from courses.views.teaching_common import room, taught_run
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused


@entry(SIGNED_IN)
def assessment(request: HttpRequest, uid: str) -> HttpResponse:
    """One choice a person for the final assessment, all in one form."""
    run = taught_run(request, uid)
    if not run.course.final_assessment:
        return redirect("courses:results", uid=uid)
    sheet = _sheet(run, request)
    if request.method != "POST":
        return _assessment_page(request, run, sheet)
    if request.POST.get("rest") == Assessment.PASSED:
        sheet.fill(Assessment.PASSED)
    if not sheet.is_valid:
        return _assessment_page(request, run, sheet, status=422)
    try:
        count = completing.assess(run=run, marks=sheet.changes(), actor=request.actor)
    except Refused as refusal:
        return _assessment_page(request, run, sheet, problem=str(refusal), status=status_of(refusal))
    done = ngettext("%(n)s mark saved.", "%(n)s marks saved.", count) % {"n": count}
    messages.success(request, done if count else _("Nothing was changed."))
    return redirect("courses:assessment", uid=uid)


def _sheet(run: Run, request: HttpRequest) -> MarkSheet:
    people = list(reads.participants(run))
    return MarkSheet(
        people,
        choices=[*Assessment.choices, ("", pgettext("final assessment", "not yet"))],
        standing={row.pk: row.assessment for row in people},
        fixed=[row.pk for row in people if row.state != EnrolmentState.CONFIRMED],
        data=request.POST if request.method == "POST" else None,
    )


def _assessment_page(
    request: HttpRequest, run: Run, sheet: MarkSheet, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = room(request, run, "assessment") | {
        "sheet": sheet,
        "problem": problem,
        "unmarked": sum(not line.stands and not line.fixed for line in sheet.lines),
    }
    return render(request, "courses/teaching/assessment.html", context, status=status)


@entry(SIGNED_IN)
def results_page(request: HttpRequest, uid: str) -> HttpResponse:
    return _results(request, taught_run(request, uid))


def _results(request: HttpRequest, run: Run, *, problem: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    percent = completing.percent_for(run)
    preview = completing.results(run, percent=percent)
    context = room(request, run, "results") | {
        "preview": preview,
        "passing": sum(row.passes for row in preview),
        "lacking": sum(not row.passes for row in preview),
        "seen": _seen(preview),
        "percent": percent,
        "decided": list(reads.decided(run)),
        "missing": reads.marks_missing(run, now=now) if preview else 0,
        "unassessed": sum(not row.enrolment.assessment for row in preview) if run.course.final_assessment else 0,
        "may_close": run.ends_on is not None and run.ends_on <= timezone.localdate(now),
        "problem": problem,
    }
    return render(request, "courses/teaching/results.html", context, status=status)


def _seen(preview: Sequence[completing.Result]) -> str:
    """What the page says will be decided, as a token: who passes and who does not."""
    passing = sum(row.passes for row in preview)
    return f"{passing}-{len(preview) - passing}"


@require_POST
@entry(SIGNED_IN)
def close_results(request: HttpRequest, uid: str) -> HttpResponse:
    """Decide what the page shows; if it would come out otherwise by now, the page is shown anew."""
    run = taught_run(request, uid)
    if request.POST.get("seen") != _seen(completing.results(run, percent=completing.percent_for(run))):
        changed = _("The marks have changed in the meantime. Look at the results once more.")
        return _results(request, run, problem=changed, status=409)
    try:
        passed, failed = completing.close(run=run, actor=request.actor)
    except Refused as refusal:
        return _results(request, run, problem=str(refusal), status=status_of(refusal))
    text = _("Results are decided. Completed: %(passed)s, not passed: %(failed)s.")
    messages.success(request, text % {"passed": passed, "failed": failed})
    return redirect("courses:results", uid=uid)


@entry(SIGNED_IN)
def reopen_result(request: HttpRequest, uid: str) -> HttpResponse:
    rows = Enrolment.objects.select_related("person", "run", "school").prefetch_related("school__names")
    row = get_object_or_404(rows, uid=uid)
    run = taught_run(request, row.run.uid)
    form = ReasonForm(request.POST if request.method == "POST" else None, help_text=_("It stays on record."))
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            completing.reopen(enrolment=row, actor=request.actor, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = status_of(refusal)
        else:
            messages.success(request, _("The result is open again: attendance and assessment can be corrected."))
            return redirect("courses:results", uid=run.uid)
    context = room(request, run, "results") | {"enrolment": row, "form": form}
    context["trail"] = [*context["trail"], (_("Results"), reverse("courses:results", args=[run.uid]))]
    return render(request, "courses/teaching/reopen.html", context, status=status)
