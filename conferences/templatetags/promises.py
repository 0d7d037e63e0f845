"""How promises are shown: where one stands, in a word with its colour."""

from datetime import date

from django import template
from django.utils.text import capfirst

from conferences.effect_tables import standing
from conferences.models import Promise
from conferences.trip_states import PromiseState
from schools.templatetags.ui import badge

register = template.Library()
KINDS = {PromiseState.OPEN: "wait", PromiseState.KEPT: "ok", PromiseState.EXCUSED: "quiet"}


@register.inclusion_tag("ui/badge.html")
def promise_badge(promise: Promise, today: date) -> dict[str, object]:
    """{% promise_badge promise today %}: to be kept, overdue, kept or excused."""
    state = PromiseState(promise.state)
    late = state == PromiseState.OPEN and promise.due_on < today
    return badge("no" if late else KINDS[state], capfirst(standing(promise, today)), "alarm" if late else "")
