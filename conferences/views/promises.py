"""Promises to pass on: one's own, those one looks after, one with what could keep it, and the deeds."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conferences import promise_queries as reads
from conferences import promising, sharing, sharing_access
from conferences.forms.promise import ExcuseForm, NameForm, PlanForm
from conferences.models import Promise
from conferences.views.room import room_tabs
from schools.access import may_list_people
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused
from schools.states import Role

WATCHERS = (Role.HQ, Role.ADMINISTRATOR, Role.AUDITOR, Role.DIRECTOR, Role.DEPUTY)
ORGANISERS = (Role.HQ, Role.ADMINISTRATOR)
ON_A_PAGE = 30


@require_safe
@entry(SIGNED_IN)
def my_promises(request: HttpRequest) -> HttpResponse:
    context = {
        "promises": reads.mine(request.actor),
        "today": timezone.localdate(),
        "watches": may_list_people(request.actor),
        "tabs": room_tabs("promises", request.actor),
    }
    return render(request, "conferences/promises/mine.html", context)


@require_safe
@entry(*WATCHERS)
def promises_of_all(request: HttpRequest) -> HttpResponse:
    today, here = timezone.localdate(), reverse("conferences:promises_of_all")
    which = request.GET.get("which", "overdue")
    which = which if which in reads.LISTS else "overdue"
    counts = reads.counts(request.actor, today=today)
    labels = {"overdue": _("Overdue"), "open": _("To be kept"), "kept": _("Kept"), "excused": _("Excused")}
    rows = reads.to_watch(request.actor, today=today, which=which)
    context = {
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "today": today,
        "lists": [(label, f"{here}?which={name}", name == which, counts[name]) for name, label in labels.items()],
        "tabs": room_tabs("promises", request.actor),
    }
    return render(request, "conferences/promises/all.html", context)


def _promise(request: HttpRequest, uid: str) -> Promise:
    """The promise, for those who may see it; 404 for all others."""
    promise = get_object_or_404(reads.binding(), uid=uid)
    school = promise.school_id_then
    if not sharing_access.may_see_promise(request.actor, promise, school_id=school):
        raise Http404
    return promise


@require_safe
@entry(SIGNED_IN)
def promise_page(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, _promise(request, uid))


def _page(
    request: HttpRequest,
    promise: Promise,
    *,
    excuse: ExcuseForm | None = None,
    plan: PlanForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    organises = sharing_access.may_organise_promises(request.actor)
    context = {
        "promise": promise,
        "today": timezone.localdate(),
        "runs": reads.could_keep(promise),
        "own": sharing_access.is_promiser(request.actor, promise),
        "may_plan": organises,
        "may_excuse": sharing_access.may_excuse(request.actor, promise),
        "excuse": excuse or ExcuseForm(),
        "plan": plan or PlanForm(),
        "problem": problem,
        "trail": [
            (_("Conferences"), reverse("conferences:editions")),
            (_("Promises"), reverse("conferences:promises")),
        ],
    }
    return render(request, "conferences/promises/promise.html", context, status=status)


@require_POST
@entry(*ORGANISERS)
def promise_excuse(request: HttpRequest, uid: str) -> HttpResponse:
    promise, form = _promise(request, uid), ExcuseForm(request.POST)
    if not form.is_valid():
        return _page(request, promise, excuse=form, status=422)
    deed = lambda: sharing.excuse(promise=promise, actor=request.actor, reason=form.cleaned_data["reason"])  # noqa: E731
    return _done(request, promise, deed, _("The colleague is let off this promise."), excuse=form)


@require_POST
@entry(*ORGANISERS)
def promise_insist(request: HttpRequest, uid: str) -> HttpResponse:
    promise = _promise(request, uid)
    deed = lambda: sharing.insist(promise=promise, actor=request.actor)  # noqa: E731
    return _done(request, promise, deed, _("The promise is open again."))


@require_POST
@entry(*ORGANISERS)
def promise_plan(request: HttpRequest, uid: str) -> HttpResponse:
    """The one click."""
    promise, form = _promise(request, uid), PlanForm(request.POST)
    if not form.is_valid():
        return _page(request, promise, plan=form, status=422)
    try:
        run = promising.plan(promise=promise, topic=form.cleaned_data["topic"], actor=request.actor)
    except Refused as refusal:
        return _page(request, _promise(request, uid), plan=form, problem=str(refusal), status=status_of(refusal))
    messages.success(request, _("The draft is made. Look it over, set the dates and publish it."))
    return redirect("courses:organise_run_edit", uid=run.uid)


@require_POST
@entry(SIGNED_IN)
def promise_ask(request: HttpRequest, uid: str) -> HttpResponse:
    promise = _promise(request, uid)
    deed = lambda: promising.ask(promise=promise, actor=request.actor)  # noqa: E731
    return _done(request, promise, deed, _("HQ has been told that you need a seminar."))


@require_POST
@entry(SIGNED_IN)
def promise_name(request: HttpRequest, uid: str) -> HttpResponse:
    return _say(
        request, uid, sharing.derive_from_trip, _("The seminar passes on the trip. Held, it keeps the promise.")
    )


@require_POST
@entry(SIGNED_IN)
def promise_forget(request: HttpRequest, uid: str) -> HttpResponse:
    return _say(request, uid, sharing.forget, _("The seminar no longer passes on the trip."))


def _say(request: HttpRequest, uid: str, verb: Callable[..., object], told: str) -> HttpResponse:
    promise, run = _promise(request, uid), NameForm(request.POST).found()
    if run is None:
        return _page(request, promise, problem=_("There is no such seminar (any more)."), status=422)
    return _done(request, promise, lambda: verb(run=run, trip=promise.trip, actor=request.actor), told)


def _done(
    request: HttpRequest, promise: Promise, deed: Callable[[], object], told: str, excuse: ExcuseForm | None = None
) -> HttpResponse:
    try:
        deed()
    except Refused as refusal:
        again = _promise(request, promise.uid)
        return _page(request, again, excuse=excuse, problem=str(refusal), status=status_of(refusal))
    messages.success(request, told)
    return redirect("conferences:promise", uid=promise.uid)
