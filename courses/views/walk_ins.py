"""At the door: somebody without a sign-up gets a place, and the way to a certificate by a square."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from courses import guest_links, seats, tickets, walk_ins
from courses.forms.walk_in import WalkInForm
from courses.models import Meeting, Run, Signup
from courses.views.teaching_common import meeting_at, room, taught_run
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused


@entry(SIGNED_IN)
def walk_in(request: HttpRequest, uid: str, order: int) -> HttpResponse:
    run = taught_run(request, uid)
    meeting, more = meeting_at(run, order), walk_ins.may_add_place(request.actor)
    if request.method != "POST":
        return _page(request, run, order, WalkInForm(may_add_place=more))
    form = WalkInForm(request.POST, may_add_place=more)
    if not form.is_valid():
        return _page(request, run, order, form, status=200 if form.is_searching else 422)
    try:
        signup = _do(request, meeting, form)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, run, order, form, status=status_of(refusal))
    messages.success(request, _("Has a place and is marked as present."))
    return redirect("courses:walked_in", uid=run.uid, order=order, signup=signup.uid)


def _do(request: HttpRequest, meeting: Meeting, form: WalkInForm) -> Signup:
    return walk_ins.walk_in(
        meeting=meeting,
        guest=form.guest(),
        school=form.chosen_school(),
        language=(get_language() or "kk")[:2],
        nonce=form.cleaned_data["nonce"],
        actor=request.actor,
        add_place=bool(form.cleaned_data.get("add_place")),
    )


def _page(request: HttpRequest, run: Run, order: int, form: WalkInForm, status: int = 200) -> HttpResponse:
    context = room(request, run, "attendance") | {
        "order": order,
        "form": form,
        "free": seats.free(run),
        "may_add_place": "add_place" in form.fields,
    }
    return render(request, "courses/teaching/walk_in.html", context, status=status)


@entry(SIGNED_IN)
@never_cache
def walked_in(request: HttpRequest, uid: str, order: int, signup: str) -> HttpResponse:
    """The link of somebody who walked in, as a square for their own phone, until they have given an address."""
    run = taught_run(request, uid)
    row = get_object_or_404(Signup.objects.select_related("school"), uid=signup, run=run, walk_in=True, email="")
    address = guest_links.address(row)
    context = room(request, run, "attendance") | {
        "order": order,
        "signup": row,
        "people": list(row.enrolments.select_related("person")),
        "square": tickets.square(address),
        "address": address,
        "shown": address.split("://", 1)[-1],
    }
    return render(request, "courses/teaching/walked_in.html", context)
