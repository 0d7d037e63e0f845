"""How a view answers after a deed: with a word of success, or with what a verb refused and why."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from schools.errors import Refused, Stale


def attempt(request: HttpRequest, deed: Callable[[], object], done: str = "") -> bool:
    """Do the deed and say that it is `done`, or say why it was refused, on the next page; True if it was done.

    For deeds of one press: what was typed into a form comes back on the form's own page.
    """
    try:
        deed()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    if done:
        messages.success(request, done)
    return True


def status_of(refusal: Refused) -> int:
    """409 where somebody else was faster, else 422."""
    return 409 if isinstance(refusal, Stale) else 422
