"""What a request says, word for word, as one version of it; and how two versions differ."""

from dataclasses import dataclass
from typing import Any

from conferences.models import EstimateLine, Leg, Promise, Traveller, Trip, TripVersion
from schools.access import Actor

Content = dict[str, Any]
ROWS = {"travellers": "person", "legs": "order", "lines": "order", "promises": "order"}
"""Lists of a version, and what tells their rows apart."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed. `part` is the list or «», `row` the words that name the row, `field` what changed."""

    part: str
    row: str
    field: str
    old: object
    new: object


def of(trip: Trip) -> Content:
    """All that is approved when this trip is. Names go in as they are on the day; keys tell who was meant."""
    return {
        "purpose": trip.purpose,
        "conference": str(trip.edition or ""),
        "presentation": str(trip.presentation or ""),
        "run": str(trip.run or ""),
        "city": trip.city,
        "country": trip.country,
        "starts_on": trip.starts_on.isoformat(),
        "ends_on": trip.ends_on.isoformat(),
        "needs_visa": trip.needs_visa,
        "total": trip.total,
        "travellers": [_traveller(row) for row in trip.travellers.all()],
        "legs": [_leg(row) for row in trip.legs.all()],
        "lines": [_line(row) for row in trip.lines.select_related("traveller__person", "payer_school")],
        "promises": [
            _promise(row, order) for order, row in enumerate(trip.promises.select_related("person", "region"), start=1)
        ],
    }


def _traveller(row: Traveller) -> Content:
    return {
        "person": row.person_id,
        "name": row.person.full_name,
        "school": row.school.short_name() if row.school else "",
        "role": row.role,
        "covered_by": row.covered_by,
    }


def _leg(leg: Leg) -> Content:
    return {
        "order": leg.order,
        "name": f"{leg.origin} – {leg.destination}",
        "departs_on": leg.departs_on.isoformat(),
        "arrives_on": leg.arrives_on.isoformat(),
        "country": leg.country,
        "means": leg.means,
    }


def _line(line: EstimateLine) -> Content:
    return {
        "order": line.order,
        "name": line.what,
        "traveller": line.traveller.person.full_name if line.traveller else "",
        "kind": line.kind,
        "sum": [line.amount, line.currency],
        "rate": line.rate,
        "rate_on": line.rate_on.isoformat(),
        "tenge": line.tenge,
        "payer": line.payer,
        "payer_school": line.payer_school.code if line.payer_school else "",
    }


def _promise(row: Promise, order: int) -> Content:
    return {
        "order": order,
        "name": row.what,
        "person": row.person.full_name,
        "kind": row.kind,
        "audience": row.audience,
        "region": row.region.iso if row.region else "",
        "due_on": row.due_on.isoformat(),
    }


def keep(trip: Trip, *, actor: Actor) -> TripVersion:
    """Write the next version of the trip, inside the caller's transaction; `trip.version` becomes its number."""
    assert actor.person_id is not None, "only people send requests"
    trip.version += 1
    return TripVersion.objects.create(trip=trip, number=trip.version, content=of(trip), made_by_id=actor.person_id)


def differences(old: Content, new: Content) -> list[Difference]:
    """What changed from one version to the other, in the order of a version's parts."""
    found = []
    for field in new:
        if field in ROWS:
            found += _rows(field, old.get(field, []), new[field])
        elif old.get(field) != new[field]:
            found.append(Difference("", "", field, old.get(field), new[field]))
    return found


def _rows(part: str, old: list[Content], new: list[Content]) -> list[Difference]:
    key = ROWS[part]
    before, after = {row[key]: row for row in old}, {row[key]: row for row in new}
    found = []
    for pk in [*before, *(pk for pk in after if pk not in before)]:
        was, now = before.get(pk), after.get(pk)
        name = str((now or was or {}).get("name", ""))
        if was is None or now is None:
            found.append(Difference(part, name, "", was and _whole(was), now and _whole(now)))
            continue
        found += [
            Difference(part, name, field, was.get(field), now[field]) for field in now if was.get(field) != now[field]
        ]
    return found


def _whole(row: Content) -> str:
    """A row that came or went, by its name."""
    return str(row.get("name") or row.get("kind") or "")
