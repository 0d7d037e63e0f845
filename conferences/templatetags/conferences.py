"""How conferences are shown: a status in a word with its colour, days and place in words."""

from datetime import date

from django import template
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conferences import team_plans
from conferences.delegation_states import STAGE_BADGES, WISH_BADGES, Stage, WishState
from conferences.edition_words import dates_of, place_of
from conferences.models import Call, Edition, Fee, Presentation, Review, Trip, Wish
from conferences.models.review import SCORES
from conferences.money import shown
from conferences.planner import Line, LineState, Plan
from conferences.presentation_words import KINDS
from conferences.standing import WORDS, standing
from conferences.states import PresentationState
from schools import wording
from schools.templatetags.ui import badge

register = template.Library()
LINE_KINDS = {LineState.DONE: "ok", LineState.LATE: "no", LineState.SOON: "wait", LineState.AHEAD: "quiet"}


@register.inclusion_tag("ui/badge.html")
def edition_badge(edition: Edition) -> dict[str, object]:
    """{% edition_badge edition %}: ahead, under way, held, not held…"""
    kind, label, icon = WORDS[standing(edition, timezone.localdate())]
    return badge(kind, capfirst(str(label)), icon)


@register.inclusion_tag("ui/badge.html")
def stage_badge(stage: Stage) -> dict[str, object]:
    """{% stage_badge stage %}: how far the sharing of a conference's places is."""
    kind, icon = STAGE_BADGES[stage]
    return badge(kind, capfirst(str(stage.label)), icon)


@register.inclusion_tag("ui/badge.html")
def wish_badge(wish: Wish) -> dict[str, object]:
    """{% wish_badge wish %}: how an application for a place stands."""
    kind, icon = WISH_BADGES[WishState(wish.state)]
    return badge(kind, capfirst(str(wish.get_state_display())), icon)


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


@register.inclusion_tag("ui/badge.html")
def presentation_badge(presentation: Presentation) -> dict[str, object]:
    """{% presentation_badge presentation %}: draft, in review, accepted…"""
    state = PresentationState(presentation.state)
    kind, icon = KINDS[state]
    return badge(kind, capfirst(str(state.label)), icon)


@register.filter
def names(presentation: Presentation) -> str:
    """{{ presentation|names }}: its authors in order, those who have left aside."""
    return ", ".join(author.person.full_name for author in presentation.authors.all())


@register.filter
def marks(review: Review) -> list[tuple[str, object]]:
    """{% facts review|marks %}: the four marks out of five."""
    fields = {field.name: field.verbose_name for field in Review._meta.fields}
    return [(capfirst(str(fields[score])), f"{getattr(review, score)} / 5") for score in SCORES]


@register.simple_tag
def trip_plan(trip: Trip) -> Plan | None:
    """{% trip_plan trip as plan %}: what is due when before a trip, with warnings; none once it has begun."""
    return team_plans.of_trip_row(trip, today=timezone.localdate())


@register.inclusion_tag("ui/badge.html")
def line_badge(line: Line) -> dict[str, object]:
    """{% line_badge line %}: done, late, near or ahead."""
    return badge(LINE_KINDS[line.state], capfirst(str(line.state.label)))
