"""What coordinators do with a run that people are in: the roster, places, moving, calling off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from courses import chain_queries, gates, hand_over_words, moving, running, seats, sharing_seats, waiting
from courses import organise_queries as reads
from courses.forms.run import CapacityForm, ReasonForm
from courses.forms.sheets import MoveSheet, grown
from courses.models import Enrolment, Run
from courses.seat_words import kept_now
from courses.states import RunState
from courses.views.organise_common import ORGANISERS, page_of, run_by, run_tabs, trail_to
from courses.views.organise_roster import dates_of, group_tabs, roster_facts
from schools.answering import status_of
from schools.entry import entry
from schools.errors import Refused

MOST_NAMES = 12


@entry(*ORGANISERS)
def run_page(request: HttpRequest, uid: str) -> HttpResponse:
    return _roster(request, run_by(uid), None)


def _roster(request: HttpRequest, run: Run, form: CapacityForm | None, status: int = 200) -> HttpResponse:
    counts = reads.roster_counts(run)
    group = request.GET.get("show", "")
    group = group if group in counts else next((name for name, count in counts.items() if count), "seated")
    draft, published = run.state == RunState.DRAFT, run.state == RunState.PUBLISHED
    given = seats.tally(run, now=timezone.now())
    page = page_of(request, reads.roster(run, reads.GROUPS[group]))
    hand_over_words.mark(page)
    context = {
        "run": run,
        "form": form or CapacityForm(initial={"capacity": run.capacity}),
        "group": group,
        "groups": group_tabs(run, counts, group),
        "has_people": any(counts.values()),
        "page": page,
        "clashing": reads.people_who_clash(run) if published else set(),
        "facts": roster_facts(run),
        "named": chain_queries.sources_of(run, every=True),
        "tree": chain_queries.led_to(run, drafts=True),
        "run_words": dates_of(run),
        "missing": [text for _field, text in gates.run_faults(run)] if draft else [],
        "warnings": [*gates.run_warnings(run), *sharing_seats.warnings(run, given)] if draft or published else [],
        "kept": kept_now(given),
        "tabs": run_tabs(run, "run"),
        "trail": trail_to(run=run),
    }
    return render(request, "courses/organise/run.html", context, status=status)


@require_POST
@entry(*ORGANISERS)
def run_capacity(request: HttpRequest, uid: str) -> HttpResponse:
    run, form = run_by(uid), CapacityForm(request.POST)
    if not form.is_valid():
        return _roster(request, run, form, status=422)
    waiting.set_capacity(run=run, capacity=form.cleaned_data["capacity"], actor=request.actor)
    messages.success(request, _("The number of places is saved."))
    return redirect("courses:organise_run", uid=uid)


@entry(*ORGANISERS)
def run_move(request: HttpRequest, uid: str) -> HttpResponse:
    """Type the new dates, look at whom they touch, then do it. Each step keeps what was typed."""
    run = run_by(uid)
    if request.method != "POST":
        return _move_page(request, run, MoveSheet(run=run))
    seen, deed = request.POST.get("seen", ""), request.POST.get("deed", "")
    if request.POST.get("add") == "meetings":
        return _move_page(request, run, MoveSheet(grown(request.POST, "meetings"), run=run).hush(), seen=seen)
    sheet = MoveSheet(request.POST, run=run)
    if deed == "back":
        return _move_page(request, run, sheet.hush(), seen=seen)
    if deed == "shift":
        sheet.form.is_valid()
        return _move_page(request, run, MoveSheet.shifted(sheet), seen=seen)
    if not sheet.is_valid():
        return _move_page(request, run, sheet, status=422, seen=seen)
    return _moved(request, run, sheet, seen, sure=deed == "confirm")


def _moved(request: HttpRequest, run: Run, sheet: MoveSheet, seen: str, *, sure: bool) -> HttpResponse:
    verb = moving.move_run if sure else moving.preview_move
    schedule, reason = sheet.schedule(), sheet.form.cleaned_data["reason"]
    try:
        clashing = verb(run=run, schedule=schedule, actor=request.actor, reason=reason, seen=seen)
    except Refused as refusal:
        sheet.show(refusal)
        return _move_page(request, run_by(run.uid), sheet, status=status_of(refusal))
    if not sure:
        return _ask(request, run, sheet, clashing)
    messages.success(request, _("The run has new dates. Everybody in it gets a letter."))
    if clashing:
        names = ", ".join(row.person.short_name for row in clashing[:MOST_NAMES])
        text = ngettext(
            "New dates clash for %(n)s person: %(names)s", "New dates clash for %(n)s people: %(names)s", len(clashing)
        )
        messages.warning(request, text % {"n": len(clashing), "names": names})
    return redirect("courses:organise_run", uid=run.uid)


def _ask(request: HttpRequest, run: Run, sheet: MoveSheet, clashing: list[Enrolment]) -> HttpResponse:
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {
        "run": run,
        "schedule": sheet.schedule(),
        "reason": sheet.form.cleaned_data["reason"],
        "clashing": clashing,
        "affected": reads.affected(run),
        "typed": [(name, value) for name, value in typed if name not in ("csrfmiddlewaretoken", "deed", "add")],
        "trail": trail_to(run=run),
    }
    return render(request, "courses/organise/run_move_confirm.html", context)


def _move_page(
    request: HttpRequest, run: Run, sheet: MoveSheet, status: int = 200, seen: str | None = None
) -> HttpResponse:
    context = {
        "run": run,
        "sheet": sheet,
        "seen": running.version(run) if seen is None else seen,
        "affected": reads.affected(run),
        "tabs": run_tabs(run, "move"),
        "trail": trail_to(run=run),
    }
    return render(request, "courses/organise/run_move.html", context, status=status)


@entry(*ORGANISERS)
def run_cancel(request: HttpRequest, uid: str) -> HttpResponse:
    run = run_by(uid)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            count = moving.cancel_run(run=run, actor=request.actor, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            text = ngettext(
                "The run is called off. %(n)s person gets a letter.",
                "The run is called off. %(n)s people get a letter.",
                count,
            )
            messages.success(request, text % {"n": count})
            return redirect("courses:organise_run", uid=uid)
    context = {"run": run, "form": form, "affected": reads.affected(run)}
    context |= {"tabs": run_tabs(run, "cancel"), "trail": trail_to(run=run)}
    return render(request, "courses/organise/run_cancel.html", context, status=422 if form.errors else 200)
