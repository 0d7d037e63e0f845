"""The page behind the code on the wall: a participant says «I am here», a guest types the code of the ticket."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from courses import attendance, guest_check_in
from courses.calendars import place_of
from courses.models import Meeting
from schools import limits
from schools.entry import EVERYONE, entry
from schools.errors import Refused

MOST_WRONG, SPAN_S = 200, 600
"""So many wrong codes an address may try in ten minutes: a hall of 500 stands behind one, and right ones are free."""
MOST_SHOWN = 40
TOO_MANY = gettext_lazy("Too many wrong codes from your network. Wait ten minutes, or go to the trainer.")


@entry(EVERYONE)
@never_cache
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what will be marked; a POST marks it. An altered code leads nowhere."""
    meeting = attendance.meeting_of(token)
    if meeting is None:
        raise Http404
    if request.method != "POST":
        return _page(request, meeting)
    if "code" in request.POST or request.actor.person_id is None:
        return _by_ticket(request, meeting)
    try:
        attendance.check_in(meeting=meeting, actor=request.actor)
    except Refused as refusal:
        return _page(request, meeting, problem=str(refusal), status=422)
    messages.success(request, _("You are marked as present."))
    return redirect("courses:check_in", token=attendance.check_in_token(meeting))


def _by_ticket(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    typed = request.POST.get("code", "")
    try:
        mark = guest_check_in.by_ticket(meeting=meeting, typed=typed)
    except guest_check_in.UnknownCode as refusal:
        if too_many_wrong(request):
            return _page(request, meeting, typed=typed, problem=str(TOO_MANY), status=429)
        return _page(request, meeting, typed=typed, problem=str(refusal), status=422)
    except Refused as refusal:
        return _page(request, meeting, typed=typed, problem=str(refusal), status=422)
    messages.success(request, _("%(name)s is marked as present.") % {"name": mark.enrolment.person.full_name})
    return redirect("courses:check_in", token=attendance.check_in_token(meeting))


def too_many_wrong(request: HttpRequest) -> bool:
    """Count one wrong code of this address."""
    return not limits.spend("wrong_code", limits.address_of(request), most=MOST_WRONG, seconds=SPAN_S)


def _page(
    request: HttpRequest, meeting: Meeting, *, problem: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    found = attendance.arrival(meeting=meeting, person_id=request.actor.person_id, now=timezone.now())
    context = {
        "meeting": meeting,
        "run": meeting.run,
        "place": place_of(meeting.run),
        "arrival": found,
        "problem": problem,
        "typed": typed[:MOST_SHOWN],
        "who": found.enrolment.person.full_name if found.enrolment else request.actor.name,
        "by_ticket": found.outcome == "no_seat",
        "open_now": found.opens_at <= timezone.now() <= found.closes_at,
    }
    return render(request, "courses/teaching/check_in.html", context, status=status)
