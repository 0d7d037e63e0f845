"""Writing a request, part by part. Rows are added by «+» without a script; what was typed comes back on a refusal."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from translated_fields import to_attribute

from conferences import requesting, trip_per_diem, trip_queries
from conferences.currencies import CODES
from conferences.forms import trip_rows as rows
from conferences.forms.trip import BasicsForm
from conferences.models import Edition, Presentation, Trip
from conferences.rate_queries import rates_on
from conferences.requesting import MOST_LINES
from conferences.trip_access import may_ask
from conferences.trip_states import CHANGEABLE
from conferences.views.trip_common import own_trip, seen_by, trail_to
from courses.forms.rows import Rows
from courses.forms.sheets import grown
from schools.alphabet import in_order
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused
from schools.models import Region
from schools.models.base import UID_LENGTH, UidModel

Named = TypeVar("Named", bound=UidModel)


@entry(SIGNED_IN)
def new(request: HttpRequest) -> HttpResponse:
    if not may_ask(request.actor):
        raise PermissionDenied
    form = BasicsForm(request.POST or None, actor=request.actor, initial=_wished(request))
    if request.method == "POST" and form.is_valid():
        try:
            trip = requesting.start(basics=form.basics(), actor=request.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The draft is saved. Complete the other parts, then send it."))
            return redirect("conferences:trip", uid=trip.uid)
    context = {"form": form, "trail": trail_to()}
    return render(request, "conferences/trips/basics.html", context, status=422 if form.errors else 200)


@entry(SIGNED_IN)
def basics(request: HttpRequest, uid: str) -> HttpResponse:
    trip = _to_write(request, uid)
    if isinstance(trip, HttpResponse):
        return trip
    form = BasicsForm(request.POST or None, actor=request.actor, trip=trip)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                requesting.set_basics(trip=trip, basics=form.basics(), actor=request.actor, seen=seen_by(request))
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                return _saved(request, uid)
    context = {"form": form, "trip": trip, "seen": trip.changed_at.isoformat(), "trail": trail_to(trip)}
    return render(request, "conferences/trips/basics.html", context, status=status)


@entry(SIGNED_IN)
def travellers(request: HttpRequest, uid: str) -> HttpResponse:
    def save(trip: Trip, kept: list[Any]) -> None:
        companions = [row.companion() for row in kept]
        requesting.set_travellers(trip=trip, companions=companions, actor=request.actor, seen=seen_by(request))

    def formset(trip: Trip, data: QueryDict | None) -> Any:
        people = {"people": list(trip_queries.companions_for(trip, request.actor, on=timezone.localdate()))}
        return rows.TravellerRows(
            data, prefix="rows", initial=_unless(data, rows.travellers_of(trip)), form_kwargs=people
        )

    return _part(request, uid, "travellers", formset, save)


@entry(SIGNED_IN)
def way(request: HttpRequest, uid: str) -> HttpResponse:
    def save(trip: Trip, kept: list[Any]) -> None:
        stretches = [row.stretch() for row in kept]
        requesting.set_way(trip=trip, stretches=stretches, actor=request.actor, seen=seen_by(request))

    def formset(trip: Trip, data: QueryDict | None) -> Any:
        return rows.LegRows(data, prefix="rows", initial=_unless(data, rows.legs_of(trip) or _guessed(trip)))

    return _part(request, uid, "way", formset, save)


@entry(SIGNED_IN)
def estimate(request: HttpRequest, uid: str) -> HttpResponse:
    today = timezone.localdate()
    rates = rates_on(set(CODES), on=today)

    def save(trip: Trip, kept: list[Any]) -> None:
        costs = [row.cost() for row in kept]
        requesting.set_estimate(trip=trip, costs=costs, actor=request.actor, seen=seen_by(request))

    def formset(trip: Trip, data: QueryDict | None) -> Any:
        initial = rows.costs_of(trip) or (trip_per_diem.rows_of(trip) if data is None else [])
        given = {"trip": trip, "today": today, "rates": rates}
        return rows.CostRows(data, prefix="rows", initial=_unless(data, initial[:MOST_LINES]), form_kwargs=given)

    return _part(request, uid, "estimate", formset, save)


@entry(SIGNED_IN)
def promises(request: HttpRequest, uid: str) -> HttpResponse:
    def save(trip: Trip, kept: list[Any]) -> None:
        pledges = [row.pledge() for row in kept]
        requesting.set_promises(trip=trip, pledges=pledges, actor=request.actor, seen=seen_by(request))

    def formset(trip: Trip, data: QueryDict | None) -> Any:
        given = {"trip": trip, "regions": Region.objects.order_by(*in_order(to_attribute("name")))}
        return rows.PromiseRows(data, prefix="rows", initial=_unless(data, rows.promises_of(trip)), form_kwargs=given)

    return _part(request, uid, "promises", formset, save)


def _part(
    request: HttpRequest,
    uid: str,
    part: str,
    formset: Callable[[Trip, QueryDict | None], Any],
    save: Callable[[Trip, list[Any]], None],
) -> HttpResponse:
    """Show, grow, check and save one part of rows."""
    trip = _to_write(request, uid)
    if isinstance(trip, HttpResponse):
        return trip
    if request.method != "POST":
        return _page(request, trip, part, formset(trip, None))
    if "add" in request.POST:
        longer = formset(trip, grown(request.POST, "rows"))
        longer.hush()
        return _page(request, trip, part, longer)
    filled: Rows = formset(trip, request.POST)
    if not filled.is_valid():
        return _page(request, trip, part, filled, status=422)
    try:
        save(trip, filled.kept())
    except Refused as refusal:
        return _page(request, trip, part, filled, status=status_of(refusal), problem=str(refusal))
    return _saved(request, uid)


def _page(
    request: HttpRequest, trip: Trip, part: str, formset: Any, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    context = {
        "trip": trip,
        "part": part,
        "rows": formset,
        "problem": problem,
        "seen": trip.changed_at.isoformat(),
        "trail": trail_to(trip),
        **WORDS[part](),
    }
    return render(request, "conferences/trips/part.html", context, status=status)


WORDS: dict[str, Callable[[], dict[str, str]]] = {
    "travellers": lambda: {
        "title": _("Travellers"),
        "lead": _("Whoever is named gets a letter and agrees, or refuses. Directors of all their schools are asked."),
        "add": _("Add a traveller"),
    },
    "way": lambda: {
        "title": _("The way there and back"),
        "lead": _("Part by part, by the days of each place. Per diem is counted from these days."),
        "add": _("Add a part"),
    },
    "estimate": lambda: {
        "title": _("Estimate"),
        "lead": _("Each sum in its own currency; the portal turns it into tenge by the rate of today."),
        "add": _("Add a line"),
    },
    "promises": lambda: {
        "title": _("What will be passed on"),
        "lead": _(
            "A promise is kept when you lead a seminar or course that grew from this trip. The portal sees that itself."
        ),
        "add": _("Add a promise"),
    },
}


def _to_write(request: HttpRequest, uid: str) -> Trip | HttpResponse:
    """The trip, or the way back to its page where it cannot be written in now."""
    trip = own_trip(request, uid)
    if trip.state not in CHANGEABLE:
        messages.error(request, _("The request was sent. Take it back to change it."))
        return redirect("conferences:trip", uid=uid)
    return trip


def _saved(request: HttpRequest, uid: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    if not trip_queries.trips_of(request.actor.person_id).filter(uid=uid).exists():
        return redirect("conferences:trips")  # whoever has taken the own name out sees the request no more
    return redirect("conferences:trip", uid=uid)


def _unless(data: QueryDict | None, initial: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """What was sent speaks for itself: its rows are all typed ones."""
    return None if data is not None else initial


def _guessed(trip: Trip) -> list[dict[str, Any]]:
    """The plainest way: there on the first day, back on the last."""
    home = next((row.school.city for row in trip.travellers.all() if row.school), "")
    there = {"origin": home, "destination": trip.city, "country": trip.country, "departs_on": trip.starts_on}
    back = {
        "origin": trip.city,
        "destination": home,
        "country": "KZ",
        "departs_on": trip.ends_on,
        "arrives_on": trip.ends_on,
    }
    return [there, back]


def _wished(request: HttpRequest) -> dict[str, Any]:
    """A conference or presentation from whose page the reader came, with its place and days."""
    presentation = _named(Presentation.objects.select_related("edition"), request.GET.get("presentation", ""))
    edition = presentation.edition if presentation else _named(Edition.objects.all(), request.GET.get("edition", ""))
    if edition is None:
        return {"country": "KZ"}
    return {
        "edition": edition.uid,
        "presentation": presentation.uid if presentation else None,
        "city": edition.city,
        "country": edition.country or "KZ",
        "starts_on": edition.starts_on,
        "ends_on": edition.ends_on,
    }


def _named(rows: QuerySet[Named], uid: str) -> Named | None:
    """The row of that uid; an address bar may hold anything."""
    return rows.filter(uid=uid).first() if len(uid) == UID_LENGTH and uid.isascii() and uid.isalnum() else None
