"""Certificates of a run: who has one, giving them to all who wait, or to one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import access, certificate_batch, certificates
from courses import teaching_queries as reads
from courses.models import Enrolment, Run
from courses.states import CertificateState, EnrolmentState
from courses.views.teaching_common import room, taught_run
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused
from schools.states import Role

MANAGERS = (Role.HQ, Role.ADMINISTRATOR)


@entry(SIGNED_IN)
def run_certificates(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, taught_run(request, uid))


def _page(request: HttpRequest, run: Run, *, problem: str = "", status: int = 200) -> HttpResponse:
    newest = reads.certificates_of_run(run)
    people = list(reads.participants(run, (EnrolmentState.COMPLETED,)))
    rows = [(row, newest.get(row.pk)) for row in people]
    context = room(request, run, "run_certificates") | {
        "rows": rows,
        "waiting": sum(certificate is None for _row, certificate in rows),
        "standing": sum(one is not None and one.state == CertificateState.VALID for _row, one in rows),
        "undecided": run.enrolments.filter(state=EnrolmentState.CONFIRMED).count(),
        "running": certificate_batch.running(run),
        "may_see": access.may_issue_certificates(request.actor),
        "problem": problem,
    }
    return render(request, "courses/certificates/run.html", context, status=status)


@require_POST
@entry(*MANAGERS)
def issue_certificates(request: HttpRequest, uid: str) -> HttpResponse:
    """Certificates for all who wait, as long work."""
    run = taught_run(request, uid)
    try:
        job = certificate_batch.start(run=run, actor=request.actor)
    except Refused as refusal:
        return _page(request, run, problem=str(refusal), status=status_of(refusal))
    return redirect("schools:job", uid=job.uid)


@require_POST
@entry(*MANAGERS)
def issue_certificate(request: HttpRequest, uid: str) -> HttpResponse:
    """A certificate for one person, also where an earlier one was revoked."""
    row = get_object_or_404(Enrolment.objects.select_related("run", "person"), uid=uid)
    run = taught_run(request, row.run.uid)
    try:
        made = certificates.issue(enrolment=row, actor=request.actor)
    except Refused as refusal:
        return _page(request, run, problem=f"{row.person.full_name}: {refusal}", status=status_of(refusal))
    messages.success(request, _("Certificate %(number)s: %(name)s") % {"number": made.number, "name": made.holder})
    return redirect("courses:run_certificates", uid=run.uid)
