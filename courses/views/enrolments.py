"""The page of one application, and what its owner can do with it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from courses import (
    access,
    at_work,
    commitments,
    enrolling,
    fair_time,
    leaving_late,
    near_dates,
    offers,
    outcome,
    queries,
    requirement_queries,
    timeline,
)
from courses.forms.enrolling import LateForm, NoteForm, ResubmitForm, Verdict
from courses.models import Enrolment
from courses.states import EnrolmentState
from courses.views.allocation_card import allocation_card
from courses.views.hand_over_card import hand_over_card
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused


def shown_enrolment(request: HttpRequest, uid: str) -> Enrolment:
    """The enrolment with its moves and all its page shows, or 404 for those it is not for."""
    return seen_enrolment(request, uid, queries.with_moves(queries.for_enrolment_page()))


def seen_enrolment(request: HttpRequest, uid: str, rows: QuerySet[Enrolment] | None = None) -> Enrolment:
    """The enrolment, out of these rows if given, or 404 for those it is not for: enough for a deed."""
    enrolment = get_object_or_404(Enrolment if rows is None else rows, uid=uid)
    if not access.may_see_enrolment(request.actor, enrolment):
        raise Http404
    return enrolment


@entry(SIGNED_IN)
def enrolment_page(request: HttpRequest, uid: str) -> HttpResponse:
    return page_of(request, shown_enrolment(request, uid))


def page_of(request: HttpRequest, enrolment: Enrolment, status: int = 200, **forms: object) -> HttpResponse:
    """The page, with forms that come back filled after an error."""
    actor, run, now = request.actor, enrolment.run, timezone.now()
    is_mine = access.is_applicant(actor, enrolment)
    may_answer = is_mine and enrolment.state == EnrolmentState.OFFERED
    in_time = fair_time.ends([enrolment], now=now).get(enrolment.pk) if is_mine else None
    context = {
        "enrolment": enrolment,
        "run": run,
        "steps": timeline.steps(enrolment),
        "header_lead": "" if is_mine else enrolment.person.full_name,
        "applicant_facts": applicant_facts(enrolment),
        "place_in_queue": queries.place_in_queue(enrolment),
        "passed_over": _passed_over(enrolment),
        "is_mine": is_mine,
        "may_withdraw": access.may_withdraw(actor, enrolment) and not may_answer,
        "withdraw_open": run.may_withdraw(now)
        or in_time is not None
        or (not is_mine and access.may_manage_courses(actor)),
        "gives_back_until": in_time,
        "withdraws_late": is_mine and run.withdraws_late(now),
        "may_decide": access.may_decide(actor, enrolment),
        "may_use_room": access.may_use_room(actor, enrolment),
        "needs": _needs(enrolment) if is_mine else [],
        "near": near_dates.around(enrolment.person_id, run).near if access.may_decide(actor, enrolment) else [],
        "outcome": outcome.of(enrolment, actor),
        "verdict_form": Verdict(initial={"step": enrolment.step}),
        "resubmit_form": ResubmitForm(initial={"reason": enrolment.reason}),
        "note_form": NoteForm(),
        "late_form": LateForm(auto_id="late_%s"),
        **allocation_card(enrolment, actor),
        **hand_over_card(enrolment, actor, now=now),
        **forms,
    }
    return render(request, "courses/enrolment.html", context, status=status)


def _passed_over(enrolment: Enrolment) -> str:
    """Why somebody who waits is passed over for good, as the dates stand; empty where there is no such reason."""
    waits = enrolment.signup_id is None and enrolment.state in (EnrolmentState.WAITING, EnrolmentState.POOLED)
    return str(at_work.LEFT) if waits and at_work.leaves(enrolment.person, enrolment.run) else ""


def _needs(enrolment: Enrolment) -> list[requirement_queries.Need]:
    """What somebody who is nominated has to complete before accepting."""
    if enrolment.state != EnrolmentState.NOMINATED:
        return []
    found = requirement_queries.needs(enrolment.run.course_id, enrolment.person_id)
    return requirement_queries.with_runs(found, now=timezone.now())


def applicant_facts(enrolment: Enrolment) -> list[tuple[str, object]]:
    """Who applies, for those who decide."""
    person, school = enrolment.person, enrolment.school
    return [
        (_("Name"), person.full_name),
        (_("School"), school.short_name() if school else ""),
        (_("Post"), person.get_post_display()),
        (_("Qualification category"), person.get_category_display()),
        (_("Nominated by"), enrolment.nominated_by.full_name if enrolment.nominated_by else ""),
        (_("Courses completed"), queries.finished_count(person.pk)),
        *commitments.words(commitments.of(person.pk, on=timezone.localdate())),
    ]


@dataclass(frozen=True, slots=True)
class Deed:
    """What the owner can do with an application: the verb, its form, what the verb takes of it, and the thanks."""

    do: Callable[..., object]
    form: type[Form]
    takes: tuple[str, ...]
    done: Promise


DEEDS = {
    "withdraw": Deed(enrolling.withdraw, NoteForm, ("note",), gettext_lazy("The application has been withdrawn.")),
    "late": Deed(leaving_late.withdraw, LateForm, ("note",), gettext_lazy("The place has been given up.")),
    "accept": Deed(enrolling.accept_nomination, NoteForm, (), gettext_lazy("You have accepted the nomination.")),
    "refuse": Deed(enrolling.refuse_nomination, NoteForm, ("note",), gettext_lazy("You have refused the nomination.")),
    "take": Deed(offers.take, NoteForm, (), gettext_lazy("The place is yours.")),
    "decline": Deed(offers.decline, NoteForm, ("note",), gettext_lazy("The place goes to the next in line.")),
    "resubmit": Deed(
        enrolling.resubmit, ResubmitForm, ("reason",), gettext_lazy("Your application has been sent again.")
    ),
}
"""By the last word of their address."""
FORMS = {NoteForm: "note_form", ResubmitForm: "resubmit_form", LateForm: "late_form"}
"""How the page calls them."""


@require_POST
@entry(SIGNED_IN)
def act(request: HttpRequest, uid: str, deed: str) -> HttpResponse:
    """Validate, do one of the DEEDS, and say so; a refusal comes back on the page with what was typed."""
    enrolment, asked, status = seen_enrolment(request, uid), DEEDS[deed], 422
    form = asked.form(request.POST)
    if form.is_valid():
        try:
            asked.do(
                enrolment=enrolment, actor=request.actor, **{name: form.cleaned_data[name] for name in asked.takes}
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = status_of(refusal)
        else:
            messages.success(request, str(asked.done))
            return redirect("courses:enrolment", uid=uid)
    return page_of(request, shown_enrolment(request, uid), status=status, **{FORMS[asked.form]: form})
