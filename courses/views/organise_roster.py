"""One applicant in the organiser's hands: withdraw, or a place out of turn. And what the roster shows."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from courses import (
    access,
    calendars,
    commitments,
    enrolling,
    hand_over_words,
    organise_queries,
    queries,
    seats,
    timeline,
    waiting,
)
from courses.forms.enrolling import NoteForm
from courses.forms.run import OverrideForm
from courses.from_where import with_origin
from courses.models import Enrolment, Run
from courses.people_file import take_away
from courses.seat_words import OUT_OF_TURN, kept_now
from courses.states import EnrolmentState, RunState
from courses.views.organise_common import ORGANISERS, Trail, run_by, trail_to
from schools import wording, workbooks
from schools.answering import status_of
from schools.entry import entry
from schools.errors import Refused


def group_tabs(run: Run, counts: dict[str, int], here: str) -> list[tuple[str, str, bool, int]]:
    """The groups of a roster as tabs with their counts."""
    url = reverse("courses:organise_run", args=[run.uid])
    labels = {
        "seated": _("With a place"),
        "waiting": _("Waiting list"),
        "considered": _("Under consideration"),
        "gone": _("No longer"),
    }
    return [(label, f"{url}?show={name}", name == here, counts[name]) for name, label in labels.items()]


def roster_facts(run: Run) -> list[tuple[str, object]]:
    """The run in short, for those who organise it."""
    return [
        (_("Dates"), dates_of(run)),
        (_("Venue"), calendars.place_of(run)),
        (_("Time zone"), run.zone if run.zone != "Asia/Almaty" else ""),
        (_("Language of instruction"), run.get_language_display()),
        (_("Approval"), run.chain.name),
        (_("Open to staff of any school"), _("Yes") if run.outreach else ""),
        (pgettext("of the country", "Region"), run.region_for if run.outreach else ""),
        (_("Most people of one school"), run.school_limit or ""),
        (_("Trainers"), ", ".join(str(row) for row in run.trainers.all())),
        (_("Contact person"), run.contact.full_name if run.contact else ""),
    ]


def dates_of(run: Run) -> str:
    return wording.date_range(run.starts_on, run.ends_on) if run.starts_on else _("Dates to be announced")


@require_safe
@entry(*ORGANISERS)
def people_file(request: HttpRequest, uid: str) -> HttpResponse:
    """Everybody who applied, of all groups, as a table to take away, in the language of the page."""
    run = run_by(uid)
    name, body = take_away(run, organise_queries.roster(run), actor=request.actor)
    return workbooks.response(body, name=name)


def _applicant(uid: str) -> Enrolment:
    return get_object_or_404(queries.with_moves(with_origin(queries.for_enrolment_page())), uid=uid)


@entry(*ORGANISERS)
def applicant(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, _applicant(uid))


def _page(request: HttpRequest, row: Enrolment, status: int = 200, **forms: object) -> HttpResponse:
    hand_over_words.mark([row])
    may_override = row.state == EnrolmentState.WAITING and row.run.state == RunState.PUBLISHED
    context = {
        "enrolment": row,
        "run": row.run,
        "steps": timeline.steps(row),
        "place_in_queue": queries.place_in_queue(row),
        "clashes": queries.run_clashes(person=row.person, run=row.run),
        "may_withdraw": access.may_withdraw(request.actor, row),
        "may_override": may_override,
        **(_seats_for(row) if may_override else {}),
        "commitments": commitments.words(commitments.of(row.person_id, on=timezone.localdate())),
        "withdraw_form": NoteForm(auto_id="withdraw_%s"),
        "override_form": OverrideForm(),
        "trail": _trail(row),
        **forms,
    }
    return render(request, "courses/organise/applicant.html", context, status=status)


def _seats_for(row: Enrolment) -> dict[str, object]:
    """How the seats stand, and what keeps this person from one: first what no reason overcomes."""
    given, whence = seats.tally(row.run, now=timezone.now()), seats.where(row)
    obstacle = given.why_not(whence, caps=False) or given.why_not(whence, held=row.of_held)
    return {"given": given, "kept": kept_now(given), "obstacle": OUT_OF_TURN[obstacle] if obstacle else ""}


def _trail(row: Enrolment) -> Trail:
    return [*trail_to(run=row.run), (_("People"), reverse("courses:organise_run", args=[row.run.uid]))]


def _act(
    request: HttpRequest,
    uid: str,
    name: str,
    form: NoteForm | OverrideForm,
    deed: Callable[[Enrolment], object],
    done: str,
) -> HttpResponse:
    """Validate, do one deed, and go back to the roster; a refusal comes back with what was typed."""
    row = _applicant(uid)
    if not form.is_valid():
        return _page(request, row, status=422, **{name: form})
    try:
        deed(row)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, _applicant(uid), status=status_of(refusal), **{name: form})
    messages.success(request, f"{row.person.full_name}: {done}")
    return redirect("courses:organise_run", uid=row.run.uid)


@require_POST
@entry(*ORGANISERS)
def withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    form = NoteForm(request.POST, auto_id="withdraw_%s")

    def deed(row: Enrolment) -> object:
        return enrolling.withdraw(enrolment=row, actor=request.actor, note=form.cleaned_data["note"])

    return _act(request, uid, "withdraw_form", form, deed, _("The application has been withdrawn."))


@require_POST
@entry(*ORGANISERS)
def override(request: HttpRequest, uid: str) -> HttpResponse:
    form = OverrideForm(request.POST)

    def deed(row: Enrolment) -> object:
        return waiting.override(enrolment=row, actor=request.actor, **form.cleaned_data)

    return _act(request, uid, "override_form", form, deed, _("The place is confirmed."))
