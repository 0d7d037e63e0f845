"""«My wishes»: the order of one's applications among parallel runs; and the appeal against an allocation."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import access, allocation_telling, appealing, wishing
from courses.allocation_reading import runs_of
from courses.forms.allocation import AppealForm, run_label
from courses.models import Enrolment, Intake
from courses.views.enrolments import page_of, shown_enrolment
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused


def _own(request: HttpRequest, uid: str) -> tuple[Enrolment, Intake]:
    enrolment = shown_enrolment(request, uid)
    intake = enrolment.run.intake
    if not access.is_applicant(request.actor, enrolment) or intake is None:
        raise Http404
    return enrolment, intake


@entry(SIGNED_IN)
def wishes(request: HttpRequest, uid: str) -> HttpResponse:
    """Move an application up or down, one press at a time."""
    (enrolment, intake), problem, status = _own(request, uid), "", 200
    if request.method == "POST":
        rows = {row.uid: row for row in wishing.wishes_of(enrolment.person_id, intake)}
        row = rows.get(request.POST.get("wish", ""), enrolment)
        try:
            wishing.move(enrolment=row, up=request.POST.get("to") == "up", actor=request.actor)
        except Refused as refusal:
            problem, status = str(refusal), status_of(refusal)
        else:
            messages.success(request, _("Your order is saved."))
            return redirect("courses:wishes", uid=uid)
    return _page(request, enrolment, intake, problem, status)


def _page(request: HttpRequest, enrolment: Enrolment, intake: Intake, problem: str, status: int) -> HttpResponse:
    runs = runs_of(intake)
    mine = [(row, run_label(row.run)) for row in wishing.wishes_of(enrolment.person_id, intake)]
    asked = {row.run_id for row, _label in mine}
    context = {
        "enrolment": enrolment,
        "rows": mine,
        "others": [(run, run_label(run)) for run in runs.values() if run.pk not in asked],
        "may_rank": wishing.may_rank(intake, list(runs.values())),
        "problem": problem,
    }
    return render(request, "courses/allocation/wishes.html", context, status=status)


@require_POST
@entry(SIGNED_IN)
def appeal(request: HttpRequest, uid: str) -> HttpResponse:
    """The applicant's one appeal; a refusal comes back on the page with what was typed."""
    enrolment, form, status = shown_enrolment(request, uid), AppealForm(request.POST), 422
    row = allocation_telling.outcome_for(enrolment.person_id, enrolment.run.intake_id)
    if row is None:
        raise Http404
    if form.is_valid():
        try:
            appealing.appeal(outcome=row, text=form.cleaned_data["text"], actor=request.actor)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = status_of(refusal)
        else:
            messages.success(request, _("Your appeal has been sent. You will get a letter with the answer."))
            return redirect("courses:enrolment", uid=uid)
    return page_of(request, shown_enrolment(request, uid), status=status, appeal_form=form)
