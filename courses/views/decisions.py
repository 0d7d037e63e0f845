"""«Waiting for me»: the approver's list, one decision, several at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from courses import deciding, hand_over_words, queries
from courses.forms.enrolling import BulkApproveForm, Verdict
from courses.views.enrolments import page_of, seen_enrolment, shown_enrolment
from schools import desk, wording
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused, Stale


@entry(SIGNED_IN)
def decisions(request: HttpRequest) -> HttpResponse:
    return _list(request)


def _list(request: HttpRequest, status: int = 200, form: BulkApproveForm | None = None) -> HttpResponse:
    rows = list(queries.with_history(queries.to_decide(request.actor)))
    for row in rows:
        row.due_words = _("until %(day)s") % {"day": wording.short_date(row.step_due)} if row.step_due else ""
    hand_over_words.mark(rows)
    count = ngettext(
        "%(n)s application waits for your decision.", "%(n)s applications wait for your decision.", len(rows)
    )
    context: dict[str, object] = {
        "rows": rows,
        "form": form,
        "today": timezone.localdate(),
        "lead": count % {"n": len(rows)},
    }
    context["tabs"] = desk.tabs(request.actor, "courses:decisions")
    return render(request, "courses/decisions.html", context, status=status)


@require_POST
@entry(SIGNED_IN)
def approve_several(request: HttpRequest) -> HttpResponse:
    waiting = {row.uid: row for row in queries.to_decide(request.actor)}
    form = BulkApproveForm(request.POST)
    if not form.is_valid():
        return _list(request, status=422, form=form)
    approved = 0
    for uid, step in form.cleaned_data["chosen"]:
        try:
            if uid not in waiting:
                raise Stale(_("This application has already been decided or changed. Its present status is shown."))
            deciding.approve(enrolment=waiting[uid], actor=request.actor, seen_step=step)
            approved += 1
        except Refused as refusal:
            who = waiting[uid].person.full_name if uid in waiting else ""
            messages.error(request, f"{who}: {refusal}" if who else str(refusal))
    if approved:
        done = ngettext("%(n)s application approved.", "%(n)s applications approved.", approved)
        messages.success(request, done % {"n": approved})
    return redirect("courses:decisions")


@require_POST
@entry(SIGNED_IN)
def decide(request: HttpRequest, uid: str) -> HttpResponse:
    enrolment, form = seen_enrolment(request, uid), Verdict(request.POST)
    if not form.is_valid():
        return page_of(request, shown_enrolment(request, uid), status=422, verdict_form=form)
    deed = {
        Verdict.APPROVE: deciding.approve,
        Verdict.DECLINE: deciding.decline,
        Verdict.RETURN: deciding.send_back,
    }[form.cleaned_data["verdict"]]
    try:
        deed(
            enrolment=enrolment,
            actor=request.actor,
            seen_step=form.cleaned_data["step"],
            note=form.cleaned_data["note"],
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return page_of(request, shown_enrolment(request, uid), status=status_of(refusal), verdict_form=form)
    messages.success(request, _("Your decision has been recorded."))
    return redirect("courses:decisions")
