"""What the pages of the trainer's room share: who enters, the way back, tabs."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from courses import access
from courses import teaching_queries as reads
from courses.models import Meeting, Run
from courses.states import RunState
from schools import wording


def taught_run(request: HttpRequest, uid: str) -> Run:
    """The run, for its trainers and those who organise it; 404 for all others."""
    run = get_object_or_404(reads.for_teaching(Run.objects.exclude(state=RunState.DRAFT)), uid=uid)
    trainers = {row.person_id for row in run.trainers.all()}
    if not access.may_teach(request.actor, run, trainer_ids=trainers):
        raise Http404
    return run


def room(request: HttpRequest, run: Run, here: str) -> dict[str, Any]:
    """Context of every page of the room: the run, its dates in words, tabs and the way back."""
    return {
        "run": run,
        "run_words": wording.date_range(run.starts_on, run.ends_on) if run.starts_on else _("Dates to be announced"),
        "tabs": _tabs(run, here),
        "trail": [(_("Teaching"), reverse("courses:teaching"))],
        "may_organise": access.may_manage_courses(request.actor),
        "may_certify": access.may_issue_certificates(request.actor),
    }


def _tabs(run: Run, here: str) -> list[tuple[str, str, bool]]:
    places = [("roster", _("Participants")), ("attendance", _("Attendance"))]
    if run.course.final_assessment:
        places.append(("assessment", _("Final assessment")))
    places += [("results", _("Results")), ("feedback_results", _("Feedback")), ("run_certificates", _("Certificates"))]
    places.append(("sources", _("Where it came from")))
    return [(label, reverse(f"courses:{name}", args=[run.uid]), name == here) for name, label in places]


def meeting_at(run: Run, order: int) -> Meeting:
    """The meeting that comes `order`-th, from 1; 404 beyond the last."""
    meetings = list(run.meetings.all())
    if not 1 <= order <= len(meetings):
        raise Http404
    return meetings[order - 1]


def stamp(meeting: Meeting) -> str:
    """What tells a page that the meeting behind its number is still the same."""
    return meeting.starts_at.isoformat()
