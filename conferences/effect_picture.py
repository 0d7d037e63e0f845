"""What the pages of the chain of effect show first: figures, the steps of the chain, the map and the tree."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conferences import effect_queries as reads
from conferences.effect_queries import Effect, Seminar
from conferences.effect_scopes import Scope
from conferences.effect_tables import Reader, delegation, may_open, standing
from conferences.models import Promise, Trip
from conferences.money import shown
from conferences.trip_states import PromiseState
from schools import wording
from schools.map_marks import Mark
from schools.models import Region

MOST_TRIPS, MOST_RUNS = 12, 60
"""So much of a tree is drawn; the rows hold all of it."""


@dataclass(frozen=True, slots=True)
class Tile:
    value: object
    label: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A trip of the tree with the seminars under it."""

    trip: Trip
    url: str
    who: str
    promises: Sequence[tuple[Promise, str]]
    report: str
    seminars: Sequence["Twig"]


@dataclass(slots=True)
class Twig:
    seminar: Seminar
    under: list["Twig"] = field(default_factory=list)


def rows_url(scope: Scope, name: str) -> str:
    return reverse("conferences:effect_rows", args=[scope.kind, scope.key, name])


def tiles(scope: Scope, effect: Effect, reader: Reader) -> list[Tile]:
    """Four figures; each leads to its rows where the reader may see them."""
    cost = effect.cost.each(effect.whole.people) if reader.costs else None
    people = rows_url(scope, "people" if may_open(reader.actor, "people") else "schools")
    went = len(effect.travellers)
    found = [
        Tile(went, ngettext("person went", "people went", went), rows_url(scope, "trips"), _trips(len(effect.trips))),
        Tile(
            len(effect.held),
            ngettext("seminar held", "seminars held", len(effect.held)),
            rows_url(scope, "seminars"),
            _later(len(effect.later_held)),
        ),
        Tile(
            effect.whole.people,
            ngettext("person reached", "people reached", effect.whole.people),
            people,
            _("each counted once"),
        ),
    ]
    if cost is not None:
        found.append(Tile(shown(cost), _("for each person reached"), rows_url(scope, "trips"), _how_known(effect)))
    return found


def _trips(count: int) -> str:
    return ngettext("%(n)s trip", "%(n)s trips", count) % {"n": wording.number(count)}


def _later(count: int) -> str:
    words = ngettext("%(n)s of the second generation", "%(n)s of the second generation", count)
    return words % {"n": wording.number(count)} if count else ""


def _how_known(effect: Effect) -> str:
    """Whether the money was accounted for or only foreseen."""
    actual, estimated = len(effect.cost.actual), len(effect.cost.estimated)
    if actual and estimated:
        return _("accounted: %(actual)s, estimated: %(estimated)s") % {"actual": actual, "estimated": estimated}
    return _("as accounted for") if actual else _("by the estimate")


def steps(scope: Scope, effect: Effect, reader: Reader) -> list[dict[str, object]]:
    """The chain in its five steps, for a timeline."""
    told, kept = len(effect.reports), sum(row.state == PromiseState.KEPT for row in effect.promises)
    late = sum(row.state == PromiseState.OPEN and row.due_on < reader.today for row in effect.promises)
    talks = {trip.presentation_id for trip in effect.trips if trip.presentation_id}
    first, later = effect.first_held, effect.later_held
    went = (_trips(len(effect.trips)), _people(len(effect.travellers)), _schools(len(effect.schools)))
    reached = (_people(effect.first.people), _schools(effect.first.schools), _regions(effect.first.regions))
    promised = _promised(len(effect.promises), kept, late)
    return [
        _step(_("Trips"), " · ".join(went), bool(effect.trips)),
        _step(_("Presentations"), str(len(talks)) if talks else _("none yet"), bool(talks)),
        _step(_("Written reports"), _("%(n)s of %(all)s trips") % {"n": told, "all": len(effect.trips)}, bool(told)),
        _step(_("Promises"), promised, bool(effect.promises) and not late, now=bool(late)),
        _step(_("Seminars"), " · ".join((_seminars(len(first)), *reached)) if first else _("none yet"), bool(first)),
        _step(_("Second generation"), _seminars(len(later)) if later else _("none yet"), bool(later)),
    ]


def _step(title: str, note: str, done: bool, *, now: bool = False) -> dict[str, object]:
    return {"title": title, "at": note, "state": "now" if now else "done" if done else "next"}


def _seminars(count: int) -> str:
    return ngettext("%(n)s seminar", "%(n)s seminars", count) % {"n": wording.number(count)}


def _people(count: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": wording.number(count)}


def _schools(count: int) -> str:
    return ngettext("%(n)s school", "%(n)s schools", count) % {"n": wording.number(count)}


def _regions(count: int) -> str:
    return ngettext("%(n)s region", "%(n)s regions", count) % {"n": wording.number(count)}


def _promised(count: int, kept: int, late: int) -> str:
    words = _("%(kept)s of %(all)s kept") % {"kept": kept, "all": count}
    return " · ".join((words, _("overdue: %(n)s") % {"n": late})) if late else words


def marks(scope: Scope, effect: Effect) -> list[Mark]:
    """How many people of each region came, for the map; each leads to the schools there."""
    url = rows_url(scope, "schools")
    found = Region.objects.filter(pk__in=effect.regions).order_by("iso")
    return [Mark(row.iso, str(row), effect.regions[row.pk], f"{url}?region={row.iso}") for row in found]


def lines(effect: Effect) -> list[tuple[str, str]]:
    """From the region of each traveller's school to the region where a seminar was held, as ISO codes."""
    homes = {trip.pk: {row.school.region_id for row in trip.travellers.all() if row.school} for trip in effect.trips}
    pairs = {
        (home, region.pk)
        for row in effect.held
        if (region := row.run.region_for) is not None
        for home in homes.get(row.trip, ())
        if home != region.pk
    }
    names = dict(Region.objects.filter(pk__in={pk for pair in pairs for pk in pair}).values_list("pk", "iso"))
    return sorted((names[start], names[end]) for start, end in pairs)


def tree(effect: Effect, reader: Reader) -> tuple[list[Node], bool]:
    """Trips with what came of them, and whether there is more than is drawn."""
    under, room = reads.branches(effect.seminars), MOST_RUNS
    nodes: list[Node] = []
    cut = len(effect.trips) > MOST_TRIPS
    for trip in effect.trips[:MOST_TRIPS]:
        twigs, room = _twigs(under, ("trip", trip.pk), room)
        cut = cut or room <= 0
        nodes.append(
            Node(
                trip=trip,
                url=reverse("conferences:effect_of", args=["trip", trip.uid]),
                who=delegation(trip, reader.actor),
                promises=[(row, standing(row, reader.today)) for row in effect.promises if row.trip_id == trip.pk],
                report=effect.reports[trip.pk].title if trip.pk in effect.reports else "",
                seminars=twigs,
            )
        )
    return nodes, cut


def _twigs(under: dict[tuple[str, int], list[Seminar]], key: tuple[str, int], room: int) -> tuple[list[Twig], int]:
    found: list[Twig] = []
    for seminar in under.get(key, ()):
        if room <= 0:
            break
        twig = Twig(seminar)
        twig.under, room = _twigs(under, ("run", seminar.run.pk), room - 1)
        found.append(twig)
    return found, room
