"""The demo's mailbox: letters that would have left the portal, to be read by whoever tries it out."""

from collections.abc import Callable
from functools import wraps

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin

from schools import mailing, outbox
from schools.entry import EVERYONE, entry
from schools.models import Mail

LETTERS_A_PAGE = 25
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
"""A letter's HTML may lay itself out, and nothing else: no script, no request, no form, no way to the portal."""

View = Callable[..., HttpResponseBase]


def demo_only(view: View) -> View:
    """In production there is no mailbox: 404."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@entry(EVERYONE)
@demo_only
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """Newest letters first; `to` narrows them to an address."""
    to = request.GET.get("to", "").strip()[:254]
    page = Paginator(outbox.letters(to=to), LETTERS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "schools/mailbox.html", {"page": page, "to": to})


@entry(EVERYONE)
@demo_only
@never_cache
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # it names its own kind of view
def letter(request: HttpRequest, uid: str) -> HttpResponse:
    mail = get_object_or_404(Mail, uid=uid)
    return render(request, "schools/letter.html", {"mail": mail, "parts": mailing.parts_of(bytes(mail.message))})


@entry(EVERYONE)
@demo_only
@never_cache
@xframe_options_sameorigin
def letter_html(request: HttpRequest, uid: str) -> HttpResponse:
    """The HTML part as a response of its own, in a sandbox."""
    mail = get_object_or_404(Mail, uid=uid)
    response = HttpResponse(mailing.parts_of(bytes(mail.message)).html)
    response["Content-Security-Policy"] = SANDBOX
    return response


@entry(EVERYONE)
@demo_only
@never_cache
def letter_calendar(request: HttpRequest, uid: str) -> HttpResponse:
    """The calendar part as a file."""
    calendar = mailing.parts_of(bytes(get_object_or_404(Mail, uid=uid).message)).calendar
    if not calendar:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{uid}.ics"'}
    return HttpResponse(calendar.encode(), content_type="text/calendar; charset=utf-8", headers=headers)
