"""Parts of pages about accounts of trips: sums, who pays, where a report stands."""

from django import template
from django.utils.text import capfirst

from conferences.coming_back_states import AdvanceState
from conferences.coming_back_summary import on_trip
from conferences.forms.coming_back import payer_of
from conferences.models import AdvanceLine, AdvanceReport, EstimateLine, Trip
from conferences.money import shown
from schools.templatetags.ui import BADGE_ICONS

register = template.Library()
KINDS = {
    AdvanceState.DRAFT: "quiet",
    AdvanceState.SUBMITTED: "wait",
    AdvanceState.RETURNED: "no",
    AdvanceState.ACCEPTED: "ok",
}


@register.inclusion_tag("ui/badge.html")
def account_badge(report: AdvanceReport) -> dict[str, object]:
    """Where an account stands: {% account_badge report %}"""
    kind = KINDS[AdvanceState(report.state)]
    return {"kind": kind, "label": capfirst(report.get_state_display()), "icon": BADGE_ICONS[kind]}


@register.inclusion_tag("conferences/account/_on_trip.html", takes_context=True)
def after_trip(context: template.Context, trip: Trip) -> dict[str, object]:
    """The papers of a trip and, once it has begun, its reports: {% after_trip trip %}"""
    return on_trip(trip, context["request"].actor)


@register.filter
def in_tenge(tiyn: int | None) -> str:
    """{{ line.tenge|in_tenge }} → «1 000,50 тг»."""
    return "" if tiyn is None else shown(tiyn)


@register.filter
def own_sum(line: AdvanceLine | EstimateLine) -> str:
    """The sum of a line in its own currency."""
    return "" if line.amount is None else shown(line.amount, line.currency)


@register.filter
def payer(line: AdvanceLine | EstimateLine) -> str:
    """Who pays a line, in words."""
    return payer_of(line)


@register.filter
def spent(report: AdvanceReport) -> int:
    """Tiyn of all lines of an account."""
    return sum(line.tenge or 0 for line in report.lines.all())
