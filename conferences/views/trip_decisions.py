"""Trips that wait for the reader's word: the list, one decision, several at once. And the order that comes of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from conferences import approving, order_pdf, trip_queries
from conferences.approving import Changed
from conferences.forms.trip import TripVerdict
from conferences.models import TripApproval
from conferences.trip_states import TripState
from conferences.views.trip_common import trip_by
from conferences.views.trip_page import page_of
from schools import desk
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused, Stale

MOST_CHOSEN = 60


@entry(SIGNED_IN)
def decisions(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = list(trip_queries.for_decisions(trip_queries.words_to_give(request.actor)))
    count = ngettext("%(n)s trip waits for your word.", "%(n)s trips wait for your word.", len(rows))
    context = {"rows": rows, "today": today, "lead": count % {"n": len(rows)}}
    context["tabs"] = desk.tabs(request.actor, "conferences:trip_decisions")
    return render(request, "conferences/trips/decisions.html", context)


@require_POST
@entry(SIGNED_IN)
def approve_several(request: HttpRequest) -> HttpResponse:
    """Each row says which version was on the list: one that has changed since is left, and said so."""
    waiting = {row.uid: row for row in trip_queries.for_decisions(trip_queries.words_to_give(request.actor))}
    approved = 0
    for uid, version in _chosen(request.POST.getlist("chosen")):
        try:
            if uid not in waiting:
                raise Stale(_("This request has been decided or changed in the meantime. Its present status is shown."))
            approving.approve(approval=waiting[uid], actor=request.actor, seen_version=version)
            approved += 1
        except Refused as refusal:
            where = f"{waiting[uid].trip}: " if uid in waiting else ""
            messages.error(request, f"{where}{refusal}")
    if approved:
        done = ngettext("%(n)s trip approved.", "%(n)s trips approved.", approved)
        messages.success(request, done % {"n": approved})
    elif not request.POST.getlist("chosen"):
        messages.error(request, _("Choose at least one trip."))
    return redirect("conferences:trip_decisions")


@require_POST
@entry(SIGNED_IN)
def decide(request: HttpRequest, uid: str) -> HttpResponse:
    word = get_object_or_404(TripApproval.objects.select_related("trip"), uid=uid)
    trip = trip_by(request, word.trip.uid)
    form = TripVerdict(request.POST)
    if not form.is_valid():
        return page_of(request, trip, status=422, verdict_form=form)
    verbs: dict[str, Any] = {
        TripVerdict.APPROVE: approving.approve,
        TripVerdict.DECLINE: approving.decline,
        TripVerdict.RETURN: approving.send_back,
    }
    data = form.cleaned_data
    try:
        verbs[data["verdict"]](approval=word, actor=request.actor, seen_version=data["version"], note=data["note"])
    except Changed as refusal:
        fresh = trip_by(request, trip.uid)
        again = TripVerdict(initial={"version": fresh.version, "note": data["note"]})
        return page_of(
            request, fresh, status=409, problem=str(refusal), verdict_form=again, differences=refusal.differences
        )
    except Refused as refusal:
        fresh = trip_by(request, trip.uid)
        return page_of(request, fresh, status=status_of(refusal), problem=str(refusal), verdict_form=form)
    messages.success(request, _("Your decision has been recorded."))
    return redirect("conferences:trip_decisions")


@entry(SIGNED_IN)
def order(request: HttpRequest, uid: str, language: str) -> HttpResponse:
    trip = trip_by(request, uid)
    if trip.state not in (TripState.APPROVED, TripState.CLOSED) or language not in order_pdf.LANGUAGES:
        raise Http404
    response = HttpResponse(order_pdf.render(trip, language=language), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="order-{trip.order_year}-{trip.order_number}-{language}.pdf"'
    return response


def _chosen(texts: list[str]) -> list[tuple[str, int]]:
    """«uid:version» of each tick; what is none is left out."""
    found = []
    for text in texts[:MOST_CHOSEN]:
        uid, _colon, version = text.partition(":")
        if version.isascii() and version.isdigit() and len(version) < 6:
            found.append((uid, int(version)))
    return found
