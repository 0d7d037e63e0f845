"""Appeals against allocations: the list that waits for an answer, and the answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from courses import allocation_telling, allocation_words, appealing
from courses.forms.allocation import AnswerForm
from courses.models import AllocationOutcome, Appeal
from courses.states import AppealState
from courses.views.organise_common import ORGANISERS
from schools import desk
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused


@entry(SIGNED_IN)
def appeals(request: HttpRequest) -> HttpResponse:
    """Those that wait for the reader's answer; nothing for others than coordinators."""
    rows = appealing.open_appeals(request.actor).select_related("enrolment__person", "enrolment__run__course")
    rows = rows.select_related("enrolment__school").prefetch_related("enrolment__school__names")
    context = {"rows": list(rows), "tabs": desk.tabs(request.actor, "courses:appeals")}
    return render(request, "courses/allocation/appeals.html", context)


@entry(*ORGANISERS)
def answer(request: HttpRequest, uid: str) -> HttpResponse:
    rows = Appeal.objects.select_related("enrolment__person", "enrolment__run__course", "enrolment__school")
    appeal = get_object_or_404(rows.select_related("allocation", "answered_by"), uid=uid)
    outcome = appealing.outcome_of(appeal)
    form = AnswerForm(request.POST or None, waiting=list(appealing.waiting_rows(outcome)))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _do(appeal, form, request)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = status_of(refusal)
        else:
            messages.success(request, _("The appeal is answered. The applicant gets a letter."))
            return redirect("courses:appeals")
    return _page(request, appeal, outcome, form, 422 if status == 200 and form.errors else status)


def _page(
    request: HttpRequest, appeal: Appeal, outcome: AllocationOutcome, form: AnswerForm, status: int
) -> HttpResponse:
    context = {
        "appeal": appeal,
        "is_open": appeal.state == AppealState.OPEN,
        "allocated": allocation_telling.told(outcome, voice=allocation_words.COORDINATOR),
        "waiting": bool(form.rows),
        "form": form,
        "trail": [(_("Appeals"), reverse("courses:appeals"))],
    }
    return render(request, "courses/allocation/appeal.html", context, status=status)


def _do(appeal: Appeal, form: AnswerForm, request: HttpRequest) -> None:
    told = form.cleaned_data
    if told["verdict"] == AnswerForm.REFUSE:
        appealing.refuse(appeal=appeal, answer=told["answer"], actor=request.actor)
        return
    appealing.uphold(
        appeal=appeal,
        enrolment=form.rows[told["run"]],
        answer=told["answer"],
        actor=request.actor,
        add_place=told["add_place"],
    )
