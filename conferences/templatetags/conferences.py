"""How conferences are shown: a status in a word with its colour, days and place in words."""

from datetime import date

from django import template
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conferences.edition_words import dates_of, place_of
from conferences.models import Call, Edition, Fee
from conferences.money import shown
from conferences.standing import WORDS, standing
from schools import wording
from schools.templatetags.ui import badge

register = template.Library()


@register.inclusion_tag("ui/badge.html")
def edition_badge(edition: Edition) -> dict[str, object]:
    """{% edition_badge edition %}: ahead, under way, held, not held…"""
    kind, label, icon = WORDS[standing(edition, timezone.localdate())]
    return badge(kind, capfirst(str(label)), icon)


@register.filter
def edition_place(edition: Edition) -> str:
    """{{ edition|edition_place }} → «Lisbon, Португалия»."""
    return place_of(edition)


@register.filter
def edition_dates(edition: Edition) -> str:
    """{{ edition|edition_dates }} → «2027 жылғы 12–16 шілде»."""
    return dates_of(edition)


@register.filter
def fee_amount(fee: Fee) -> str:
    """{{ fee|fee_amount }} → «450 EUR»."""
    return shown(fee.amount, fee.currency)


@register.filter
def fee_early(fee: Fee) -> str:
    """The early-bird fee, or nothing."""
    return "" if fee.early_amount is None else shown(fee.early_amount, fee.currency)


@register.filter
def call_facts(call: Call) -> list[tuple[str, object]]:
    """{% facts call|call_facts %}: deadlines, languages and formats; what is not known is left out."""
    return [
        (capfirst(_("opens")), _day(call.opens_on)),
        (capfirst(_("abstracts due")), _day(call.abstract_due)),
        (capfirst(_("answer expected")), _day(call.outcome_on)),
        (capfirst(_("full text due")), _day(call.paper_due)),
        (capfirst(_("languages")), ", ".join(call.language_names)),
        (capfirst(_("formats")), ", ".join(call.format_names)),
    ]


def _day(day: date | None) -> str:
    return wording.long_date(day) if day else ""
