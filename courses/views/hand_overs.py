"""A place that goes to a colleague: ask somebody, look at it, say yes or no, take it back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from courses import access, hand_over_ends, handing_over, taking_over
from courses import hand_over_queries as reads
from courses import requirement_queries as requirements
from courses.forms.hand_over import AgreeForm, HandOverForm, LeaveForm
from courses.models import Enrolment, HandOver
from courses.requiring import Missing
from courses.states import HANDING, EnrolmentState, HandOverState
from courses.views.enrolments import shown_enrolment
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused


@entry(SIGNED_IN)
def hand_over(request: HttpRequest, uid: str) -> HttpResponse:
    """The applicant chooses a colleague; 404 for everybody else."""
    enrolment = shown_enrolment(request, uid)
    if not access.is_applicant(request.actor, enrolment):
        raise Http404
    if request.method != "POST":
        return _ask_page(request, enrolment)
    people = reads.colleagues(enrolment, today=timezone.localdate())
    form, status = HandOverForm(request.POST, people=people), 422
    lacking: list[requirements.Need] = []
    if form.is_valid():
        try:
            made = handing_over.ask(enrolment=enrolment, actor=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = status_of(refusal)
            lacking = requirements.open_runs_of(refusal.courses) if isinstance(refusal, Missing) else []
        else:
            messages.success(request, _("Your colleague is asked by mail. Until the answer the place is yours."))
            return redirect("courses:hand_over_page", uid=made.uid)
    return _ask_page(request, enrolment, status=status, form=form, lacking=lacking)


def _ask_page(request: HttpRequest, enrolment: Enrolment, status: int = 200, **given: object) -> HttpResponse:
    run, now = enrolment.run, timezone.now()
    people = reads.colleagues(enrolment, today=timezone.localdate(now))
    goes_on = reads.open_of(enrolment)
    context = {
        "enrolment": enrolment,
        "run": run,
        "open": goes_on,
        "obstacle": "" if goes_on else _obstacle(enrolment),
        "until": hand_over_ends.answer_until(run, now=now),
        "asks_approval": bool(run.chain.steps.all()),
        "form": HandOverForm(people=people),
        "has_people": people.exists(),
        **given,
    }
    return render(request, "courses/hand_over/ask.html", context, status=status)


def _obstacle(enrolment: Enrolment) -> str:
    try:
        handing_over.refuse_untimely(enrolment, enrolment.run)
        handing_over.refuse_left_school(enrolment)
    except Refused as refusal:
        return str(refusal)
    return ""


def _shown(request: HttpRequest, uid: str) -> HandOver:
    rows = reads.loaded().prefetch_related("run__host__names", "run__meetings", "run__chain__steps")
    row = get_object_or_404(rows, uid=uid)
    if not access.may_see_hand_over(request.actor, row):
        raise Http404
    return row


@entry(SIGNED_IN)
def hand_over_page(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, _shown(request, uid))


def _page(request: HttpRequest, row: HandOver, status: int = 200, **forms: object) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    ends = hand_over_ends.fate(row, now=now) if row.state in HANDING else None
    asked = row.state == HandOverState.ASKED and not ends and actor.person_id == row.to_id
    needs = requirements.needs(row.run.course_id, row.to_id) if asked else []
    approval = bool(row.run.chain.steps.all())
    own = reads.own_application(row) if asked and approval else None
    context = {
        "row": row,
        "run": row.run,
        "open": row.state in HANDING and not ends,
        "state_words": HandOverState(ends or row.state).label,
        "may_answer": asked,
        "may_take_back": row.state in HANDING and not ends and access.is_applicant(actor, row.enrolment),
        "is_giver": access.is_applicant(actor, row.enrolment),
        "is_colleague": actor.person_id == row.to_id,
        "asks_approval": approval and not (own and own.state == EnrolmentState.WAITING),
        "asks_reason": approval and own is None,
        "needs": requirements.with_runs(needs, now=now),
        "agree_form": AgreeForm(),
        "leave_form": LeaveForm(auto_id="leave_%s"),
        **forms,
    }
    return render(request, "courses/hand_over/page.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that can be done with a hand-over: verb, form and what of it is given on, how the page calls it."""

    do: Callable[..., object]
    form: type[Form]
    takes: tuple[str, ...]
    name: str
    done: Promise


DEEDS = {
    "agree": Deed(
        taking_over.agree, AgreeForm, ("reason",), "agree_form", gettext_lazy("You have agreed to take the place.")
    ),
    "leave": Deed(
        taking_over.refuse, LeaveForm, ("note",), "leave_form", gettext_lazy("The place stays with your colleague.")
    ),
    "take_back": Deed(handing_over.take_back, Form, (), "back_form", gettext_lazy("You keep the place.")),
}
"""By the last word of their address."""


@require_POST
@entry(SIGNED_IN)
def act(request: HttpRequest, uid: str, deed: str) -> HttpResponse:
    """Validate, do one of the DEEDS, and say so; a refusal comes back on the page with what was typed."""
    row, asked, status = _shown(request, uid), DEEDS[deed], 422
    form = asked.form(request.POST)
    if form.is_valid():
        given: dict[str, Any] = {name: form.cleaned_data[name] for name in asked.takes}
        try:
            asked.do(hand_over=row, actor=request.actor, **given)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            row, status = _shown(request, uid), status_of(refusal)
        else:
            messages.success(request, str(asked.done))
            return redirect("courses:hand_over_page", uid=uid)
    return _page(request, row, status=status, refused=form, **{asked.name: form})
