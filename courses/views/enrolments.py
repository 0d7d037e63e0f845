"""The page of one application, and what its owner can do with it."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import access, enrolling, outcome, queries, timeline
from courses.forms.enrolling import NoteForm, ResubmitForm, Verdict
from courses.models import Enrolment
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused, Stale


def shown_enrolment(request: HttpRequest, uid: str) -> Enrolment:
    """The enrolment with its moves, or 404 for those it is not for."""
    rows = queries.with_moves(queries.for_enrolment_page())
    enrolment = get_object_or_404(rows, uid=uid)
    if not access.may_see_enrolment(request.actor, enrolment):
        raise Http404
    return enrolment


@entry(SIGNED_IN)
def enrolment_page(request: HttpRequest, uid: str) -> HttpResponse:
    return page_of(request, shown_enrolment(request, uid))


def page_of(request: HttpRequest, enrolment: Enrolment, status: int = 200, **forms: object) -> HttpResponse:
    """The page, with forms that come back filled after an error."""
    actor, run = request.actor, enrolment.run
    context = {
        "enrolment": enrolment,
        "run": run,
        "steps": timeline.steps(enrolment),
        "header_lead": "" if access.is_applicant(actor, enrolment) else enrolment.person.full_name,
        "applicant_facts": applicant_facts(enrolment),
        "place_in_queue": queries.place_in_queue(enrolment),
        "is_mine": access.is_applicant(actor, enrolment),
        "may_withdraw": access.may_withdraw(actor, enrolment),
        "withdraw_open": run.may_withdraw(timezone.now()) or access.may_manage_courses(actor),
        "may_decide": access.may_decide(actor, enrolment),
        "may_use_room": access.may_use_room(actor, enrolment),
        "outcome": outcome.of(enrolment, actor),
        "verdict_form": Verdict(initial={"step": enrolment.step}),
        "resubmit_form": ResubmitForm(initial={"reason": enrolment.reason}),
        "note_form": NoteForm(),
        **forms,
    }
    return render(request, "courses/enrolment.html", context, status=status)


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
    ]


def _act(
    request: HttpRequest, uid: str, form: Form, name: str, deed: Callable[[Enrolment], object], done: str
) -> HttpResponse:
    """Validate, do one deed, and say so; a refusal comes back on the page with what was typed."""
    enrolment = shown_enrolment(request, uid)
    if not form.is_valid():
        return page_of(request, enrolment, status=422, **{name: form})
    try:
        deed(enrolment)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        status = 409 if isinstance(refusal, Stale) else 422
        return page_of(request, shown_enrolment(request, uid), status=status, **{name: form})
    messages.success(request, done)
    return redirect("courses:enrolment", uid=uid)


@require_POST
@entry(SIGNED_IN)
def withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    form = NoteForm(request.POST)
    return _act(
        request,
        uid,
        form,
        "note_form",
        lambda row: enrolling.withdraw(enrolment=row, actor=request.actor, note=form.cleaned_data["note"]),
        _("The application has been withdrawn."),
    )


@require_POST
@entry(SIGNED_IN)
def accept(request: HttpRequest, uid: str) -> HttpResponse:
    return _act(
        request,
        uid,
        NoteForm(request.POST),
        "note_form",
        lambda row: enrolling.accept_nomination(enrolment=row, actor=request.actor),
        _("You have accepted the nomination."),
    )


@require_POST
@entry(SIGNED_IN)
def refuse(request: HttpRequest, uid: str) -> HttpResponse:
    form = NoteForm(request.POST)
    return _act(
        request,
        uid,
        form,
        "note_form",
        lambda row: enrolling.refuse_nomination(enrolment=row, actor=request.actor, note=form.cleaned_data["note"]),
        _("You have refused the nomination."),
    )


@require_POST
@entry(SIGNED_IN)
def resubmit(request: HttpRequest, uid: str) -> HttpResponse:
    form = ResubmitForm(request.POST)
    return _act(
        request,
        uid,
        form,
        "resubmit_form",
        lambda row: enrolling.resubmit(enrolment=row, actor=request.actor, reason=form.cleaned_data["reason"]),
        _("Your application has been sent again."),
    )
