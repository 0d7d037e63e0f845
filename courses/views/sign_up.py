"""Signing up for a seminar without an account."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses import queries, signing_up
from courses.forms.sign_up import LinkForm, SignUpForm
from courses.models import Run
from courses.states import RunState
from schools import limits
from schools.entry import EVERYONE, entry
from schools.errors import Refused

MOST_OF_A_NETWORK, NETWORK_S = 300, 600
"""A school is one address, and so is the hall of a seminar: all in it may sign up for the next within ten minutes."""
MOST_OF_AN_ADDRESS, ADDRESS_S = 6, 3600
"""Letters to one address in an hour; more are not sent, and the page looks the same."""


@entry(EVERYONE)
def sign_up(request: HttpRequest, uid: str) -> HttpResponse:
    form = SignUpForm(request.POST) if request.method == "POST" else SignUpForm(initial={"comes": True})
    if not form.is_bound or form.is_searching:
        return _page(request, uid, form)
    run, valid = _shown(Run.objects.all(), uid), form.is_valid()
    if not limits.spend("sign_up", limits.address_of(request), most=MOST_OF_A_NETWORK, seconds=NETWORK_S):
        form.add_error(None, _("Too many sign-ups come from your network. Wait some minutes and send it again."))
        return _page(request, uid, form, status=429)
    if not valid:
        return _page(request, uid, form, status=422)
    try:
        _do(run, form)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, uid, form, status=409)
    messages.info(request, form.cleaned_data["email"])
    return redirect("courses:signed_up", uid=run.uid)


def _do(run: Run, form: SignUpForm) -> None:
    """The same for every address, known or not, and in the same time; one with too many letters is left in peace."""
    contact = form.contact(get_language() or "kk")
    with limits.in_whole_steps():
        if limits.spend("sign_up_mail", contact.email, most=MOST_OF_AN_ADDRESS, seconds=ADDRESS_S):
            signing_up.sign_up(run=run, contact=contact, coming=form.coming(), school=form.cleaned_data["school"])


def _page(request: HttpRequest, uid: str, form: SignUpForm, status: int = 200) -> HttpResponse:
    run = _whole(uid)
    context = {"run": run, "form": form, "open": run.outreach and run.is_open(timezone.now())}
    return render(request, "courses/seminars/sign_up.html", context, status=status)


@entry(EVERYONE)
def signed_up(request: HttpRequest, uid: str) -> HttpResponse:
    """What to do next; it says nothing of whether the address was known."""
    sent_to = [str(message) for message in messages.get_messages(request)]
    context = {"run": _whole(uid), "address": sent_to[-1] if sent_to else ""}
    return render(request, "courses/seminars/signed_up.html", context)


@entry(EVERYONE)
def link_again(request: HttpRequest) -> HttpResponse:
    """Sends the newest link of an address once more. The page is the same whether the address is known or not."""
    form, sent = LinkForm(request.POST if request.method == "POST" else None), False
    if request.method == "POST" and form.is_valid():
        email, sent = form.cleaned_data["email"].lower(), True
        network = limits.spend("sign_up", limits.address_of(request), most=MOST_OF_A_NETWORK, seconds=NETWORK_S)
        with limits.in_whole_steps():
            if network and limits.spend("sign_up_mail", email, most=MOST_OF_AN_ADDRESS, seconds=ADDRESS_S):
                signing_up.send_newest_link(email=email)
    status = 422 if form.errors else 200
    return render(request, "courses/seminars/link_again.html", {"form": form, "sent": sent}, status=status)


def _whole(uid: str) -> Run:
    """With all that its page shows; a sign-up itself needs little of it."""
    return _shown(queries.for_page(Run.objects.all()), uid)


def _shown(runs: QuerySet[Run], uid: str) -> Run:
    run = get_object_or_404(runs, uid=uid, outreach=True)
    if run.state == RunState.DRAFT:
        raise Http404
    return run
