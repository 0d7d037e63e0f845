"""Papers of a trip: the list with its form, one paper handed out, one deleted."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conferences import documents as verbs
from conferences.document_access import may_drop_document, may_read_document
from conferences.forms.documents import DocumentForm
from conferences.models import Trip, TripDocument
from conferences.views.trip_common import trail_to, trip_by
from schools.answering import attempt
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused
from schools.handing_out import hand_out


@entry(SIGNED_IN)
def documents(request: HttpRequest, uid: str) -> HttpResponse:
    trip = trip_by(request, uid)
    if request.method != "POST":
        return _page(request, trip, DocumentForm(trip=trip, actor=request.actor))
    form = DocumentForm(request.POST, request.FILES, trip=trip, actor=request.actor)
    if form.is_valid():
        data = form.cleaned_data
        try:
            verbs.add(trip=trip, kind=data["kind"], upload=data["file"], actor=request.actor, person=data["owner"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The paper has been added."))
            return redirect("conferences:trip_documents", uid=uid)
    return _page(request, trip, form, status=422)


def _page(request: HttpRequest, trip: Trip, form: DocumentForm, status: int = 200) -> HttpResponse:
    rows = trip.documents.filter(file__deleted_at=None).select_related("file", "person")
    actor = request.actor
    for row in rows:
        row.may_read, row.may_drop = may_read_document(actor, row), may_drop_document(actor, trip, row)
    context = {
        "trip": trip,
        "shared": [row for row in rows if not row.personal],
        "personal": [row for row in rows if row.personal],
        "form": form if form.fields["kind"].choices else None,
        "kept_until": verbs.kept_until(trip),
        "trail": trail_to(trip),
    }
    return render(request, "conferences/documents/list.html", context, status=status)


@entry(SIGNED_IN)
def document(request: HttpRequest, uid: str) -> HttpResponse:
    """The paper itself. Reading one of a single traveller leaves a row in the ledger."""
    found = _document(request, uid)
    if not may_read_document(request.actor, found):
        raise Http404
    return hand_out(request, found.file)


@require_POST
@entry(SIGNED_IN)
def drop_document(request: HttpRequest, uid: str) -> HttpResponse:
    found = _document(request, uid)
    attempt(request, lambda: verbs.drop(document=found, actor=request.actor), _("The paper has been deleted."))
    return redirect("conferences:trip_documents", uid=found.trip.uid)


def _document(request: HttpRequest, uid: str) -> TripDocument:
    """A paper that is there still, of a trip that the actor sees."""
    rows = TripDocument.objects.filter(file__deleted_at=None).select_related("file__owner", "trip", "person")
    found = get_object_or_404(rows, uid=uid)
    found.trip = trip_by(request, found.trip.uid)
    return found
