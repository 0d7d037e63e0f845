"""Pages behind a guest's link on which something is changed."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from courses import (
    allocation_telling,
    allocation_words,
    appealing,
    guest_links,
    guest_queries,
    outcome_queries,
    signup_changes,
)
from courses.forms.allocation import AppealForm
from courses.forms.guest import AddressForm, ForgetForm, MoreForm, PersonForm
from courses.models import Signup
from courses.states import OPEN
from courses.views.guest import back
from courses.views.guest_door import by_link, by_new_link, language_urls
from schools import limits
from schools.errors import Refused

reading_and_writing = require_http_methods(["GET", "HEAD", "POST"])
MOST_ADDRESSES, SPAN_S = 5, 3600
"""So many other addresses a link may name in an hour: each gets a letter."""
ON_ITS_WAY = gettext_lazy("A letter is on its way to the new address. Open the link in it.")
AS_BEFORE = gettext_lazy("Letters go to this address already.")
APPEALED = gettext_lazy("The appeal has been sent. You will get a letter with the answer.")
CHANGED = gettext_lazy("Changed. A letter says how things stand.")


def _change(
    request: HttpRequest,
    signup: Signup,
    form: Form,
    name: str,
    deed: Callable[[], object],
    done: str,
    **facts: object,
) -> HttpResponse:
    """Show the form, or do its deed; a refusal comes back beside what was typed."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                deed()
            except Refused as refusal:
                form.add_error(None, refusal.message)
                status = 409
            else:
                messages.success(request, done)
                return back(signup)
    context = {
        "signup": signup,
        "run": signup.run,
        "token": guest_links.token(signup),
        "form": form,
        **facts,
        **language_urls(request),
    }
    return render(request, f"courses/guest/{name}.html", context, status=status)


@by_link
@reading_and_writing
def person(request: HttpRequest, signup: Signup, *, uid: str) -> HttpResponse:
    row = next((row for row in guest_queries.people_of(signup) if row.uid == uid and row.state in OPEN), None)
    if row is None:
        raise Http404
    may_replace = row.run.may_withdraw(timezone.now())
    form = PersonForm(request.POST if request.method == "POST" else None, row=row, may_replace=may_replace)

    def deed() -> object:
        verb = signup_changes.replace if form.cleaned_data["what"] == PersonForm.REPLACE else signup_changes.correct
        return verb(signup=signup, enrolment=uid, name=form.person())

    return _change(request, signup, form, "person", deed, _("Changed."), may_replace=may_replace)


@by_link
@reading_and_writing
def appeal(request: HttpRequest, signup: Signup, *, uid: str) -> HttpResponse:
    """For somebody of the sign-up to whom an allocation gave no place, once."""
    people = guest_queries.people_of(signup)
    if uid not in {row.uid for row in people}:
        raise Http404
    outcome = outcome_queries.appealable(signup, people, now=timezone.now()).get(uid)
    if outcome is None:
        messages.info(request, _("There is nothing to appeal against, or the appeal has been sent already."))
        return back(signup)
    form = AppealForm(request.POST or None)

    def deed() -> object:
        return appealing.appeal_by_link(signup=signup, enrolment=uid, text=form.cleaned_data["text"])

    facts = {
        "who": next(row.person.full_name for row in people if row.uid == uid),
        "reasons": allocation_telling.told(outcome, voice=allocation_words.COORDINATOR).lines,
        "until": allocation_telling.appeal_until(outcome.allocation),
    }
    return _change(request, signup, form, "appeal", deed, str(APPEALED), **facts)


@by_link
@reading_and_writing
def more(request: HttpRequest, signup: Signup) -> HttpResponse:
    form = MoreForm(request.POST if request.method == "POST" else None)
    return _change(
        request, signup, form, "more", lambda: signup_changes.add(signup=signup, coming=form.coming()), str(CHANGED)
    )


@by_link
@reading_and_writing
def address(request: HttpRequest, signup: Signup) -> HttpResponse:
    """Nothing changes until the link in the letter to the new address is used."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if limits.spend("guest_address", signup.uid, most=MOST_ADDRESSES, seconds=SPAN_S):
            changed = signup_changes.change_address(signup=signup, email=form.cleaned_data["email"])
            messages.success(request, str(ON_ITS_WAY if changed.pending_email else AS_BEFORE))
            return back(signup)
        form.add_error(None, _("The address was changed too often. Wait an hour and try again."))
    return _change(request, signup, form, "address", lambda: None, "")


@by_new_link
@reading_and_writing
def new_address(request: HttpRequest, signup: Signup) -> HttpResponse:
    """The one deed that programs which open links in mails cannot do by looking."""
    if not signup.pending_email:
        return back(signup)
    if request.method == "POST":
        signup = signup_changes.confirm_address(signup=signup)
        messages.success(request, _("The address is confirmed: letters come here from now on."))
        return back(signup)
    context = {"signup": signup, "run": signup.run, **language_urls(request)}
    return render(request, "courses/guest/new_address.html", context)


@by_link
@reading_and_writing
def forget(request: HttpRequest, signup: Signup) -> HttpResponse:
    form = ForgetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            signup_changes.withdraw_consent(signup=signup)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return render(request, "courses/guest/forgotten.html", language_urls(request))
    return _change(request, signup, form, "forget", lambda: None, "")


@by_link
@require_safe
def attended(request: HttpRequest, signup: Signup) -> HttpResponse:
    """Everything that people of this address have attended; only once the link has proved the address."""
    context = {
        "signup": signup,
        "run": signup.run,
        "token": guest_links.token(signup),
        "rows": guest_queries.attended(signup, today=timezone.localdate()),
        **language_urls(request),
    }
    return render(request, "courses/guest/attended.html", context)
