"""Presentations: the list, a new proposal, writing it, its versions side by side."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import differences, presentations
from conferences import presentation_access as access
from conferences import presentation_queries as reads
from conferences.edition_queries import open_editions
from conferences.forms.presentation import PresentationFilter, ProposalForm
from conferences.models import Presentation
from conferences.views.presentation_page import shown
from conferences.views.room import presentation_trail, room_tabs
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused

PER_PAGE = 30


@entry(SIGNED_IN)
def presentation_list(request: HttpRequest) -> HttpResponse:
    form = PresentationFilter(request.GET)
    wanted = form.wanted()
    page = Paginator(reads.found(request.actor, **wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "active": len(wanted),
        "reviews": reads.reviews_for(request.actor.person_id),
        "tabs": room_tabs("presentations", request.actor),
    }
    return render(request, "conferences/presentations/list.html", context)


@entry(SIGNED_IN)
def presentation_new(request: HttpRequest) -> HttpResponse:
    editions = open_editions(today=timezone.localdate())
    if request.method != "POST":
        return _form_page(request, ProposalForm(editions=editions, initial={"edition": request.GET.get("edition")}))
    form = ProposalForm(request.POST, editions=editions)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    try:
        row = presentations.begin(
            edition=form.cleaned_data["edition"], facts=form.facts(), text=form.text_as_typed, actor=request.actor
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, status=422)
    messages.success(request, _("The draft is saved. Ask your co-authors to join, then send it for review."))
    return redirect("conferences:presentation", uid=row.uid)


@entry(SIGNED_IN)
def presentation_edit(request: HttpRequest, uid: str) -> HttpResponse:
    row = shown(request, uid)
    if not access.may_write(request.actor, row):
        raise Http404
    if request.method != "POST":
        return _form_page(request, ProposalForm(presentation=row), row)
    form, seen = ProposalForm(request.POST, presentation=row), request.POST.get("seen", "")
    if not form.is_valid():
        return _form_page(request, form, row, status=422, seen=seen)
    try:
        presentations.edit(
            presentation=row, facts=form.facts(), text=form.text_as_typed, seen=seen, actor=request.actor
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, row, status=status_of(refusal))
    messages.success(request, _("Saved."))
    return redirect("conferences:presentation", uid=uid)


def _form_page(
    request: HttpRequest,
    form: ProposalForm,
    row: Presentation | None = None,
    status: int = 200,
    seen: str | None = None,
) -> HttpResponse:
    """`seen` is the version that the next saving refers to: the present one by default."""
    if row is not None and seen is None:
        seen = presentations.version(row)
    context = {"form": form, "presentation": row, "seen": seen, "trail": presentation_trail(row)}
    return render(request, "conferences/presentations/edit.html", context, status=status)


@entry(SIGNED_IN)
def versions(request: HttpRequest, uid: str) -> HttpResponse:
    """Two versions of the abstract, by default the last two; nonsense leads to those."""
    row = shown(request, uid)
    rows = list(row.abstracts.select_related("made_by").order_by("number"))
    if not rows or not access.sees_versions(request.actor, row):
        raise Http404
    by_number = {str(one.number): one for one in rows}
    after = by_number.get(request.GET.get("to", ""), rows[-1])
    before = by_number.get(request.GET.get("from", ""), rows[max(0, after.number - 2)])
    context = {
        "presentation": row,
        "rows": rows,
        "before": before,
        "after": after,
        "pieces": differences.pieces(before.text, after.text),
        "trail": presentation_trail(row),
    }
    return render(request, "conferences/presentations/versions.html", context)
