"""Exchange rates and per diem norms, kept by finance and HQ, read by the network's offices."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from conferences import budget_access, rate_keeping, rate_queries
from conferences.currencies import CODES
from conferences.forms.budget import NormForm, RateForm
from conferences.models import Mci
from conferences.views.room import room_tabs
from courses.countries import COUNTRIES
from schools.entry import entry
from schools.states import Role

OFFICES = (Role.HQ, Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR)
PER_PAGE = 40


@entry(*OFFICES)
def rates(request: HttpRequest) -> HttpResponse:
    form = RateForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        rate_keeping.put_rate(**form.cleaned_data, actor=request.actor)
        messages.success(request, _("Saved."))
        return redirect("conferences:rates")
    chosen = request.GET.get("currency", "")
    chosen = chosen if chosen in CODES else ""
    context = {
        "form": form,
        "tabs": room_tabs("rates", request.actor),
        "may_keep": budget_access.may_keep_rates(request.actor),
        "page": Paginator(rate_queries.all_rates(chosen), PER_PAGE).get_page(request.GET.get("page")),
        "chosen": chosen,
        "currencies": rate_queries.rated_currencies(),
    }
    return render(request, "conferences/budgets/rates.html", context, status=422 if form.errors else 200)


@entry(*OFFICES)
def norms(request: HttpRequest) -> HttpResponse:
    form = NormForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        rate_keeping.put_norm(**form.values(), actor=request.actor)
        messages.success(request, _("Saved."))
        return redirect("conferences:norms")
    context = {
        "form": form,
        "tabs": room_tabs("norms", request.actor),
        "may_keep": budget_access.may_keep_rates(request.actor),
        "rows": [(row, COUNTRIES.get(row.country, row.country)) for row in rate_queries.all_norms()],
        "mci": Mci.objects.all(),
    }
    return render(request, "conferences/budgets/norms.html", context, status=422 if form.errors else 200)


def _posted(request: HttpRequest) -> object:
    """What was sent. Raises PermissionDenied for those who only read, and see the page without its form."""
    if request.method != "POST":
        return None
    if not budget_access.may_keep_rates(request.actor):
        raise PermissionDenied
    return request.POST
