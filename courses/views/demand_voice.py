"""What the link in the mail of somebody who asks opens: confirm, look, withdraw."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses import asking, demand_links, demand_queries
from courses.models import DemandVoice
from courses.views.guest_door import by_voice, language_urls
from schools.errors import Refused


@by_voice
@require_safe
def show(request: HttpRequest, voice: DemandVoice) -> HttpResponse:
    return _page(request, voice)


def _page(request: HttpRequest, voice: DemandVoice, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "voice": voice,
        "demand": voice.demand,
        "seminar": demand_queries.announced(voice.demand),
        "count": demand_queries.voices_of(voice.demand).count(),
        "token": demand_links.token(voice),
        "problem": problem,
        **language_urls(request),
    }
    return render(request, "courses/demand/voice.html", context, status=status)


@by_voice
@require_POST
def confirm(request: HttpRequest, voice: DemandVoice) -> HttpResponse:
    """The one deed that programs which open links in mails cannot do by looking."""
    try:
        asking.confirm(voice=voice)
    except Refused as refusal:
        return _page(request, voice, problem=str(refusal), status=409)
    messages.success(request, _("Your voice counts. We write to you once the seminar is announced."))
    return redirect("guest:voice", token=demand_links.token(voice))


@by_voice
@require_POST
def withdraw(request: HttpRequest, voice: DemandVoice) -> HttpResponse:
    """Name and address go, so the link opens nothing afterwards: back to the board."""
    asking.withdraw(voice=voice)
    messages.success(request, _("Your request is withdrawn; your name and address are deleted."))
    return redirect("courses:demand")
