"""The page of one run, and the ways onto it: apply and nominate."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import access, chain_queries, enrolling, queries
from courses import requirement_queries as reads
from courses.forms.enrolling import ApplyForm, NominateForm
from courses.models import Run
from courses.requirement_queries import Need
from courses.requiring import Missing
from courses.views.run_facts import before_applying
from schools.entry import EVERYONE, SIGNED_IN, entry
from schools.errors import Refused
from schools.models import Person


def visible_run(request: HttpRequest, uid: str, runs: QuerySet[Run]) -> Run:
    """The run out of `runs`, or 404 if it does not exist for this reader."""
    run = get_object_or_404(runs, uid=uid)
    if not access.may_see_run(request.actor, run):
        raise Http404
    return run


def shown_run(request: HttpRequest, uid: str) -> Run:
    """The run with its seats and everything that its page shows, or 404."""
    return visible_run(request, uid, queries.for_page(Run.objects.all()))


@entry(EVERYONE)
def run_page(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, shown_run(request, uid), ApplyForm())


def _page(request: HttpRequest, run: Run, form: ApplyForm, status: int = 200) -> HttpResponse:
    chain = {"named": chain_queries.sources_of(run), "tree": chain_queries.led_to(run)}
    context = {"run": run, "form": form, **before_applying(request.actor, run), **chain}
    return render(request, "courses/run.html", context, status=status)


@require_POST
@entry(SIGNED_IN)
def apply(request: HttpRequest, uid: str) -> HttpResponse:
    """The rush when a course opens: the verb reads what it needs under its locks, the page only after an error."""
    run = visible_run(request, uid, Run.objects.only("state"))
    if not access.may_apply(request.actor):
        raise PermissionDenied
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return _page(request, shown_run(request, uid), form, status=422)
    person = Person(pk=request.actor.person_id)
    try:
        enrolment = enrolling.enrol(person=person, run=run, actor=request.actor, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, shown_run(request, uid), form, status=409)
    messages.success(request, _("Your application has been sent."))
    return redirect("courses:enrolment", uid=enrolment.uid)


@entry(SIGNED_IN)
def nominate(request: HttpRequest, uid: str) -> HttpResponse:
    run = shown_run(request, uid)
    if not access.may_nominate(request.actor):
        raise PermissionDenied
    people = queries.nominees(request.actor, run, today=timezone.localdate())
    form = NominateForm(request.POST or None, people=people)
    lacking: list[Need] = []
    if request.method == "POST" and form.is_valid():
        try:
            enrolling.nominate(run=run, actor=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            lacking = reads.open_runs_of(refusal.courses) if isinstance(refusal, Missing) else []
        else:
            messages.success(request, _("The colleague has been nominated and will be asked by mail."))
            return redirect("courses:run", uid=run.uid)
    context = {"run": run, "form": form, "has_people": people.exists(), "lacking": lacking}
    return render(request, "courses/nominate.html", context, status=422 if form.errors else 200)
