"""Coordinators look at what is asked for and make seminars of it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import demand_queries as reads
from courses import demands
from courses.forms.demand import CloseForm
from courses.models import Demand
from courses.states import DemandState
from courses.views.demand_map import region_marks
from courses.views.organise_common import ORGANISERS, list_tabs, page_of
from schools.answering import attempt, status_of
from schools.entry import entry
from schools.errors import Refused
from schools.forms.school_picker import region_of


@entry(*ORGANISERS)
def demand_list(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in DemandState.values else DemandState.OPEN
    region = region_of(request.GET.get("region", ""))
    counts, here = reads.state_counts(), reverse("courses:organise_demands")
    labels = [(value, label[:1].upper() + label[1:]) for value, label in DemandState.choices]
    context = {
        "page": page_of(request, reads.for_organisers(state, region=region)),
        "region": region,
        "states": [(label, f"{here}?state={value}", value == state, counts[value]) for value, label in labels],
        "marks": region_marks(reads.unmet_by_region(), path=here, query={"region": region.iso} if region else {}),
        "tabs": list_tabs("demand"),
    }
    return render(request, "courses/organise/demands.html", context)


def _demand(uid: str) -> Demand:
    return get_object_or_404(Demand.objects.select_related("topic", "region", "run__course"), uid=uid)


@entry(*ORGANISERS)
def demand_page(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, _demand(uid), CloseForm())


def _page(request: HttpRequest, demand: Demand, form: CloseForm, status: int = 200) -> HttpResponse:
    context = {
        "demand": demand,
        "form": form,
        "page": page_of(request, reads.voices_of(demand)),
        "found": reads.proposal(demand),
        "trail": [(_("Organise"), reverse("courses:organise")), (_("Demand"), reverse("courses:organise_demands"))],
    }
    return render(request, "courses/organise/demand.html", context, status=status)


@require_POST
@entry(*ORGANISERS)
def demand_plan(request: HttpRequest, uid: str) -> HttpResponse:
    """The one click."""
    try:
        run = demands.plan(demand=_demand(uid), actor=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("courses:organise_demand", uid=uid)
    messages.success(
        request, _("The draft is made. Look it over, set the dates and publish it: then all who asked are told.")
    )
    return redirect("courses:organise_run_edit", uid=run.uid)


@require_POST
@entry(*ORGANISERS)
def demand_meet(request: HttpRequest, uid: str) -> HttpResponse:
    return _done(request, uid, demands.meet, _("The demand counts as met."))


@require_POST
@entry(*ORGANISERS)
def demand_reopen(request: HttpRequest, uid: str) -> HttpResponse:
    return _done(request, uid, demands.reopen, _("The demand is open again."))


def _done(request: HttpRequest, uid: str, verb: Callable[..., None], text: str) -> HttpResponse:
    attempt(request, lambda: verb(demand=_demand(uid), actor=request.actor), text)
    return redirect("courses:organise_demand", uid=uid)


@require_POST
@entry(*ORGANISERS)
def demand_close(request: HttpRequest, uid: str) -> HttpResponse:
    demand, form = _demand(uid), CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, demand, form, status=422)
    try:
        demands.close(demand=demand, actor=request.actor, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, demand, form, status=status_of(refusal))
    messages.success(request, _("The demand is closed."))
    return redirect("courses:organise_demand", uid=uid)
