"""Who may enter an address. Every view of the portal carries `@entry(...)`; a test walks the URLconf."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from schools.access import Actor
from schools.states import Role

EVERYONE = "everyone"
SIGNED_IN = "signed_in"
View = Callable[..., HttpResponseBase]


def may_enter(actor: Actor, doors: tuple[str, ...]) -> bool:
    """True if the actor may pass one of the doors: «everyone», «signed_in» or the name of a role."""
    if EVERYONE in doors:
        return True
    if not actor.is_authenticated:
        return False
    return SIGNED_IN in doors or actor.superuser or any(actor.has(role) for role in doors)


def entry(*doors: str) -> Callable[[View], View]:
    """Declare and enforce who may enter: strangers are sent to sign in, others get a 403."""
    unknown = set(doors) - {EVERYONE, SIGNED_IN, *Role.values}
    if unknown or not doors:
        raise ValueError(f"entry(): unknown doors {sorted(unknown)}")

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if may_enter(request.actor, doors):
                return view(request, *args, **kwargs)
            if not request.actor.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied

        guarded.doors = doors
        return guarded

    return declare
