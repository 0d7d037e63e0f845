"""The page behind the code on the wall: a participant says «I am here»."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from courses import attendance
from courses.calendars import place_of
from courses.models import Meeting
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused


@entry(SIGNED_IN)
@never_cache
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what will be marked; a POST marks it. An altered code leads nowhere."""
    meeting = attendance.meeting_of(token)
    if meeting is None:
        raise Http404
    if request.method != "POST":
        return _page(request, meeting)
    try:
        attendance.check_in(meeting=meeting, actor=request.actor)
    except Refused as refusal:
        return _page(request, meeting, problem=str(refusal), status=422)
    messages.success(request, _("You are marked as present."))
    return redirect("courses:check_in", token=attendance.check_in_token(meeting))


def _page(request: HttpRequest, meeting: Meeting, *, problem: str = "", status: int = 200) -> HttpResponse:
    found = attendance.arrival(meeting=meeting, person_id=request.actor.person_id, now=timezone.now())
    context = {
        "meeting": meeting,
        "run": meeting.run,
        "place": place_of(meeting.run),
        "arrival": found,
        "problem": problem,
        "who": found.enrolment.person.full_name if found.enrolment else request.actor.name,
    }
    return render(request, "courses/teaching/check_in.html", context, status=status)
