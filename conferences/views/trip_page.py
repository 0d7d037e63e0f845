"""One trip, as everybody who may open it sees it: what is asked, how far it is, and what the reader can do."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import delegation_queries, trip_access, trip_differences, trip_gates, trip_timeline, trip_words
from conferences.forms.trip import AgreeForm, ExcuseForm, NoteForm, TripVerdict
from conferences.models import Trip
from conferences.money import shown
from conferences.stand_in_queries import word_for
from conferences.trip_contents import Difference
from conferences.trip_states import CHANGEABLE, TRIP_MOVES, TripPart, TripState, TripVerb
from conferences.views.trip_common import trail_to
from courses.countries import COUNTRIES
from schools import wording
from schools.access import Actor


def page_of(
    request: HttpRequest,
    trip: Trip,
    *,
    status: int = 200,
    problem: str = "",
    agree_form: Form | None = None,
    verdict_form: TripVerdict | None = None,
    differences: list[Difference] | None = None,
) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    owner = trip_access.owns(actor, trip)
    word = word_for(actor, trip)
    context: dict[str, Any] = {
        "trip": trip,
        "title": trip_words.where(trip),
        "facts": _facts(trip),
        "owner": owner,
        "writes": owner and trip.state in CHANGEABLE,
        "problem": problem,
        "faults": trip_gates.faults_of(trip, today=today) if trip.state in CHANGEABLE else [],
        "legs": trip.legs.all(),
        "lines": trip.lines.select_related("traveller__person", "payer_school").prefetch_related("payer_school__names"),
        "without_place": delegation_queries.without_place(trip) if trip_access.watches_trip(actor, trip) else [],
        "promises": trip.promises.select_related("person", "region", "run__course"),
        "excuses": trip.excuses.select_related("person", "given_by"),
        "steps": trip_timeline.steps(trip),
        "seen": trip.changed_at.isoformat(),
        "mine": next((row for row in trip.travellers.all() if row.person_id == actor.person_id), None),
        "agree_form": agree_form or AgreeForm(trip=trip),
        "note_form": NoteForm(auto_id="id_%s_deed"),
        "excuse_form": ExcuseForm() if trip_access.may_excuse(actor, trip) else None,
        "word": word,
        "verdict_form": verdict_form or (TripVerdict(initial={"version": trip.version}) if word else None),
        "differences": trip_differences.in_words(differences or []),
        "trail": trail_to(),
        **_deeds(actor, trip, today >= trip.starts_on),
    }
    return render(request, "conferences/trips/trip.html", context, status=status)


def _deeds(actor: Actor, trip: Trip, begun: bool) -> dict[str, bool]:
    part = trip_access.part_of(actor, trip)
    may = {
        verb: trip.state in TRIP_MOVES[verb].sources and part in TRIP_MOVES[verb].who
        for verb in (TripVerb.AMEND, TripVerb.WITHDRAW, TripVerb.CANCEL)
    }
    late = trip.state == TripState.APPROVED and begun
    return {
        "may_take_back": may[TripVerb.AMEND] and not late,
        "may_withdraw": may[TripVerb.WITHDRAW],
        "may_call_off": may[TripVerb.CANCEL] and (not late or part == TripPart.COORDINATOR),
    }


def _facts(trip: Trip) -> list[tuple[str, object]]:
    rows = [
        (_("Conference"), str(trip.edition or "")),
        (_("Presentation"), str(trip.presentation or "")),
        (_("Course"), str(trip.run.course) if trip.run else ""),
        (_("Place"), f"{trip.city}, {COUNTRIES.get(trip.country, trip.country)}"),
        (_("Dates"), wording.date_range(trip.starts_on, trip.ends_on)),
        (_("Visa"), _("needed") if trip.needs_visa else _("not needed")),
        (_("Requested by"), trip.requester.full_name),
        (_("Estimate"), shown(trip.total) if trip.total else ""),
        (_("Order"), f"№ {trip.order_year}/{trip.order_number}" if trip.order_number else ""),
    ]
    return [row for row in rows if row[1]]
