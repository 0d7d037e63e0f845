"""How enrolments are shown: a status in a word with its colour, and who has it now."""

from datetime import date

from django import template
from django.utils.translation import gettext as _

from courses import from_where
from courses.cards import Own
from courses.models import Enrolment
from courses.states import EnrolmentState
from schools.models import School
from schools.states import Role, SchoolKind
from schools.templatetags.ui import badge

register = template.Library()

KINDS = {
    EnrolmentState.NOMINATED: "info",
    EnrolmentState.PENDING: "info",
    EnrolmentState.RETURNED: "wait",
    EnrolmentState.POOLED: "info",
    EnrolmentState.WAITING: "wait",
    EnrolmentState.OFFERED: "wait",
    EnrolmentState.CONFIRMED: "ok",
    EnrolmentState.COMPLETED: "ok",
    EnrolmentState.NOT_COMPLETED: "no",
    EnrolmentState.DECLINED: "no",
    EnrolmentState.REFUSED: "quiet",
    EnrolmentState.WITHDRAWN: "quiet",
    EnrolmentState.CANCELLED: "no",
    EnrolmentState.EXPIRED: "quiet",
}


def status_words(enrolment: Enrolment | Own) -> str:
    """The status as the applicant reads it: a pending one names who decides."""
    if enrolment.state == EnrolmentState.PENDING:
        return _("With the school director") if enrolment.decider == Role.DIRECTOR else _("With HQ")
    if enrolment.state == EnrolmentState.OFFERED and enrolment.signup_id:
        return _("Place held, to be confirmed")
    label = str(EnrolmentState(enrolment.state).label)
    return label[:1].upper() + label[1:]


@register.inclusion_tag("ui/badge.html")
def enrolment_badge(enrolment: Enrolment | Own) -> dict[str, object]:
    """{% enrolment_badge enrolment %}: the status of an application as a badge."""
    return badge(KINDS[EnrolmentState(enrolment.state)], status_words(enrolment))


@register.filter
def school_name(school: School | None, day: date | None = None) -> str:
    """{{ school|school_name:run.starts_on }}: the short name that the school had on that day."""
    return school.short_name(on=day) if school else ""


@register.inclusion_tag("courses/parts/from_school.html")
def from_school(enrolment: Enrolment, day: date | None = None) -> dict[str, object]:
    """{% from_school enrolment day %}: the school of that day; outside the network its place too, for names repeat."""
    school = enrolment.school
    return {
        "name": from_where.school_of(enrolment, day),
        "outside": school if school and school.kind != SchoolKind.NIS else None,
        "unlisted": school is None,
    }


register.filter("signed_up_by", from_where.signed_up_by)
