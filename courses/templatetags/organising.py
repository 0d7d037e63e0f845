"""How courses and runs are shown to those who organise them: a status in a word with its colour."""

from django import template

from courses import calendars
from courses.models import Course, Run
from courses.states import CourseState, RunState
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
