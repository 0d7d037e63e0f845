"""The route of approval and its versions; who stands in for whom."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conferences import route_keeping
from conferences.forms.route import RouteForm, StandInForm, StepRows, steps_of
from conferences.models import ApprovalRoute, StandIn
from conferences.trip_access import may_set_routes
from conferences.views.trip_common import trail_to
from courses.forms.sheets import grown
from schools.answering import attempt, status_of
from schools.entry import entry
from schools.errors import Refused
from schools.models import Person
from schools.queries import in_memberships
from schools.states import NETWORK_ROLES, Role

KEEPERS = (Role.HQ, Role.ADMINISTRATOR)
OFFICES = (Role.HQ, Role.FINANCE, Role.ADMINISTRATOR)
SHOWN = 12


@entry(*KEEPERS)
def route(request: HttpRequest) -> HttpResponse:
    versions = list(ApprovalRoute.objects.prefetch_related("steps__person").select_related("made_by")[:SHOWN])
    today = timezone.localdate()
    current = next((row for row in versions if row.valid_from <= today), None)
    context = {"versions": versions, "current": current, "trail": trail_to()}
    return render(request, "conferences/trips/route.html", context)


@entry(*KEEPERS)
def route_new(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    if request.method != "POST":
        current = ApprovalRoute.objects.filter(valid_from__lte=today).first()
        rows = StepRows(prefix="rows", initial=steps_of(current))
        return _form(request, RouteForm(initial={"valid_from": today}), rows)
    if "add" in request.POST:
        rows = StepRows(grown(request.POST, "rows"), prefix="rows")
        rows.hush()
        return _form(request, RouteForm(initial=request.POST.dict()), rows)
    form, rows = RouteForm(request.POST), StepRows(request.POST, prefix="rows")
    if not all([form.is_valid(), rows.is_valid()]):
        return _form(request, form, rows, status=422)
    steps = [row.plan() for row in rows.kept()]
    try:
        route_keeping.set_route(steps=steps, actor=request.actor, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form, rows, status=status_of(refusal))
    messages.success(request, _("The new route is kept."))
    return redirect("conferences:route")


def _form(request: HttpRequest, form: RouteForm, rows: object, status: int = 200) -> HttpResponse:
    context = {"form": form, "rows": rows, "part": "steps", "trail": trail_to()}
    return render(request, "conferences/trips/route_form.html", context, status=status)


@entry(*OFFICES)
def stand_ins(request: HttpRequest) -> HttpResponse:
    form = StandInForm(request.POST or None, holders=_holders(request))
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("holder", "deputy", "valid_from", "valid_to")}
        try:
            route_keeping.name_stand_in(**data, actor=request.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The stand-in is named."))
            return redirect("conferences:stand_ins")
    rows = StandIn.objects.filter(valid_to__gte=timezone.localdate()).select_related("holder", "deputy", "named_by")
    context = {
        "form": form,
        "rows": rows,
        "ends_all": may_set_routes(request.actor),
        "me": request.actor.person_id,
        "trail": trail_to(),
    }
    return render(request, "conferences/trips/stand_ins.html", context, status=422 if form.errors else 200)


@require_POST
@entry(*OFFICES)
def stand_in_end(request: HttpRequest, uid: str) -> HttpResponse:
    row = get_object_or_404(StandIn.objects.select_related("deputy"), uid=uid)
    attempt(request, lambda: route_keeping.end_stand_in(row=row, actor=request.actor), _("The stand-in has ended."))
    return redirect("conferences:stand_ins")


def _holders(request: HttpRequest) -> object:
    """Whom the reader may name a stand-in for: HQ for all offices, others for themselves."""
    people = Person.objects.filter(in_memberships(timezone.localdate(), role__in=NETWORK_ROLES), archived_at=None)
    if not may_set_routes(request.actor):
        people = people.filter(pk=request.actor.person_id)
    return people.order_by("surname", "given_name", "id")
