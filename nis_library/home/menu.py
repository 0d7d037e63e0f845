"""The menu: which rooms the reader can enter, and what every page knows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from conferences.trip_access import may_ask
from courses.access import may_manage_courses
from nis_library.home.demo.accounts import accounts
from nis_library.reports.access import may_see
from schools import desk
from schools.access import NOBODY, Actor, may_list_people, may_see_operations
from schools.states import Role
from schools.templatetags.ui_ways import address


@dataclass(frozen=True, slots=True)
class Item:
    """A place in the menu. `count` is what waits there, None where nothing is counted."""

    label: str
    url: str
    here: bool = False
    count: int | None = None


def menu(request: HttpRequest) -> dict[str, object]:
    """Template context: `menu` (items in order), `demo_mode`, and on the sign-in page `demo_accounts`."""
    # A request with a strange host is refused before the actor is known, and has a page too.
    items = list(_items(getattr(request, "actor", NOBODY)))
    at = max((item.url for item in items if request.path.startswith(item.url)), key=len, default=None)
    context: dict[str, object] = {
        "menu": [replace(item, here=item.url == at) for item in items],
        "demo_mode": settings.DEMO,
    }
    if settings.DEMO and request.resolver_match and request.resolver_match.view_name == "account_login":
        context["demo_accounts"] = accounts()
    return context


def _items(actor: Actor) -> Iterator[Item]:
    """At most one query beside the one for the reader's roles."""
    decides = actor.has(Role.HQ) or bool(actor.schools_led())
    places = (
        (_("My page"), "home:mine", actor.is_authenticated),
        (_("Courses"), "courses:catalogue", True),
        (_("Seminars for all schools"), "courses:seminars", not may_list_people(actor)),
        (_("Conferences"), "conferences:editions", actor.is_authenticated),
        (_("Trips"), "conferences:trips", actor.has(Role.FINANCE) or (may_ask(actor) and not actor.runs_network)),
        (_("Teaching"), "courses:teaching", actor.has(Role.TRAINER)),
        (_("Waiting for me"), "courses:decisions", decides),
        (_("Waiting for me"), "conferences:trip_decisions", not decides and actor.has(Role.FINANCE)),
        (_("Organise"), "courses:organise", may_manage_courses(actor)),
        (_("People"), "schools:people", may_list_people(actor)),
        (_("Schools"), "schools:schools", actor.is_authenticated and may_list_people(actor)),
        (_("Reports"), "reports:list", may_see(actor)),
        (_("Administration"), "schools:mail", may_see_operations(actor)),
    )
    for label, name, shown in places:
        if shown and (url := address(name)):
            yield Item(label, url, count=desk.count(actor) if label == _("Waiting for me") else None)
