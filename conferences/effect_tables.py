"""The rows behind each number of the chain of effect: for the page, and to take away as XLSX or CSV."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conferences import effect_queries as reads
from conferences.effect_queries import Effect, Seminar
from conferences.models import Promise, Trip
from conferences.trip_states import PromiseState
from courses.calendars import place_of
from schools import wording
from schools.access import Actor, leads, may_see_person
from schools.models import Region, School
from schools.workbooks import Cell

TENGE = 100
"""Tiyn."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row; `url` is where its first cell leads."""

    cells: Sequence[Cell]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    heads: Sequence[str]
    lines: Sequence[Line]
    numbers: Collection[int] = ()
    """Columns (from 0) that hold numbers."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, on which day, and at which region alone, where one is chosen."""

    actor: Actor
    today: date
    costs: bool
    region: Region | None = None


def trips(effect: Effect, reader: Reader) -> Table:
    heads = [_("Trip"), _("First day"), _("Last day"), _("Delegation"), _("Seminars")]
    held: dict[int, int] = {}
    for row in effect.held:
        held[row.trip] = held.get(row.trip, 0) + 1
    lines = [
        Line(
            [*_trip(trip, reader), held.get(trip.pk, 0), *([effect.cost.of(trip.pk) // TENGE] if reader.costs else [])],
            reverse("conferences:effect_of", args=["trip", trip.uid]),
        )
        for trip in effect.trips
    ]
    costs = [_("Cost, tenge")] if reader.costs else []
    return Table(_("Trips"), [*heads, *costs], lines, numbers=(4, 5))


def _trip(trip: Trip, reader: Reader) -> list[Cell]:
    name = (
        f"{trip.edition}, {trip.city}" if trip.edition else f"{trip.run.course}, {trip.city}" if trip.run else trip.city
    )
    return [name, wording.short_date(trip.starts_on), wording.short_date(trip.ends_on), delegation(trip, reader.actor)]


def delegation(trip: Trip, actor: Actor) -> str:
    """Names for those who may see people, for the others how many went and from where."""
    rows = list(trip.travellers.all())
    own = any(row.person_id == actor.person_id for row in rows)
    if own or all(may_see_person(actor, row.person_id, row.school_id) for row in rows):
        return ", ".join(row.person.short_name for row in rows)
    schools = {row.school.short_name() for row in rows if row.school}
    return f"{len(rows)}: {', '.join(sorted(schools))}" if schools else str(len(rows))


def promises(effect: Effect, reader: Reader) -> Table:
    heads = [_("What about"), _("Kind"), _("For whom"), _("Who promises"), _("By when"), _("Status"), _("Kept by")]
    school = {(trip.pk, row.person_id): row.school_id for trip in effect.trips for row in trip.travellers.all()}
    lines = [
        Line(
            [
                row.what,
                capfirst(row.get_kind_display()),
                _audience(row),
                _promiser(row, reader.actor, school.get((row.trip_id, row.person_id))),
                wording.short_date(row.due_on),
                standing(row, reader.today),
                str(row.run.course) if row.run else "",
            ]
        )
        for row in effect.promises
    ]
    return Table(_("Promises"), heads, lines)


def _audience(row: Promise) -> str:
    return capfirst(f"{row.get_audience_display()}: {row.region}" if row.region else row.get_audience_display())


def _promiser(row: Promise, actor: Actor, school_id: int | None) -> str:
    may = may_see_person(actor, row.person_id, school_id) or leads(actor, school_id)
    return row.person.short_name if may else "—"


def standing(row: Promise, today: date) -> str:
    """Where a promise stands, in a word."""
    if row.state == PromiseState.OPEN and row.due_on < today:
        return pgettext("promise", "overdue")
    return row.get_state_display()


def seminars(effect: Effect, reader: Reader) -> Table:
    return _seminars(_("Seminars"), effect.first_held)


def later(effect: Effect, reader: Reader) -> Table:
    return _seminars(_("Second generation"), effect.later_held)


def _seminars(title: str, rows: Sequence[Seminar]) -> Table:
    heads = [_("Seminar"), _("Date"), _("Place"), _("Generation"), _("People"), _("Schools"), _("Regions")]
    lines = [
        Line(
            [
                str(row.run.course),
                wording.short_date(row.run.starts_on) if row.run.starts_on else "",
                place_of(row.run),
                row.generation,
                row.reach.people,
                row.reach.schools,
                row.reach.regions,
            ],
            reverse("courses:run", args=[row.run.uid]),
        )
        for row in rows
    ]
    return Table(title, heads, lines, numbers=(3, 4, 5, 6))


def schools(effect: Effect, reader: Reader) -> Table:
    counts = reads.people_by_school([row.run.pk for row in effect.held])
    found = School.objects.filter(pk__in=counts).select_related("region").prefetch_related("names")
    if reader.region:
        found = found.filter(region=reader.region)
    lines = [Line([row.short_name(), str(row.region), counts[row.pk]]) for row in found]
    lines.sort(key=lambda line: (-int(line.cells[2] or 0), str(line.cells[0])))
    heads = [_("School"), pgettext("of the country", "Region"), _("People")]
    return Table(_("Schools"), heads, lines, numbers=(2,))


def regions(effect: Effect, reader: Reader) -> Table:
    found = Region.objects.filter(pk__in=effect.regions)
    lines = [Line([str(row), effect.regions[row.pk]]) for row in found]
    lines.sort(key=lambda line: (-int(line.cells[1] or 0), str(line.cells[0])))
    return Table(_("Regions"), [pgettext("of the country", "Region"), _("People")], lines, numbers=(1,))


def people(effect: Effect, reader: Reader) -> Table:
    """By name, each once: for the network's offices alone, guests of other schools among them."""
    came: dict[int, list[Cell]] = {}
    for row in reads.those_who_came([one.run.pk for one in effect.held]):
        if reader.region and (row.school is None or row.school.region_id != reader.region.pk):
            continue
        known = came.setdefault(row.person_id, [row.person.full_name, "", "", "", 0])
        known[1] = row.school.short_name() if row.school else ""
        known[2] = str(row.school.region) if row.school else ""
        known[3] = f"{known[3]}; {row.run.course}" if known[3] else str(row.run.course)
        known[4] = int(known[4] or 0) + 1
    heads = [_("Person"), _("School"), pgettext("of the country", "Region"), _("Seminars"), _("Times")]
    return Table(_("People"), heads, [Line(cells) for cells in came.values()], numbers=(4,))


TABLES: dict[str, Callable[[Effect, Reader], Table]] = {
    "trips": trips,
    "promises": promises,
    "seminars": seminars,
    "later": later,
    "schools": schools,
    "regions": regions,
    "people": people,
}
OF_OFFICES = ("people",)
"""Tables with the names of those who came."""


def may_open(actor: Actor, name: str) -> bool:
    """True if there is such a table, and the actor may see it."""
    return name in TABLES and (name not in OF_OFFICES or actor.is_network)
