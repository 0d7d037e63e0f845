"""The account of a trip's money: the page, sending and taking back, the word of finance."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from conferences import advance
from conferences.forms.coming_back import AccountVerdict
from conferences.views.account_common import account_of, account_trip, page_of
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused

DEEDS = {
    "send": (advance.submit, gettext_lazy("The report has been sent to finance.")),
    "take-back": (advance.take_back, gettext_lazy("The report is yours again: change it and send it once more.")),
}
"""By the last word of their address."""


@entry(SIGNED_IN)
def account(request: HttpRequest, uid: str) -> HttpResponse:
    return page_of(request, account_trip(request, uid))


@require_POST
@entry(SIGNED_IN)
def start_account(request: HttpRequest, uid: str) -> HttpResponse:
    trip = account_trip(request, uid)
    try:
        advance.start(trip=trip, actor=request.actor)
    except Refused as refusal:
        return page_of(request, trip, status=status_of(refusal), problem=str(refusal))
    return redirect("conferences:account", uid=uid)


@require_POST
@entry(SIGNED_IN)
def account_deed(request: HttpRequest, uid: str, deed: str) -> HttpResponse:
    trip = account_trip(request, uid)
    verb, done = DEEDS[deed]
    try:
        verb(report=account_of(trip), actor=request.actor)
    except Refused as refusal:
        trip = account_trip(request, uid)
        return page_of(request, trip, status=status_of(refusal), problem=str(refusal), show_faults=True)
    messages.success(request, str(done))
    return redirect("conferences:account", uid=uid)


@require_POST
@entry(SIGNED_IN)
def decide_account(request: HttpRequest, uid: str) -> HttpResponse:
    """Accept or return the version that was seen; another one is shown again with 409."""
    trip, form = account_trip(request, uid), AccountVerdict(request.POST)
    if not form.is_valid():
        return page_of(request, trip, status=422, verdict_form=form)
    data = form.cleaned_data
    verb = advance.accept if data["verdict"] == AccountVerdict.ACCEPT else advance.send_back
    try:
        verb(report=account_of(trip), actor=request.actor, seen=data["seen"], note=data["note"])
    except Refused as refusal:
        return page_of(
            request, account_trip(request, uid), status=status_of(refusal), problem=str(refusal), verdict_form=form
        )
    messages.success(request, _("Your decision has been recorded."))
    return redirect("conferences:reports_due")
