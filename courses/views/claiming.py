"""«Is it you?»: guests who came under the reader's own address, and what the reader says of each."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from courses import claim_queries, claiming
from schools.answering import attempt
from schools.entry import SIGNED_IN, entry
from schools.models import Person

DEEDS: dict[str, tuple[Callable[..., Any], Any]] = {
    "mine": (claiming.claim, gettext_lazy("It stands in your record now.")),
    "not-mine": (claiming.disown, gettext_lazy("Good. We shall not ask you about this again.")),
    "ask-again": (claiming.ask_again, gettext_lazy("You are asked again.")),
}


@entry(SIGNED_IN)
def found_records(request: HttpRequest) -> HttpResponse:
    person = get_object_or_404(Person, pk=request.actor.person_id)
    found = claim_queries.found(person)
    context = {
        "asked": [one for one in found if not one.told],
        "others": [one for one in found if one.told],
        "trail": [(_("My record"), reverse("courses:record"))],
    }
    return render(request, "courses/record/found.html", context)


@require_POST
@entry(SIGNED_IN)
def say(request: HttpRequest, uid: str, deed: str) -> HttpResponse:
    """Do one of the DEEDS about a guest who is on offer to the reader; 404 for all others."""
    person = get_object_or_404(Person, pk=request.actor.person_id)
    guest = next((one.guest for one in claim_queries.found(person) if one.guest.uid == uid), None)
    if guest is None or deed not in DEEDS:
        raise Http404
    act, words = DEEDS[deed]
    if not attempt(request, lambda: act(person=person, guest=guest, actor=request.actor), words):
        return redirect("courses:found_records")
    return redirect("courses:record" if deed == "mine" else "courses:found_records")
