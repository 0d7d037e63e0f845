"""What the square of a ticket opens: for the run's trainer the person and one button, for others a word alone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses import access, tickets
from courses import teaching_queries as reads
from courses.models import Enrolment, Meeting
from schools.answering import status_of
from schools.entry import EVERYONE, entry
from schools.errors import Refused


@require_safe
@entry(EVERYONE)
def lead(request: HttpRequest, code: str) -> HttpResponse:
    """The address in the square has no language: it leads to the page in the reader's."""
    return redirect(reverse("courses:ticket", args=[code]))


@entry(EVERYONE)
@never_cache
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    """Codes that are unknown and those of others' runs are answered alike, without a name."""
    row = _taught(request, code)
    if row is None:
        return render(request, "courses/tickets/others.html", {"signed_in": request.actor.is_authenticated})
    if request.method != "POST":
        return _page(request, row)
    meeting = next(
        (m for m in tickets.begun(row, now=timezone.now()) if str(m.pk) == request.POST.get("meeting")), None
    )
    if meeting is None:
        return _page(request, row, problem=_("Choose the meeting."), status=422)
    try:
        new = tickets.mark(enrolment=row, meeting=meeting, actor=request.actor)
    except Refused as refusal:
        return _page(request, row, problem=str(refusal), status=status_of(refusal))
    messages.success(request, _("Marked as present.") if new else _("This person was marked as present already."))
    return redirect("courses:ticket", code=row.uid)


def _taught(request: HttpRequest, code: str) -> Enrolment | None:
    """The ticket's row, if whoever reads teaches its run; strangers cost no query."""
    if not request.actor.is_authenticated:
        return None
    row = tickets.with_ticket().filter(uid=tickets.code_of(code)).first()
    if row is None:
        return None
    trainers = {one.person_id for one in row.run.trainers.all()}
    return row if access.may_teach(request.actor, row.run, trainer_ids=trainers) else None


def _page(request: HttpRequest, row: Enrolment, *, problem: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    meetings, marks = tickets.on_now(row, now=now), reads.marks_of_person(row)
    chosen: list[Meeting] = meetings or tickets.begun(row, now=now)
    context = {
        "row": row,
        "run": row.run,
        "on_now": bool(meetings),
        "lines": [(meeting, marks.get(meeting.pk)) for meeting in chosen],
        "may_mark": row.state == "confirmed",
        "orders": {m.pk: order for order, m in enumerate(row.run.meetings.all(), start=1)},
        "problem": problem,
    }
    return render(request, "courses/tickets/for_trainer.html", context, status=status)
