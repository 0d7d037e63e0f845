"""The door of pages behind a guest's link: the link is the key, and guessing is limited."""

from collections.abc import Callable
from functools import wraps
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache

from courses import demand_links, guest_links
from schools import limits
from schools.entry import EVERYONE, View, entry

MOST_WRONG, SPAN_S = 20, 600
"""So many links that are of no use an address may try in ten minutes."""
GuestView = Callable[..., HttpResponse]


class Linked(Protocol):
    """What a link leads to: letters about it are in this language."""

    language: str


def linked(find: Callable[[str], Linked | None]) -> Callable[[GuestView], View]:
    """Call `view(request, row, …)` for a link that opens, in the reader's language or the one asked for.

    Altered, unknown, replaced and expired links, for which `find` gives None, are answered alike.
    """

    def door(view: GuestView) -> View:
        @entry(EVERYONE)
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, token: str, **kwargs: object) -> HttpResponse:
            row = find(token)
            language = _language(request, row)
            with translation.override(language):
                request.LANGUAGE_CODE = language
                response = view(request, row, **kwargs) if row else _refusal(request)
            response["Content-Language"] = language
            response["X-Robots-Tag"] = "noindex, nofollow"
            response["Referrer-Policy"] = "same-origin"
            return response

        return guarded

    return door


by_link = linked(guest_links.signup_of)
"""The door of a sign-up."""
by_new_link = linked(guest_links.signup_to_confirm)
"""The door of a sign-up for the link that confirms a new address, or has confirmed it."""
by_voice = linked(demand_links.voice_of)
"""The door of a voice for a seminar."""


def _language(request: HttpRequest, row: Linked | None) -> str:
    for code in (request.GET.get("lang", ""), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        if code in dict(settings.LANGUAGES):
            return code
    return row.language if row else translation.get_language() or settings.LANGUAGE_CODE


def _refusal(request: HttpRequest) -> HttpResponse:
    context = language_urls(request)
    if limits.spend("guest_link", limits.address_of(request), most=MOST_WRONG, seconds=SPAN_S):
        return render(request, "courses/guest/dead.html", context, status=404)
    response = render(request, "courses/guest/too_many.html", context, status=429)
    response["Retry-After"] = str(SPAN_S)
    return response


def language_urls(request: HttpRequest) -> dict[str, object]:
    """The page has no language in its address, so the switch of languages is told where to lead."""
    return {"language_urls": {code: f"{request.path}?lang={code}" for code, _label in settings.LANGUAGES}}
