"""The internal review: coordinators ask and let off, a reviewer reads and fills the form."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conferences import presentation_access as access
from conferences import reviewing
from conferences.forms.presentation import ReviewerForm, ReviewForm
from conferences.models import Review
from conferences.presentation_queries import with_authors
from conferences.views.presentation_page import answer, shown
from conferences.views.room import presentation_trail
from schools.answering import attempt, status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused


@require_POST
@entry(SIGNED_IN)
def ask_reviewer(request: HttpRequest, uid: str) -> HttpResponse:
    row, form = shown(request, uid), ReviewerForm(request.POST, auto_id="reviewer_%s")
    if not form.is_valid():
        return answer(request, row, 422, reviewer=form)
    try:
        reviewing.ask(presentation=row, actor=request.actor, **form.cleaned_data)
    except Refused as refusal:
        form.add_error("reviewer", str(refusal))
        return answer(request, row, status_of(refusal), reviewer=form)
    messages.success(request, _("The reviewer is asked by mail."))
    return redirect("conferences:presentation", uid=uid)


@require_POST
@entry(SIGNED_IN)
def lift(request: HttpRequest, uid: str, review_uid: str) -> HttpResponse:
    row = shown(request, uid)
    review = get_object_or_404(row.reviews, uid=review_uid)
    attempt(request, lambda: reviewing.lift(review=review, actor=request.actor), _("This review is no longer awaited."))
    return redirect("conferences:presentation", uid=uid)


@entry(SIGNED_IN)
def review(request: HttpRequest, uid: str) -> HttpResponse:
    """For the reviewer alone; a blind one finds no names here."""
    row = get_object_or_404(Review.objects.select_related("abstract", "presentation"), uid=uid)
    if not access.is_reviewer(request.actor, row):
        raise Http404
    if request.method != "POST":
        return _page(request, row, ReviewForm())
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    try:
        reviewing.write(review=row, form=form.cleaned_data, actor=request.actor)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, row, form, status=status_of(refusal))
    messages.success(request, _("Thank you: your review is handed in."))
    return redirect("conferences:review", uid=uid)


def _page(request: HttpRequest, row: Review, form: ReviewForm, status: int = 200) -> HttpResponse:
    presentation = with_authors().get(pk=row.presentation_id)
    context = {
        "review": row,
        "presentation": presentation,
        "form": form,
        "writes": access.may_write_review(request.actor, row) or form.is_bound,
        "trail": presentation_trail(None),
    }
    return render(request, "conferences/presentations/review.html", context, status=status)
