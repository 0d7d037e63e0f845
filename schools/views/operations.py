"""For administrators: letters that did not go out, and what still waits."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schools import outbox
from schools.answering import attempt
from schools.entry import entry
from schools.models import Mail
from schools.states import Role

LETTERS_A_PAGE = 25


@entry(Role.ADMINISTRATOR)
def mail(request: HttpRequest) -> HttpResponse:
    """The outbox by state (`show`: trouble, waiting, sent or all) and by address (`to`)."""
    show, to = request.GET.get("show", "trouble"), request.GET.get("to", "").strip()[:254]
    counts = outbox.letter_counts()
    tabs = [
        (_("In trouble"), "?show=trouble", show == "trouble", counts["trouble"]),
        (_("Waiting"), "?show=waiting", show == "waiting", counts["waiting"]),
        (_("Sent"), "?show=sent", show == "sent", counts["sent"]),
        (_("All"), "?show=all", show == "all", counts["all"]),
    ]
    page = Paginator(outbox.letters(show=show, to=to), LETTERS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "tabs": tabs, "show": show, "to": to, "counts": counts}
    return render(request, "schools/operations_mail.html", context)


@entry(Role.ADMINISTRATOR)
@require_POST
def retry_mail(request: HttpRequest, uid: str) -> HttpResponse:
    attempt(
        request,
        lambda: outbox.retry(mail=get_object_or_404(Mail, uid=uid), actor=request.actor),
        _("The letter will be sent once more."),
    )
    return redirect("schools:mail")
