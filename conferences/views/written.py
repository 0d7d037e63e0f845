"""Reports of what was learned: writing, opening to colleagues, reading, searching; and the list of what is due."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conferences import coming_back_due, coming_back_queries, trip_access, trip_moves, written_reports
from conferences.coming_back_access import may_see_due, may_see_written, parts_of, travels
from conferences.coming_back_states import WRITTEN_MOVES, WrittenState, WrittenVerb, allowed
from conferences.forms.coming_back import SearchForm, WrittenForm
from conferences.models import Trip, WrittenReport
from conferences.views.room import room_tabs
from conferences.views.trip_common import trail_to, trip_by
from schools.answering import attempt, status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused, Stale

REPORTS_A_PAGE = 20
DEEDS = {
    "publish": (written_reports.publish, gettext_lazy("The report is open to colleagues.")),
    "hide": (written_reports.hide, gettext_lazy("Colleagues no longer see the report.")),
}
"""By the last word of their address."""


@entry(SIGNED_IN)
def reports(request: HttpRequest) -> HttpResponse:
    """What colleagues brought home, the newest first, found by words."""
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(coming_back_queries.open_reports(words), REPORTS_A_PAGE).get_page(request.GET.get("page"))
    count = page.paginator.count
    lead = ngettext("%(n)s report", "%(n)s reports", count) % {"n": count}
    context = {"page": page, "words": words, "lead": lead, "tabs": room_tabs("written_reports", request.actor)}
    context["may_see_due"] = may_see_due(request.actor)
    return render(request, "conferences/written/list.html", context)


@entry(SIGNED_IN)
def report(request: HttpRequest, uid: str) -> HttpResponse:
    """One report, for every colleague once it is open."""
    found = _report(request, uid)
    parts, trip = parts_of(request.actor, found.trip), found.trip
    sees_trip = trip_access.may_see_trip(request.actor, trip, asked=trip.approvals.all())
    context = {
        "report": found,
        "trip": trip,
        "travels": travels(request.actor, trip),
        "gap": written_reports.gap_of(found),
        "is_open": found.state == WrittenState.PUBLISHED,
        "sees_trip": sees_trip,
        **{f"may_{verb}": allowed(WRITTEN_MOVES[verb], found.state, parts) for verb in WrittenVerb.values},
        "trail": [(_("Reports of trips"), coming_back_due.reports_address())],
    }
    return render(request, "conferences/written/report.html", context)


@entry(SIGNED_IN)
def write_report(request: HttpRequest, uid: str) -> HttpResponse:
    trip = trip_by(request, uid)
    if not travels(request.actor, trip):
        raise Http404
    found = WrittenReport.objects.filter(trip=trip).first()
    if request.method != "POST":
        return _form(request, trip, WrittenForm(initial=_initial(found)), found)
    form, status = WrittenForm(request.POST), 422
    if form.is_valid():
        words = written_reports.Words(**{name: form.cleaned_data[name] for name in written_reports.FIELDS})
        try:
            written_reports.save(trip=trip, words=words, actor=request.actor, seen=form.cleaned_data["seen"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
            found, status = WrittenReport.objects.filter(trip=trip).first(), status_of(refusal)
            if isinstance(refusal, Stale):
                form.saw(written_reports.mark(found))
        else:
            messages.success(request, _("The report has been saved."))
            return redirect("conferences:written", uid=uid)
    return _form(request, trip, form, found, status)


@require_POST
@entry(SIGNED_IN)
def report_deed(request: HttpRequest, uid: str, deed: str) -> HttpResponse:
    found = _report(request, uid)
    verb, done = DEEDS[deed]
    attempt(request, lambda: verb(report=found, actor=request.actor), str(done))
    return redirect("conferences:written", uid=uid) if deed == "publish" else redirect("conferences:written_reports")


@entry(SIGNED_IN)
def due(request: HttpRequest) -> HttpResponse:
    """Accounts that wait for finance, and trips whose reports are missing."""
    if not may_see_due(request.actor):
        raise PermissionDenied
    today = timezone.localdate()
    context = {"waiting": coming_back_queries.to_accept(), "owing": coming_back_due.overview(today), "today": today}
    return render(request, "conferences/account/due.html", context)


def _report(request: HttpRequest, uid: str) -> WrittenReport:
    trips = trip_moves.loaded(Trip.objects.all())
    found = get_object_or_404(WrittenReport.objects.select_related("author"), trip__uid=uid)
    found.trip = trips.get(pk=found.trip_id)
    if not may_see_written(request.actor, found):
        raise Http404
    return found


def _initial(found: WrittenReport | None) -> dict[str, object]:
    if found is None:
        return {"language": get_language() or "kk"}
    return {name: getattr(found, name) for name in written_reports.FIELDS} | {"seen": written_reports.mark(found)}


def _form(
    request: HttpRequest, trip: Trip, form: WrittenForm, found: WrittenReport | None, status: int = 200
) -> HttpResponse:
    context = {"trip": trip, "form": form, "report": found, "trail": trail_to(trip), "stale": status == 409}
    return render(request, "conferences/written/write.html", context, status=status)
