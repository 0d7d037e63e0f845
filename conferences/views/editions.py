"""Conferences by year and series, the page of one, and the pages on which coordinators write them down."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import access, delegation_queries, delegation_words, editions, presentation_queries, team_plans
from conferences import edition_queries as reads
from conferences.edition_words import facts_of
from conferences.forms.edition import EditionSheet
from conferences.models import Edition, Series
from conferences.presentation_moves import CLOSED
from conferences.standing import standing
from conferences.views.room import room_tabs, trail_to
from courses.forms.sheets import grown
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused
from schools.states import Role

KEEPERS = (Role.HQ, Role.ADMINISTRATOR)


@entry(SIGNED_IN)
def edition_list(request: HttpRequest) -> HttpResponse:
    today, all_series = timezone.localdate(), list(Series.objects.all())
    chosen = next((row for row in all_series if row.code == request.GET.get("series")), None)
    coming, past = reads.parted(list(reads.editions(series=chosen.code if chosen else "")), today=today)
    context = {
        "all_series": all_series,
        "chosen": chosen,
        "coming": coming,
        "past": past,
        "may_keep": access.may_keep_editions(request.actor),
        "tabs": room_tabs("editions", request.actor),
    }
    return render(request, "conferences/editions/list.html", context)


@entry(SIGNED_IN)
def edition_page(request: HttpRequest, uid: str) -> HttpResponse:
    edition = get_object_or_404(reads.with_parts(), uid=uid)
    today = timezone.localdate()
    delegation, over = delegation_queries.of_edition(edition), standing(edition, today) in CLOSED
    context = {
        "edition": edition,
        "delegation": delegation,
        "stage": delegation.stage(today) if delegation else None,
        "places_facts": delegation_words.facts_of(delegation)[:3] if delegation else [],
        "may_open_places": access.may_keep_editions(request.actor) and not over,
        "edition_facts": facts_of(edition),
        "may_keep": access.may_keep_editions(request.actor),
        "plan": team_plans.of_edition(edition, today=today),
        "presentations": presentation_queries.at(edition, request.actor),
        "may_propose": not over,
        "trail": trail_to(),
    }
    return render(request, "conferences/editions/edition.html", context)


@entry(*KEEPERS)
def edition_new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, EditionSheet())
    if kind := wants_row(request):
        return _form_page(request, EditionSheet(grown(request.POST, kind)).hush())
    sheet = EditionSheet(request.POST)
    if not sheet.is_valid():
        return _form_page(request, sheet, status=422)
    try:
        edition = editions.create(plan=sheet.plan(), actor=request.actor)
    except Refused as refusal:
        sheet.show(refusal)
        return _form_page(request, sheet, status=422)
    messages.success(request, _("The conference is saved."))
    return redirect("conferences:edition", uid=edition.uid)


@entry(*KEEPERS)
def edition_edit(request: HttpRequest, uid: str) -> HttpResponse:
    edition = get_object_or_404(reads.with_parts(), uid=uid)
    if request.method != "POST":
        return _form_page(request, EditionSheet(edition=edition), edition)
    seen = request.POST.get("seen", "")
    if kind := wants_row(request):
        return _form_page(request, EditionSheet(grown(request.POST, kind), edition=edition).hush(), edition, seen=seen)
    sheet = EditionSheet(request.POST, edition=edition)
    if not sheet.is_valid():
        return _form_page(request, sheet, edition, status=422, seen=seen)
    try:
        editions.edit(edition=edition, plan=sheet.plan(), seen=seen, actor=request.actor)
    except Refused as refusal:
        sheet.show(refusal)
        return _form_page(request, sheet, edition, status=status_of(refusal))
    messages.success(request, _("Saved."))
    return redirect("conferences:edition", uid=uid)


def _form_page(
    request: HttpRequest,
    sheet: EditionSheet,
    edition: Edition | None = None,
    status: int = 200,
    seen: str | None = None,
) -> HttpResponse:
    """`seen` is the version that the next saving refers to: the present one by default."""
    if edition is not None and seen is None:
        seen = editions.version(edition)
    context = {"sheet": sheet, "edition": edition, "seen": seen, "trail": trail_to(edition)}
    return render(request, "conferences/editions/edit.html", context, status=status)


def wants_row(request: HttpRequest) -> str:
    """Which rows shall grow by one: «+» of a page with rows."""
    kind = request.POST.get("add", "")
    return kind if kind in EditionSheet.kinds else ""
