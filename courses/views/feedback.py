"""Feedback: the questions for those who took part, the answers together for those who teach."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access
from courses import feedback as verbs
from courses.forms.feedback import FeedbackForm
from courses.models import Enrolment
from courses.views.teaching_common import room, taught_run
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused


@entry(SIGNED_IN)
def feedback(request: HttpRequest, uid: str) -> HttpResponse:
    """The questions; once they are answered, thanks."""
    row = get_object_or_404(Enrolment.objects.select_related("run__course"), uid=uid)
    if not access.is_applicant(request.actor, row):
        raise Http404
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, row, form)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    try:
        verbs.give(enrolment=row, answer=form.answer(), actor=request.actor)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, row, form, status=status_of(refusal))
    messages.success(request, _("Thank you! Your answer is kept without your name."))
    return redirect("courses:feedback", uid=uid)


def _page(request: HttpRequest, row: Enrolment, form: FeedbackForm, status: int = 200) -> HttpResponse:
    now, opens = timezone.now(), verbs.opens_at(row.run)
    context = {
        "enrolment": row,
        "run": row.run,
        "form": form,
        "answered": verbs.has_answered(row),
        "asked": verbs.is_asked(row, now=now),
        "opens_at": opens,
        "over": opens is not None and now >= opens + verbs.OPEN_FOR,
    }
    return render(request, "courses/feedback/form.html", context, status=status)


@entry(SIGNED_IN)
def feedback_results(request: HttpRequest, uid: str) -> HttpResponse:
    """All answers of a run together, from the minimum group on."""
    run = taught_run(request, uid)
    context = room(request, run, "feedback_results") | {"summary": verbs.summary(run)}
    return render(request, "courses/feedback/results.html", context)
