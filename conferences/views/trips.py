"""Trips: the list, one trip, and what its owners do with it as a whole."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from conferences import sending, trip_queries
from conferences.forms.trip import AgreeForm, ExcuseForm, NoteForm
from conferences.models import Trip
from conferences.trip_access import may_ask, sees_all_trips
from conferences.trip_gates import NotReady
from conferences.trip_states import TripState
from conferences.views.trip_common import own_trip, seen_by, trip_by
from conferences.views.trip_page import page_of
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused
from schools.models import Person

PER_PAGE = 30
LEFT = (TripState.DECLINED, TripState.WITHDRAWN, TripState.CANCELLED)


@entry(SIGNED_IN)
def trips(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    wide = sees_all_trips(actor) or bool(actor.schools_led()) or actor.superuser
    show = request.GET.get("show", "")
    rows = trip_queries.visible_trips(actor) if wide and show != "mine" else trip_queries.trips_of(actor.person_id or 0)
    if show == "past":
        rows = rows.filter(state__in=(TripState.CLOSED, *LEFT))
    elif show != "mine" or wide:
        rows = rows.exclude(state__in=(TripState.CLOSED, *LEFT))
    tabs = [
        (pgettext("trips", "Under way"), "?", show not in ("mine", "past")),
        (_("Past"), "?show=past", show == "past"),
    ]
    if wide:
        tabs.append((_("My own"), "?show=mine", show == "mine"))
    page = Paginator(trip_queries.for_lists(rows).order_by("-starts_on", "-id"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "tabs": tabs, "may_ask": may_ask(actor), "show": show}
    return render(request, "conferences/trips/list.html", context)


@entry(SIGNED_IN)
def trip(request: HttpRequest, uid: str) -> HttpResponse:
    return page_of(request, trip_by(request, uid))


@require_POST
@entry(SIGNED_IN)
def submit(request: HttpRequest, uid: str) -> HttpResponse:
    row = own_trip(request, uid)
    try:
        sending.submit(trip=row, actor=request.actor, seen=seen_by(request))
    except NotReady as refusal:
        return page_of(request, own_trip(request, uid), status=422, problem=str(refusal))
    except Refused as refusal:
        return page_of(request, own_trip(request, uid), status=status_of(refusal), problem=str(refusal))
    messages.success(request, _("The request was sent. You will hear of every step."))
    return redirect("conferences:trip", uid=uid)


@require_POST
@entry(SIGNED_IN)
def take_back(request: HttpRequest, uid: str) -> HttpResponse:
    return _with_note(
        request,
        own_trip(request, uid),
        sending.take_back,
        _("The request is yours again. Change it, then send it anew."),
    )


@require_POST
@entry(SIGNED_IN)
def withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    return _with_note(request, own_trip(request, uid), sending.withdraw, _("The request is withdrawn."))


@require_POST
@entry(SIGNED_IN)
def call_off(request: HttpRequest, uid: str) -> HttpResponse:
    return _with_note(request, trip_by(request, uid), sending.call_off, _("The trip is called off. Everybody is told."))


@require_POST
@entry(SIGNED_IN)
def agree(request: HttpRequest, uid: str) -> HttpResponse:
    row = own_trip(request, uid)
    form = AgreeForm(request.POST, trip=row)
    if not form.is_valid():
        return page_of(request, row, status=422, agree_form=form)
    abroad = form.cleaned_data.get("abroad", False)
    return _done(
        request,
        row,
        partial(sending.agree, trip=row, actor=request.actor, abroad=abroad),
        _("Your agreement is noted."),
    )


@require_POST
@entry(SIGNED_IN)
def refuse(request: HttpRequest, uid: str) -> HttpResponse:
    row = own_trip(request, uid)
    return _done(request, row, partial(sending.refuse, trip=row, actor=request.actor), _("Your refusal is noted."))


@require_POST
@entry(SIGNED_IN)
def excuse(request: HttpRequest, uid: str, person: str) -> HttpResponse:
    row = trip_by(request, uid)
    form = ExcuseForm(request.POST)
    who = get_object_or_404(Person, uid=person, pk__in=[traveller.person_id for traveller in row.travellers.all()])
    if not form.is_valid():
        return page_of(request, row, status=422, problem=_("Write why this trip is allowed all the same."))
    deed = partial(sending.excuse, trip=row, person=who, actor=request.actor, reason=form.cleaned_data["reason"])
    return _done(request, row, deed, _("The traveller is excused for this trip."))


def _with_note(request: HttpRequest, row: Trip, verb: Callable[..., object], done: str) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return page_of(request, row, status=422, problem=" ".join(map(str, form.errors["note"])))
    return _done(request, row, partial(verb, trip=row, actor=request.actor, note=form.cleaned_data["note"]), done)


def _done(request: HttpRequest, row: Trip, deed: Callable[[], object], done: str) -> HttpResponse:
    try:
        deed()
    except Refused as refusal:
        return page_of(request, trip_by(request, row.uid), status=status_of(refusal), problem=str(refusal))
    messages.success(request, done)
    return redirect("conferences:trip", uid=row.uid)
