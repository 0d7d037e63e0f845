"""What a request must have before it is sent. Each fault names the part of the page where it is mended."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _

from conferences.coming_back_queries import unfinished_reports
from conferences.models import Promise, Trip
from conferences.trip_states import PromiseState, TripState
from conferences.trip_time import clashes_of
from schools import wording
from schools.errors import Refused


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands in the way. `part` is basics, travellers, way, estimate or promises.

    `person_id` and `excusable`: a debt of an earlier trip, which HQ may set aside with a reason.
    """

    part: str
    text: str
    person_id: int | None = None
    excusable: bool = False


class NotReady(Refused):
    """The request cannot be sent yet. `faults` say why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(_("Not sent: see what is still missing."))
        self.faults = faults


def faults_of(trip: Trip, *, today: date) -> list[Fault]:
    """Everything that stands in the way, in the order of the page. `trip` is loaded."""
    return [
        *_basics(trip, today),
        *_travellers(trip),
        *_way(trip),
        *_estimate(trip),
        *_promises(trip),
        *_debts(trip, today),
    ]


def debts_of(person_ids: list[int], *, today: date, but: Trip | None = None) -> list[tuple[int, str]]:
    """What people owe from earlier trips: (person, sentence). A report after its day, a promise after its day."""
    found = []
    for row in unfinished_reports(person_ids, today).exclude(trip=but.pk if but else None):
        words = {"city": row.trip.city, "day": wording.short_date(row.trip.ends_on)}
        found.append(
            (row.person_id, _("the report of the trip to %(city)s that ended on %(day)s is not accepted yet") % words)
        )
    broken = Promise.objects.filter(
        person__in=person_ids,
        state=PromiseState.OPEN,
        due_on__lt=today,
        trip__state__in=(TripState.APPROVED, TripState.CLOSED),
    )
    for promise in broken.order_by("due_on", "id"):
        words = {"what": promise.what, "day": wording.short_date(promise.due_on)}
        found.append((promise.person_id, _("the promise «%(what)s» was due on %(day)s") % words))
    return found


def _basics(trip: Trip, today: date) -> list[Fault]:
    found = []
    if trip.starts_on <= today:
        found.append(Fault("basics", _("The trip begins today or earlier: an order has to stand before it.")))
    if trip.edition_id is None and trip.run_id is None and len(trip.purpose.strip()) < 20:
        found.append(Fault("basics", _("Say in a sentence what the trip is for, or choose a conference or a course.")))
    return found


def _travellers(trip: Trip) -> list[Fault]:
    rows = list(trip.travellers.all())
    if not rows:
        return [Fault("travellers", _("Nobody travels yet: name at least one person."))]
    found = []
    for row in rows:
        words = {"name": row.person.full_name}
        if row.refused_at:
            found.append(
                Fault(
                    "travellers",
                    _("%(name)s does not agree to travel: take the name off the list.") % words,
                    row.person_id,
                )
            )
        elif not row.consented_at:
            found.append(Fault("travellers", _("%(name)s has not agreed to travel yet.") % words, row.person_id))
        elif trip.abroad and not row.transfer_consented_at:
            found.append(
                Fault("travellers", _("%(name)s has not agreed to personal data going abroad.") % words, row.person_id)
            )
        if row.school_id and not row.covered_by.strip():
            found.append(
                Fault("travellers", _("Say who covers the library while %(name)s is away.") % words, row.person_id)
            )
    for row, what in clashes_of(trip):
        words = {"name": row.person.full_name, "what": what}
        found.append(Fault("travellers", _("%(name)s has these days taken: %(what)s.") % words, row.person_id))
    return found


def _way(trip: Trip) -> list[Fault]:
    legs = list(trip.legs.all())
    if len(legs) < 2:
        return [Fault("way", _("Write the way there and back: at least two parts."))]
    found = []
    for before, after in pairwise(legs):
        if after.departs_on < before.arrives_on:
            found.append(Fault("way", _("Part %(n)s departs before the one before it arrives.") % {"n": after.order}))
    if legs[0].departs_on != trip.starts_on:
        found.append(Fault("way", _("The way begins on another day than the trip.")))
    if legs[-1].arrives_on != trip.ends_on:
        found.append(Fault("way", _("The way ends on another day than the trip.")))
    if legs[-1].country != "KZ":
        found.append(Fault("way", _("The last part does not lead home.")))
    if trip.abroad and trip.country not in {leg.country for leg in legs}:
        found.append(Fault("way", _("No part leads to the country of the trip.")))
    return found


def _estimate(trip: Trip) -> list[Fault]:
    """Something stands there, and no school pays whose director is not asked."""
    schools = {row.school_id for row in trip.travellers.all()}
    lines = trip.lines.filter(payer_school__isnull=False).exclude(payer_school__in=schools - {None})
    if lines.exists():
        return [Fault("estimate", _("A school pays from which nobody travels: save the estimate again."))]
    return (
        []
        if trip.lines.exists()
        else [Fault("estimate", _("The estimate is empty: write what the trip costs, whoever pays."))]
    )


def _promises(trip: Trip) -> list[Fault]:
    rows = list(trip.promises.all())
    promised = {row.person_id for row in rows}
    early = [
        Fault("promises", _("A promise is kept after the return: choose a later day."))
        for row in rows
        if row.due_on <= trip.ends_on
    ]
    return early[:1] + [
        Fault(
            "promises",
            _("%(name)s promises nothing yet: say what will be passed on, for whom and by when.")
            % {"name": row.person.full_name},
            row.person_id,
        )
        for row in trip.travellers.all()
        if row.person_id not in promised
    ]


def _debts(trip: Trip, today: date) -> list[Fault]:
    excused = set(trip.excuses.values_list("person_id", flat=True))
    names = {row.person_id: row.person.full_name for row in trip.travellers.all()}
    return [
        Fault("travellers", _("%(name)s: %(debt)s.") % {"name": names[pk], "debt": debt}, pk, excusable=True)
        for pk, debt in debts_of(list(names), today=today, but=trip)
        if pk not in excused
    ]
