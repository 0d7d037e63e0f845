"""Help for each role, and what happens with personal data."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nis_library.home.languages import remember
from schools.entry import EVERYONE, entry
from schools.states import Role

GUEST = "guest"
GUIDES = {
    **{role.value: role.label for role in (Role.LIBRARIAN, Role.DIRECTOR, Role.HQ, Role.TRAINER, Role.ADMINISTRATOR)},
    GUEST: gettext_lazy("staff of any school"),
}
"""For each guide whom it is for."""


@entry(EVERYONE)
def contents(request: HttpRequest) -> HttpResponse:
    """All guides, the reader's own first; for visitors that of those who have no account."""
    own = {role for role in GUIDES if request.actor.has(role)} if request.actor.is_authenticated else {GUEST}
    guides = sorted(GUIDES, key=lambda role: role not in own)
    context = {"guides": [(role, GUIDES[role], role in own - {GUEST}) for role in guides]}
    return remember(render(request, "home/help/contents.html", context))


@entry(EVERYONE)
def guide(request: HttpRequest, role: str) -> HttpResponse:
    if role not in GUIDES:
        raise Http404
    context = {
        "role": role,
        "trail": [(_("Help"), reverse("home:help"))],
        "others": [(other, label) for other, label in GUIDES.items() if other != role],
    }
    return remember(render(request, f"home/help/{role}.html", context))


@entry(EVERYONE)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, who sees it, and what they can ask for (Law 94-V of 2013)."""
    return remember(render(request, "home/privacy.html", {"contact_email": settings.DEFAULT_FROM_EMAIL}))
