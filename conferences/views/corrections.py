"""Putting right what a trip was accounted for."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import budget_queries, budgeting
from conferences.forms.budget import CorrectionForm
from conferences.models import Trip
from conferences.views.budgets import PLANNERS, way_to
from schools.entry import entry
from schools.errors import Refused


@entry(*PLANNERS)
def correct(request: HttpRequest, uid: str) -> HttpResponse:
    """Only for a trip that has an account: something was spent on it once."""
    trip = get_object_or_404(Trip, uid=uid)
    rows = budget_queries.accounted(trip)
    if not rows or not any(tiyn for _row, tiyn in rows):
        raise Http404
    form = CorrectionForm(request.POST or None, rows=rows)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                budgeting.correct(trip=trip, actor=request.actor, now=timezone.now(), **form.deed())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("conferences:budget_line", rows[0][0].uid)
    context = {"form": form, "trip": trip, "trail": way_to(rows[0][0])}
    return render(request, "conferences/budgets/correct.html", context, status=422 if form.errors else 200)
