"""Coordinators set how the seats of a run are shared: limits, promises, held seats, when they go to all, the clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import gates, held_queries, plans, seats, waiting
from courses.gates import Fault
from courses.models import Run, SeatShare
from courses.organising import changed_by_another
from courses.running import refuse_finished, refuse_strangers
from courses.seat_rules import Rules, Share, Tally
from schools import audit
from schools.access import Actor
from schools.errors import Stale
from schools.models import Region, School

FACTS = ("school_limit", "region_limit", "offer_hours", "merge_at", "hold_limit")


@dataclass(frozen=True, slots=True)
class SharePlan:
    """The rules of one school or region as they shall be."""

    whose: School | Region
    floor: int = 0
    cap: int | None = None
    held: int = 0

    @property
    def school(self) -> School | None:
        return self.whose if isinstance(self.whose, School) else None

    @property
    def region(self) -> Region | None:
        return self.whose if isinstance(self.whose, Region) else None

    @property
    def says_something(self) -> bool:
        return bool(self.floor or self.held) or self.cap is not None

    def __str__(self) -> str:
        return self.whose.short_name() if isinstance(self.whose, School) else self.whose.name


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """The rules of a run as they shall be: each school and region at most once."""

    school_limit: int | None
    region_limit: int | None
    offer_hours: int
    merge_at: datetime | None
    hold_limit: int
    shares: tuple[SharePlan, ...] = ()


def set_rules(*, run: Run, plan: SeatPlan, seen: str, actor: Actor) -> Run:
    """Write the rules; `seen` is the `version` that the organiser saw. What they set free goes to those who wait.

    Nobody loses a seat by it. Raises Refused for strangers and for a run that is over, Stale if the rules changed
    in between, Incomplete with each rule that cannot be kept.
    """
    refuse_strangers(actor)
    with transaction.atomic():
        run = seats.lock_run(run.pk)
        before = _snapshot(run)
        if plans.version(before) != seen:
            raise Stale(changed_by_another())
        refuse_finished(run)
        for name in FACTS:
            setattr(run, name, getattr(plan, name))
        gates.refuse_disorder(run)
        gates.refuse_incomplete(list(_faults(run, plan)), _("Not saved: these rules cannot all be kept."))
        run.save(update_fields=list(FACTS))
        _write(run, plan.shares)
        changes = plans.differences(before, _snapshot(run))
        if changes:
            audit.record(actor=actor, verb="run.seats", subject=run, changes=changes)
    waiting.fill(run_id=run.pk)
    return run


def version(run: Run) -> str:
    """What an organiser saw, as a token for `set_rules`."""
    return plans.version(_snapshot(run))


def warnings(run: Run, given: Tally) -> list[str]:
    """What an organiser should look at: more is promised than can be kept now, or it is kept for ever."""
    texts, kept = [], given.kept()
    if kept > given.free:
        text = _(
            "Kept for schools and regions: %(kept)s. Free: %(free)s. Nobody loses a place: what becomes free is kept."
        )
        texts.append(text % {"kept": kept, "free": given.free})
    if kept and run.kept_until is None:
        texts.append(_("Nothing says when the places that are kept go to all: set a day under “Places”."))
    return texts


def _snapshot(run: Run) -> plans.Snapshot:
    rows = run.shares.select_related("school", "region").order_by("id")
    return {**plans.facts_of(run, FACTS), "shares": [plans.share_line(row) for row in rows]}


def _write(run: Run, shares: Sequence[SharePlan]) -> None:
    """Rows that stay the same stay; the others are written anew."""
    wanted = {(one.school, one.region): one for one in shares if one.says_something}
    for row in run.shares.select_related("school", "region"):
        plan = wanted.pop((row.school, row.region), None)
        if plan is None:
            row.delete()
        elif (row.floor, row.cap, row.held) != (plan.floor, plan.cap, plan.held):
            row.floor, row.cap, row.held = plan.floor, plan.cap, plan.held
            row.save(update_fields=["floor", "cap", "held"])
    SeatShare.objects.bulk_create(
        SeatShare(run=run, school=one.school, region=one.region, floor=one.floor, cap=one.cap, held=one.held)
        for one in wanted.values()
    )


def _faults(run: Run, plan: SeatPlan) -> Iterator[Fault]:
    """Rules that contradict each other, the places there are, or what was given by them."""
    yield from _over_cap(run, plan)
    yield from _names_without_place(run, plan)
    if run.intake and run.intake.by_allocation and (run.hold_limit or any(one.held for one in plan.shares)):
        yield "hold_limit", _("Places of this run are allocated: promise places to schools instead of holding them.")
    kept = Tally(_as_rules(run, plan)).kept()
    if kept > run.capacity:
        text = _("Promised and held are %(kept)s places in all, but the run has %(capacity)s.")
        yield "", text % {"kept": kept, "capacity": run.capacity}


def _over_cap(run: Run, plan: SeatPlan) -> Iterator[Fault]:
    text = _("%(name)s: promised and held are %(kept)s places, the most is %(most)s.")
    inside: dict[int, int] = {}
    for one in plan.shares:
        if one.school:
            most = run.school_limit if one.cap is None else one.cap
            inside[one.school.region_id] = inside.get(one.school.region_id, 0) + one.floor + one.held
            if most is not None and one.floor + one.held > most:
                yield "schools", text % {"name": one, "kept": one.floor + one.held, "most": most}
    regions = {one.region.pk: one for one in plan.shares if one.region}
    for region in Region.objects.filter(pk__in={*inside, *regions}).order_by("pk"):
        own = regions.get(region.pk)
        most = run.region_limit if own is None or own.cap is None else own.cap
        kept = max(inside.get(region.pk, 0), own.floor if own else 0)
        if most is not None and kept > most:
            yield "regions", text % {"name": region.name, "kept": kept, "most": most}


def _names_without_place(run: Run, plan: SeatPlan) -> Iterator[Fault]:
    names = held_queries.named(run)
    held = {one.school.pk: one.held for one in plan.shares if one.school}
    for school in School.objects.filter(pk__in=names).prefetch_related("names").order_by("pk"):
        count = names[school.pk]
        if count > held.get(school.pk, 0):
            text = ngettext(
                "%(name)s: %(n)s held place has a name already, so at least as many stay held.",
                "%(name)s: %(n)s held places have names already, so at least as many stay held.",
                count,
            )
            yield "schools", text % {"name": school.short_name(), "n": count}


def _as_rules(run: Run, plan: SeatPlan) -> Rules:
    schools: dict[int, Any] = {
        one.school.pk: Share(one.floor, one.cap, one.held, one.school.region_id) for one in plan.shares if one.school
    }
    regions = {one.region.pk: Share(one.floor, one.cap) for one in plan.shares if one.region}
    return Rules(run.capacity, run.school_limit, run.region_limit, schools, regions)
