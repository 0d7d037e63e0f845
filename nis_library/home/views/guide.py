"""Help for each role, and what happens with personal data."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from nis_library.home.languages import remember
from schools.entry import EVERYONE, entry
from schools.states import Role

GUIDES = (Role.LIBRARIAN, Role.DIRECTOR, Role.HQ, Role.TRAINER, Role.ADMINISTRATOR)


@entry(EVERYONE)
def contents(request: HttpRequest) -> HttpResponse:
    """All guides, the reader's own first."""
    guides = sorted(GUIDES, key=lambda role: not request.actor.has(role))
    context = {"guides": [(role, role.label, request.actor.has(role)) for role in guides]}
    return remember(render(request, "home/help/contents.html", context))


@entry(EVERYONE)
def guide(request: HttpRequest, role: str) -> HttpResponse:
    if role not in GUIDES:
        raise Http404
    context = {
        "role": role,
        "trail": [(_("Help"), reverse("home:help"))],
        "others": [(other, other.label) for other in GUIDES if other != role],
    }
    return remember(render(request, f"home/help/{role}.html", context))


@entry(EVERYONE)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, who sees it, and what they can ask for (Law 94-V of 2013)."""
    return remember(render(request, "home/privacy.html", {"contact_email": settings.DEFAULT_FROM_EMAIL}))
