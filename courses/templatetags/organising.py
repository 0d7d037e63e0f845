"""How courses and runs are shown to those who organise them: a status in a word with its colour."""

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import calendars
from courses.chain_queries import Reach, Tree
from courses.demand_queries import Proposal
from courses.forms.sources import key_of
from courses.models import Course, Demand, Run
from courses.states import CourseState, DemandState, RunState
from schools import wording
from schools.templatetags.ui import badge

register = template.Library()

COURSE_KINDS = {CourseState.DRAFT: "wait", CourseState.PUBLISHED: "ok", CourseState.ARCHIVED: "quiet"}
COURSE_ICONS = {CourseState.DRAFT: "pencil", CourseState.ARCHIVED: "archive"}
RUN_KINDS = {
    RunState.DRAFT: "wait",
    RunState.PUBLISHED: "ok",
    RunState.CANCELLED: "no",
    RunState.CLOSED: "quiet",
}
RUN_ICONS = {RunState.DRAFT: "pencil"}


@register.inclusion_tag("ui/badge.html")
def course_badge(course: Course) -> dict[str, object]:
    """{% course_badge course %}: draft, published or archived."""
    state = CourseState(course.state)
    return badge(COURSE_KINDS[state], _capital(state.label), COURSE_ICONS.get(state, ""))


@register.inclusion_tag("ui/badge.html")
def run_badge(run: Run) -> dict[str, object]:
    """{% run_badge run %}: draft, published, cancelled or closed."""
    state = RunState(run.state)
    return badge(RUN_KINDS[state], _capital(state.label), RUN_ICONS.get(state, ""))


@register.simple_tag
def run_place(run: Run) -> str:
    """{% run_place run %}: the venue, else the host school's name of that day."""
    return calendars.place_of(run)


def _capital(label: object) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]


@register.filter
def source_key(source: Course | Run) -> str:
    """{{ source|source_key }}: how forms name a source of a run."""
    return key_of(source)


@register.filter
def course_words(course: Course) -> str:
    """{{ course|course_words }} → «seminar · Reading»."""
    return f"{course.get_kind_display()} · {course.topic}"


@register.filter
def run_words(run: Run) -> str:
    """{{ run|run_words }}: dates and place of a run."""
    dates = wording.date_range(run.starts_on, run.ends_on) if run.starts_on else _("Dates to be announced")
    place = calendars.place_of(run)
    return f"{dates} · {place}" if place else dates


@register.filter
def reach_words(reach: Reach) -> str:
    """{{ branch.reach|reach_words }} → «24 people · 11 schools · 3 regions»; what is nought is left out."""
    parts = [
        ngettext("%(n)s person", "%(n)s people", reach.people) % {"n": wording.number(reach.people)},
        ngettext("%(n)s school", "%(n)s schools", reach.schools) % {"n": wording.number(reach.schools)},
        ngettext("%(n)s region", "%(n)s regions", reach.regions) % {"n": wording.number(reach.regions)},
    ]
    counts = (reach.people, reach.schools, reach.regions)
    return " · ".join(part for part, count in zip(parts, counts, strict=True) if count)


@register.filter
def tree_words(tree: Tree) -> str:
    """{{ tree|tree_words }} → «5 events in 2 generations · 120 people · …»."""
    runs = ngettext("%(n)s event", "%(n)s events", tree.runs) % {"n": wording.number(tree.runs)}
    depth = ngettext("%(n)s generation", "%(n)s generations", tree.generations) % {"n": tree.generations}
    return " · ".join(filter(None, (runs, depth, reach_words(tree.whole))))


DEMAND_KINDS = {
    DemandState.OPEN: "wait",
    DemandState.PLANNED: "info",
    DemandState.MET: "ok",
    DemandState.CLOSED: "quiet",
}


@register.inclusion_tag("ui/badge.html")
def demand_badge(demand: Demand) -> dict[str, object]:
    """{% demand_badge demand %}: open, planned, met or closed."""
    state = DemandState(demand.state)
    return badge(DEMAND_KINDS[state], _capital(state.label))


@register.filter
def voice_words(demand: Any) -> str:
    """{{ demand|voice_words }} → «12 voices · 8 schools», of a demand that was read with its numbers."""
    schools = ngettext("%(n)s school", "%(n)s schools", demand.schools) % {"n": wording.number(demand.schools)}
    return f"{voices(demand.count)} · {schools}" if demand.schools else voices(demand.count)


@register.filter
def voices(count: int) -> str:
    """{{ 12|voices }} → «12 voices»."""
    return ngettext("%(n)s voice", "%(n)s voices", count) % {"n": wording.number(count)}


@register.filter
def proposal_facts(found: Proposal) -> list[tuple[str, object]]:
    """What a draft would hold, for a list of facts."""
    return [
        (_("Course"), found.course or _("a new draft")),
        (_("Host school"), found.host or _("to be chosen")),
        (_("Trainer"), found.trainer.full_name if found.trainer else _("to be chosen")),
        (_("Where it came from"), found.source),
    ]
