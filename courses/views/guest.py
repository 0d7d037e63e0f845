"""What a guest's link opens: who comes, and what can be done about it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses import guest_links, guest_queries, signing_up, signup_changes
from courses.models import Signup
from courses.views.guest_door import by_link, language_urls
from schools.errors import Refused


@by_link
@require_safe
def show(request: HttpRequest, signup: Signup) -> HttpResponse:
    return page(request, signup)


def page(request: HttpRequest, signup: Signup, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The page of one sign-up; `problem` says why the last deed was refused."""
    context = {
        "signup": signup,
        "run": signup.run,
        "token": guest_links.token(signup),
        "problem": problem,
        **guest_queries.standing(signup, now=timezone.now()),
        **language_urls(request),
    }
    return render(request, "courses/guest/show.html", context, status=status)


def back(signup: Signup) -> HttpResponse:
    return redirect("guest:show", token=guest_links.token(signup))


@by_link
@require_POST
def confirm(request: HttpRequest, signup: Signup) -> HttpResponse:
    """The one deed that programs which open links in mails cannot do by looking."""
    try:
        clashing = signing_up.confirm(signup=signup)
    except Refused as refusal:
        return page(request, signup, problem=str(refusal), status=409)
    if clashing:
        names = ", ".join(row.person.full_name for row in clashing)
        text = _("These people are taken at that time by another confirmed event: %(names)s. Cancel that one first.")
        return page(request, signup, problem=text % {"names": names}, status=409)
    messages.success(request, _("The sign-up is confirmed. A letter says how things stand."))
    return back(signup)


@by_link
@require_POST
def cancel(request: HttpRequest, signup: Signup) -> HttpResponse:
    """One person (`who`, a uid), or all of them."""
    try:
        signup_changes.cancel(signup=signup, only=request.POST.get("who", ""), late=request.POST.get("late", "") == "1")
    except Refused as refusal:
        return page(request, signup, problem=str(refusal), status=409)
    messages.success(request, _("Cancelled. The places go to those who wait."))
    return back(signup)
