"""What a card of the catalogue says about a run to the person who looks.

Four queries for a page of cards, and three more for somebody who is signed in.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from courses import queries
from courses.calendars import place_of
from courses.models import Enrolment, Meeting, Run
from courses.states import LIVE, CourseKind, Format, RunState
from schools.access import Actor
from schools.models import Busy
from schools.states import Language, Role
from schools.wording import as_date

OPEN, FULL, SOON, OVER, PAST = "open", "full", "soon", "over", "past"


@dataclass(frozen=True, slots=True)
class Own:
    """The reader's own application for a run: where it leads, and what its badge is made of."""

    uid: str
    state: str
    decider: str
    signup_id: int | None


@dataclass(frozen=True, slots=True)
class Card:
    """A run as plain values, with what is only known of a person: the own application, the first day already taken.

    Cards that are equal look alike in one language on one day, so the page draws each of them once and keeps it.
    """

    uid: str
    title: str
    kind: CourseKind
    hours: int
    format: Format
    language: Language
    country: str
    place: str
    starts_on: date | None
    ends_on: date | None
    opens_on: date | None
    closes_on: date | None
    capacity: int
    taken: int
    queue: int
    stage: str
    approvers: tuple[str, ...]
    outreach: bool = False
    region: str = ""
    mine: Own | None = None
    clash: date | None = None


def cards(ids: list[int], *, actor: Actor, now: datetime, today: date) -> list[Card]:
    """The cards of these runs, in this order."""
    seats = queries.seat_counts(ids)
    runs = {run.pk: run for run in queries.for_cards(Run.objects.filter(pk__in=ids))}
    mine, clashes = {}, {}
    if actor.person_id is not None and ids:
        rows = Enrolment.objects.filter(person_id=actor.person_id, run__in=ids, state__in=LIVE)
        mine = {row.run_id: Own(row.uid, row.state, row.decider, row.signup_id) for row in rows}
        clashes = first_clashes(actor.person_id, set(ids) - mine.keys(), now=now)
    found = []
    for run in (runs[pk] for pk in ids if pk in runs):
        taken, queue = seats.get(run.pk, (0, 0))
        where = stage(run, free=run.capacity - taken, now=now, today=today)
        found.append(_card(run, taken, queue, where, mine.get(run.pk), clashes.get(run.pk)))
    return found


def _card(run: Run, taken: int, queue: int, where: str, mine: Own | None, clash: date | None) -> Card:
    course = run.course
    return Card(
        uid=run.uid,
        title=str(course),
        kind=CourseKind(course.kind),
        hours=course.hours,
        format=Format(course.format),
        language=Language(run.language),
        country=run.country,
        place=place_of(run),
        starts_on=run.starts_on,
        ends_on=run.ends_on,
        opens_on=as_date(run.opens_at) if run.opens_at else None,
        closes_on=as_date(run.closes_at) if run.closes_at else None,
        capacity=run.capacity,
        taken=taken,
        queue=queue,
        stage=where,
        approvers=tuple(str(Role(step.role).label) for step in run.chain.steps.all()),
        outreach=run.outreach,
        region=str(run.region_for or "") if run.outreach else "",
        mine=mine,
        clash=clash,
    )


def stage(run: Run, *, free: int, now: datetime, today: date) -> str:
    """Where a run with so many free places stands for somebody who would like to apply."""
    if run.state == RunState.CLOSED or (run.ends_on is not None and run.ends_on < today):
        return PAST
    if run.is_open(now):
        return OPEN if free > 0 else FULL
    return SOON if run.opens_at is not None and now < run.opens_at else OVER


def first_clashes(person_id: int, run_ids: Collection[int], *, now: datetime) -> dict[int, date]:
    """For each run that meets while the person's time is taken: the first such day. Two queries."""
    meetings = list(
        Meeting.objects.filter(run__in=run_ids, ends_at__gt=now)
        .order_by("starts_at")
        .values_list("run_id", "starts_at", "ends_at", "day")
    )
    if not meetings:
        return {}
    last = max(end for _, _, end, _ in meetings)
    busy = list(Busy.objects.filter(person_id=person_id, end__gt=now, start__lt=last).values_list("start", "end"))
    found: dict[int, date] = {}
    for run_id, start, end, day in meetings:
        if run_id not in found and any(taken < end and until > start for taken, until in busy):
            found[run_id] = as_date(day)
    return found
