"""Who must sign in with a second factor gets nowhere in production until one is set up. allauth has no such rule."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

ALLOWED_PREFIXES = ("account_", "mfa_")
ALLOWED_NAMES = frozenset({"set_language", "healthz", "readyz"})
SETUP = "mfa_index"


class SecondFactorMiddleware:
    """Sends HQ, finance, auditors, administrators and superusers to set up a second factor first.

    Account pages, sign-out and the change of language stay open, since the set-up needs them. Stands
    after the actor's middleware; files are served before it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if settings.NIS_ENV != "production" or _is_open(request) or not request.user.is_authenticated:
            return None
        if not request.actor.must_use_second_factor or has_second_factor(request.user.pk):
            return None
        messages.warning(request, _("Your role needs a second step at sign-in. Set it up here first."))
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": reverse(SETUP)})
        return redirect(SETUP)


def has_second_factor(user_id: int) -> bool:
    """True with an authenticator app or a passkey; recovery codes alone are none."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user_id=user_id, type__in=kinds).exists()


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None or match.namespaces:
        return False
    name = match.url_name or ""
    return name in ALLOWED_NAMES or name.startswith(ALLOWED_PREFIXES)
