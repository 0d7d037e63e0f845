"""People on pages: the state of an account, the schools of roles."""

from collections.abc import Iterable

from django import template
from django.utils.translation import pgettext_lazy

from schools.invitations import state_of
from schools.models import Membership, Person
from schools.phones import spoken_phone

register = template.Library()
BADGES = {
    "open": ("ok", pgettext_lazy("account", "Open"), "check-circle-fill"),
    "invited": ("wait", pgettext_lazy("account", "Invited"), "envelope"),
    "closed": ("no", pgettext_lazy("account", "Closed"), "lock-fill"),
    "none": ("quiet", pgettext_lazy("account", "None"), "dash-circle"),
}


@register.inclusion_tag("ui/badge.html")
def account_badge(person: Person) -> dict[str, object]:
    """A badge: account open, invited, closed, or none. {% account_badge person %}"""
    kind, label, icon = BADGES[state_of(person)]
    return {"kind": kind, "label": label, "icon": icon}


@register.filter
def schools_named(roles: Iterable[Membership]) -> str:
    """The schools of these roles, each once. {{ person.roles_now|schools_named }}"""
    return ", ".join(dict.fromkeys(str(role.school) for role in roles if role.school))


register.filter("spoken_phone", spoken_phone)
