"""The board of what regional staff ask for: everybody looks, asks and joins without an account."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses import asking, demand_queries
from courses.asking import Asker
from courses.forms.demand import AskForm, BoardFilter, WhatForm
from courses.models import Demand
from courses.states import DemandState, RunState
from courses.views.demand_map import region_marks
from schools import limits
from schools.entry import EVERYONE, entry
from schools.errors import Refused
from schools.states import Language

WISH = ("topic", "region", "language")
PER_PAGE = 30
MOST_OF_A_NETWORK, NETWORK_S = 120, 600
"""A school is one address: a whole staff room may ask within ten minutes."""
MOST_OF_AN_ADDRESS, ADDRESS_S = 6, 3600
"""Letters to one address in an hour; more are not sent, and the page looks the same."""


@entry(EVERYONE)
def board(request: HttpRequest) -> HttpResponse:
    form = BoardFilter(request.GET)
    wanted, query = form.wanted(), form.query()
    page = Paginator(demand_queries.board(**wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "active": len(query),
        "marks": region_marks(_unmet(wanted), path=request.path, query=query),
        "ask_url": f"{reverse('courses:demand_new')}?{urlencode(query)}" if query else reverse("courses:demand_new"),
    }
    return render(request, "courses/demand/board.html", context)


def _unmet(wanted: dict[str, Any]) -> dict[int, int]:
    return demand_queries.unmet_by_region(topic=wanted["topic"], language=wanted["language"])


@require_safe
@entry(EVERYONE)
def new(request: HttpRequest) -> HttpResponse:
    """First what is wanted: a form that leads to the address of that wish."""
    given = {name: request.GET[name] for name in WISH if request.GET.get(name)}
    form = WhatForm(request.GET) if len(given) == len(WISH) else WhatForm(initial={"language": get_language(), **given})
    if form.is_bound and form.is_valid():
        return redirect(reverse("courses:demand_ask", kwargs={name: request.GET[name] for name in WISH}))
    return render(request, "courses/demand/what.html", {"form": form})


@entry(EVERYONE)
def ask(request: HttpRequest, **wish: str) -> HttpResponse:
    """Then who asks, with an eye on those who want the same."""
    what = WhatForm(wish)
    if not what.is_valid():
        raise Http404
    wanted, status = what.cleaned_data, 200
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = _take(request, form, lambda asker: asking.ask(**wanted, asker=asker))
        if not status:
            return redirect("courses:demand_asked")
    found = demand_queries.like(**wanted)
    same = [row for row in found if row.language == wanted["language"] and row.region == wanted["region"]]
    context = {
        "wanted": wanted,
        "language_label": Language(wanted["language"]).label,
        "form": form,
        "same": same[0] if same else None,
        "near": [row for row in found if row not in same],
    }
    return render(request, "courses/demand/who.html", context, status=status)


@entry(EVERYONE)
def group(request: HttpRequest, uid: str) -> HttpResponse:
    rows = demand_queries.with_voices(Demand.objects.select_related("topic", "region", "run__course"))
    demand = get_object_or_404(rows, uid=uid)
    if demand.state == DemandState.CLOSED:
        raise Http404
    form = AskForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = _take(request, form, lambda asker: asking.second(demand=demand, asker=asker))
        if not status:
            return redirect("courses:demand_asked")
    context = {
        "demand": demand,
        "form": form,
        "seminar": demand_queries.announced(demand),
        "takes": demand.run is None or demand.run.state == RunState.DRAFT,
    }
    return render(request, "courses/demand/group.html", context, status=status)


def _take(request: HttpRequest, form: AskForm, deed: Callable[[Asker], object]) -> int:
    """Do the deed and give 0, or the status of the form's page. The same for every address, known or not."""
    if form.is_searching:
        return 200
    if not limits.spend("demand", limits.address_of(request), most=MOST_OF_A_NETWORK, seconds=NETWORK_S):
        form.errors  # what was typed comes back  # noqa: B018
        form.add_error(None, _("Too many requests come from your network. Wait some minutes and send it again."))
        return 429
    if not form.is_valid():
        return 422
    asker = form.asker(get_language() or "kk")
    try:
        if limits.spend("demand_mail", asker.email, most=MOST_OF_AN_ADDRESS, seconds=ADDRESS_S):
            deed(asker)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return 409
    messages.info(request, asker.email)
    return 0


@entry(EVERYONE)
def asked(request: HttpRequest) -> HttpResponse:
    """What to do next; it says nothing of whether the address was known."""
    sent_to = [str(message) for message in messages.get_messages(request)]
    return render(request, "courses/demand/asked.html", {"address": sent_to[-1] if sent_to else ""})
