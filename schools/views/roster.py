"""Importing a roster: upload, dry run, apply or set aside, and an empty table to fill in."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schools import invitations, roster, workbooks
from schools.answering import attempt
from schools.entry import entry
from schools.errors import Refused
from schools.forms import roster_rows
from schools.forms.roster import ApplyForm, RosterForm
from schools.models import RosterImport
from schools.states import Role
from schools.views.person_facts import people_trail
from schools.views.roster_table import table_row

MANAGERS = (Role.HQ, Role.ADMINISTRATOR)
PAGE_SIZE = 100
PATHS = {"check": "schools:roster_check", "drop": "schools:roster_drop", "empty": "schools:roster_empty"}


@entry(*MANAGERS)
def upload(request: HttpRequest) -> HttpResponse:
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        name, since = form.cleaned_data["file"].name, form.cleaned_data["since"]
        try:
            found = roster.keep(name=name, entries=form.entries, since=since, actor=request.actor)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("schools:roster_check", found.uid)
    waiting = RosterImport.objects.filter(owner=request.actor.person_id, applied_at=None, dropped_at=None)[:5]
    trail = people_trail(request.actor)
    context = {"form": form, "columns": _columns(), "waiting": waiting, "paths": PATHS, "trail": trail}
    return render(request, "schools/roster.html", context, status=422 if form.is_bound else 200)


@entry(*MANAGERS)
def check(request: HttpRequest, uid: str) -> HttpResponse:
    found = _own(request, uid)
    plans = roster.show(roster=found, actor=request.actor)
    counts = {kind.value: sum(one.kind == kind for one in plans) for kind in roster.Kind}
    kind = request.GET.get("kind")
    shown = [one for one in plans if one.kind == kind] if kind in counts else sorted(plans, key=roster.most_urgent)
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "roster": found,
        "trail": [*people_trail(request.actor), (_("Import a roster"), reverse("schools:roster"))],
        "page": page,
        "rows": [table_row(one) for one in page],
        "tabs": _tabs(counts, kind),
        "counts": counts,
        "total": len(plans),
        "form": ApplyForm(initial={"send": True}),
        "does_something": any(counts[key] for key in ("new", "changed", "transfer")),
    }
    return render(request, "schools/roster_check.html", context)


@require_POST
@entry(*MANAGERS)
def apply(request: HttpRequest, uid: str) -> HttpResponse:
    found = _own(request, uid)
    form = ApplyForm(request.POST)
    form.is_valid()
    try:
        added = roster.apply(roster=found, actor=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        found.refresh_from_db()
        return redirect("schools:roster_check", found.uid) if found.is_open else redirect("schools:roster")
    messages.success(request, _("The roster has been applied."))
    if added and form.cleaned_data["send"]:
        job = invitations.send_to_all(people=added, actor=request.actor)
        return redirect("schools:job", job.uid)
    return redirect("schools:people")


@require_POST
@entry(*MANAGERS)
def drop(request: HttpRequest, uid: str) -> HttpResponse:
    attempt(
        request,
        lambda: roster.drop(roster=_own(request, uid), actor=request.actor),
        _("The roster was set aside; nothing was changed."),
    )
    return redirect("schools:roster")


@entry(*MANAGERS)
def empty_table(request: HttpRequest) -> HttpResponse:
    """A workbook with the headings in the reader's language, to be filled in."""
    body = workbooks.one_table(name=_("People"), heads=_columns(), narrowest=22)
    return workbooks.response(body, name="roster.xlsx")


def _columns() -> list[str]:
    language = (translation.get_language() or "kk")[:2]
    return [roster_rows.heading(column, language) for column in roster_rows.HEADINGS]


def _own(request: HttpRequest, uid: str) -> RosterImport:
    """A roster is its owner's to look at: it holds personal data that nobody has decided on yet."""
    found = get_object_or_404(RosterImport, uid=uid, owner=request.actor.person_id)
    if request.method == "GET" and not found.is_open:
        raise Http404
    return found


def _tabs(counts: dict[str, int], kind: str | None) -> list[tuple[str, str, bool, int]]:
    tabs = [(_("All rows"), "?", kind not in counts, sum(counts.values()))]
    return tabs + [
        (str(capfirst(one.label)), f"?kind={one}", kind == one, counts[one]) for one in roster.Kind if counts[one]
    ]
