"""Checking tickets at the door with a phone: a page that goes on without a network, and where it sends its scans."""

import functools

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses import attendance, scanning
from courses import teaching_queries as reads
from courses.forms import scans
from courses.models import Meeting
from courses.states import Presence, ScanOutcome
from courses.views.teaching_common import meeting_at, room, stamp, taught_run
from schools.answering import status_of
from schools.entry import EVERYONE, SIGNED_IN, entry
from schools.errors import Refused


@require_safe
@entry(SIGNED_IN)
@never_cache
def scan_page(request: HttpRequest, uid: str, order: int) -> HttpResponse:
    """The people with their marks; a script takes scans, keeps them on the phone and sends them when it can."""
    run = taught_run(request, uid)
    meeting = meeting_at(run, order)
    marks = reads.marks_of(meeting)
    context = room(request, run, "attendance") | {
        "meeting": meeting,
        "order": order,
        "stamp": stamp(meeting),
        "open": meeting.starts_at - attendance.DOORS_OPEN <= timezone.now(),
        "people": [(row, marks[row.pk].presence if row.pk in marks else "") for row in reads.participants(run)],
        "words": words(),
    }
    return render(request, "courses/teaching/scan.html", context)


def words() -> dict[str, str]:
    """What the script says, in the language of the page."""
    outcomes = {str(value): str(label) for value, label in ScanOutcome.choices}
    return outcomes | {
        "queued": _("present, not sent yet"),
        "present": _("present"),
        "excused": _("absent for a valid reason"),
        "unsent": _("Not sent yet: %s"),
        "all_sent": _("All sent"),
        "sending": _("Sending…"),
        "offline": _("No network: scans are kept on this phone and sent later."),
        "signed_out": _("You are signed out. Sign in again in another window: nothing is lost."),
        "no_longer": _("You can no longer mark this meeting. The scans stay on this phone."),
        "trouble": _("The portal does not answer. The phone tries again by itself."),
        "kept": _("This page also opens without a network."),
        "not_kept": _("This browser cannot keep the page: do not close it while there is no network."),
        "cannot_store": _("This browser cannot keep scans. Do not close the page before all are sent."),
        "no_camera": _("The camera cannot be used. Type the code or look for the name."),
        "not_listed": _("not on this list, the portal will tell"),
        "several": _("Several people have this name. Choose one below."),
        "nobody": _("Nobody has this name or code."),
    }


@require_POST
@entry(SIGNED_IN)
def send_scans(request: HttpRequest, uid: str, order: int) -> HttpResponse:
    """Takes scans as JSON; says by nonce what came of each, and who is present by now."""
    run = taught_run(request, uid)
    meeting = meeting_at(run, order)
    try:
        starts, sent = scans.read(request.body)
        if starts != stamp(meeting):
            text = _("The meetings have changed in the meantime. Open the page again.")
            return JsonResponse({"error": text}, status=409)
        told = scanning.take_in(meeting=meeting, scans=sent, actor=request.actor)
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=status_of(refusal))
    return JsonResponse({"outcomes": told, "present": present_at(meeting)})


def present_at(meeting: Meeting) -> list[str]:
    """Codes of those who stand as present, whoever marked them: phones at other doors show them too."""
    return list(meeting.attendance.filter(presence=Presence.PRESENT).values_list("enrolment__uid", flat=True))


@functools.cache
def _worker() -> bytes:
    return (settings.BASE_DIR / "static/js/scan-worker.js").read_bytes()


@require_safe
@entry(EVERYONE)
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the page for hours without a network; at an address that never changes."""
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response
