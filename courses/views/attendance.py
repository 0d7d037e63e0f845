"""Attendance: the meetings of a run, one sheet for each, and the code for the wall."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.cache import never_cache

from courses import attendance
from courses import teaching_queries as reads
from courses.forms.teaching import MarkSheet, WhyForm
from courses.models import Attendance, Meeting, Run
from courses.states import EnrolmentState, Presence
from courses.views.teaching_common import meeting_at, room, stamp, taught_run
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused

MARKS = [
    (Presence.PRESENT.value, Presence.PRESENT.label),
    (Presence.ABSENT.value, Presence.ABSENT.label),
    (Presence.EXCUSED.value, pgettext_lazy("attendance", "excused")),
]
"""The marks as they stand side by side: short words."""


@entry(SIGNED_IN)
def attendance_page(request: HttpRequest, uid: str) -> HttpResponse:
    run, now = taught_run(request, uid), timezone.now()
    context = room(request, run, "attendance") | {
        "sheets": [(sheet, sheet.meeting.starts_at - attendance.DOORS_OPEN <= now) for sheet in reads.sheets(run)],
    }
    return render(request, "courses/teaching/attendance.html", context)


@entry(SIGNED_IN)
def mark_attendance(request: HttpRequest, uid: str, order: int) -> HttpResponse:
    """One choice a person, all in one form; what stood already is changed only with a reason."""
    run = taught_run(request, uid)
    meeting = meeting_at(run, order)
    if request.method != "POST":
        return _page(request, run, order, _sheet(run, meeting), WhyForm())
    form, sheet = WhyForm(request.POST), _sheet(run, meeting, request)
    if request.POST.get("rest") == Presence.PRESENT:
        sheet.fill(Presence.PRESENT)
    if request.POST.get("starts", stamp(meeting)) != stamp(meeting):
        form.add_error(None, _("The meetings have changed in the meantime. Look at the date, and save again."))
        return _page(request, run, order, sheet, form, status=409)
    if form.is_valid() and sheet.corrects() and not form.cleaned_data["reason"]:
        form.add_error("reason", _("Write why a mark that stood already is corrected."))
    if not (form.is_valid() and sheet.is_valid):
        return _page(request, run, order, sheet, form, status=422)
    return _save(request, run, order, sheet, form)


def _save(request: HttpRequest, run: Run, order: int, sheet: MarkSheet, form: WhyForm) -> HttpResponse:
    meeting, reason = meeting_at(run, order), form.cleaned_data["reason"]
    try:
        count = attendance.mark(meeting=meeting, marks=sheet.changes(), actor=request.actor, reason=reason)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, run, order, sheet, form, status=status_of(refusal))
    done = ngettext("%(n)s mark saved.", "%(n)s marks saved.", count) % {"n": count}
    messages.success(request, done if count else _("Nothing was changed."))
    return redirect("courses:attendance", uid=run.uid)


def _page(
    request: HttpRequest, run: Run, order: int, sheet: MarkSheet, form: WhyForm, status: int = 200
) -> HttpResponse:
    meeting = meeting_at(run, order)
    opens = meeting.starts_at - attendance.DOORS_OPEN
    context = room(request, run, "attendance") | {
        "meeting": meeting,
        "order": order,
        "stamp": stamp(meeting),
        "sheet": sheet,
        "form": form,
        "open": opens <= timezone.now(),
        "unmarked": sum(not line.stands for line in sheet.lines),
    }
    return render(request, "courses/teaching/meeting.html", context, status=status)


def _sheet(run: Run, meeting: Meeting, request: HttpRequest | None = None) -> MarkSheet:
    """The sheet with the marks that stand; those of closed results are fixed."""
    people, marks = list(reads.participants(run)), reads.marks_of(meeting)
    sheet = MarkSheet(
        people,
        choices=MARKS,
        standing={key: mark.presence for key, mark in marks.items()},
        fixed=[row.pk for row in people if row.state != EnrolmentState.CONFIRMED and row.pk in marks],
        data=request.POST if request else None,
    )
    for line in sheet.lines:
        if mark := marks.get(line.enrolment.pk):
            line.note = _stands(mark, as_chosen=mark.presence == line.chosen)
    return sheet


def _stands(mark: Attendance, *, as_chosen: bool) -> str:
    """How the mark that stands came and when; and which it is, where the page has another one chosen."""
    words = [] if as_chosen else [mark.get_presence_display()]
    return ", ".join([*words, mark.get_source_display(), f"{timezone.localtime(mark.marked_at):%d.%m.%Y %H:%M}"])


@entry(SIGNED_IN)
@never_cache
def check_in_code(request: HttpRequest, uid: str, order: int) -> HttpResponse:
    """A square for the wall or the screen, and the address in letters; in the language of the run."""
    run = taught_run(request, uid)
    meeting = meeting_at(run, order)
    with translation.override(run.language):
        address = settings.SITE_URL + reverse("courses:check_in", args=[attendance.check_in_token(meeting)])
    drawing = segno.make(address, error="m").svg_inline(border=3, omitsize=True, dark="#1d2a33", light="#fff")
    context = room(request, run, "attendance") | {
        "meeting": meeting,
        "order": order,
        "address": address,
        "shown": address.split("://", 1)[-1],
        "drawing": mark_safe(drawing),
        "opens_at": meeting.starts_at - attendance.DOORS_OPEN,
        "closes_at": meeting.ends_at + attendance.DOORS_OPEN,
    }
    return render(request, "courses/teaching/code.html", context)
