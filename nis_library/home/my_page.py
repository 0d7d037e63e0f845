"""What stands on a person's own page: what waits, what is next, what has been."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from conferences import promise_queries
from conferences.models import Promise
from courses import claim_queries, hand_over_queries, queries, record, timeline
from courses.calendars import place_of
from courses.models import Enrolment, HandOver, Meeting, Run
from courses.record import Record
from courses.states import EnrolmentState
from nis_library.home.greeting import greeting, lead
from nis_library.home.shortcuts import Shortcut, shortcuts
from schools import norms
from schools.access import Actor
from schools.models import Person
from schools.queries import in_memberships
from schools.states import Role

SOON = timedelta(days=21)
"""How far the network's offices look ahead."""
TAUGHT_SINCE = timedelta(days=21)
"""A trainer sees a run for so long after its end: there are results to decide."""
SHOWN_DECISIONS, SHOWN_DATES = 5, 5
UNDER_WAY = (EnrolmentState.PENDING, EnrolmentState.POOLED, EnrolmentState.WAITING)


@dataclass(frozen=True, slots=True)
class NextDate:
    """The next meeting of a run in which the reader has a seat, in the time of its place.

    `ahead` counts the meetings of that run that are still to come.
    """

    run: Run
    starts_at: datetime
    ends_at: datetime
    ahead: int
    place: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """A librarian of the reader's school with the hours of the moving window."""

    person: Person
    hours: int


@dataclass(frozen=True, slots=True)
class Staff:
    """The librarians of the school, those with the fewest hours first; `reached` of them have the target."""

    colleagues: list[Colleague]
    target: int
    years: int
    reached: int


@dataclass(frozen=True, slots=True)
class Network:
    """What the network's offices look at first."""

    starting: list[Run]
    pending: int
    waiting: int
    undecided: int


@dataclass(slots=True)
class MyPage:
    """Everything on the page; a part that is not for the reader stays empty."""

    greeting: str
    lead: str = ""
    decides: bool = False
    decisions: list[Enrolment] = field(default_factory=list)
    decisions_more: int = 0
    nominations: list[Enrolment] = field(default_factory=list)
    returned: list[Enrolment] = field(default_factory=list)
    offers: list[Enrolment] = field(default_factory=list)
    handed: list[HandOver] = field(default_factory=list)
    dates: list[NextDate] = field(default_factory=list)
    dates_more: int = 0
    open: list[Enrolment] = field(default_factory=list)
    newest: Enrolment | None = None
    steps: list[timeline.Step] = field(default_factory=list)
    to_answer: list[Enrolment] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    found: int = 0
    learning: Record | None = None
    teaches: bool = False
    taught: list[Run] = field(default_factory=list)
    staff: Staff | None = None
    network: Network | None = None
    shortcuts: list[Shortcut] = field(default_factory=list)

    @property
    def has_room(self) -> bool:
        """False where the reader's roles have nothing on this page yet."""
        parts = (self.decides, self.teaches, self.network, self.learning, self.dates, self.open)
        waits = (self.offers, self.handed, self.nominations, self.returned, self.to_answer, self.promises, self.found)
        return any(parts) or any(waits)


def of(actor: Actor, *, now: datetime) -> MyPage:
    """The page of the one who looks."""
    today = timezone.localdate(now)
    person = Person.objects.filter(pk=actor.person_id).first() if actor.person_id else None
    page = MyPage(greeting=greeting(person.given_name if person else "", now))
    page.shortcuts = shortcuts(actor)
    page.decides = actor.has(Role.HQ) or bool(actor.schools_led())
    page.teaches = actor.has(Role.TRAINER)
    if page.decides:
        rows = list(queries.to_decide(actor))
        page.decisions, page.decisions_more = rows[:SHOWN_DECISIONS], max(0, len(rows) - SHOWN_DECISIONS)
    if person:
        _own(page, person.pk, now)
        page.promises = list(promise_queries.owed(actor))
        page.found = claim_queries.offered(person)
        page.learning = _learning(person, today, librarian=actor.has(Role.LIBRARIAN))
    if page.teaches and person:
        page.taught = list(queries.taught_by(person.pk, since=today - TAUGHT_SINCE))
    if actor.schools_led():
        page.staff = _staff(actor.schools_led(), today)
    if actor.is_network:
        page.network = Network(
            starting=list(queries.starting_between(today, today + SOON)), **queries.under_way(today=today)
        )
    page.lead = lead(
        offers=len(page.offers) + len(page.handed),
        decisions=len(page.decisions) + page.decisions_more,
        nominations=len(page.nominations),
        returned=len(page.returned),
        dates=len(page.dates) + page.dates_more,
        answers=len(page.to_answer),
        results=sum(run.ends_on is not None and run.ends_on < today for run in page.taught),
    )
    return page


def _own(page: MyPage, person_id: int, now: datetime) -> None:
    """The reader's applications and dates."""
    rows = list(queries.open_enrolments_of(person_id).select_related("nominated_by"))
    page.nominations = [row for row in rows if row.state == EnrolmentState.NOMINATED]
    page.returned = [row for row in rows if row.state == EnrolmentState.RETURNED]
    page.offers = [row for row in rows if row.state == EnrolmentState.OFFERED]
    page.handed = list(hand_over_queries.asked_of(person_id).filter(until__gt=now))
    page.open = [row for row in rows if row.state in UNDER_WAY]
    page.to_answer = list(queries.to_answer(person_id, today=timezone.localdate(now)))
    dates = next_dates(list(queries.next_meetings(person_id, now=now)))
    page.dates, page.dates_more = dates[:SHOWN_DATES], max(0, len(dates) - SHOWN_DATES)
    newest = next(iter([*page.offers, *page.open, *page.returned, *page.nominations]), None)
    if newest:
        page.newest = queries.with_moves(queries.for_enrolment_page()).get(pk=newest.pk)
        page.steps = timeline.steps(page.newest)


def next_dates(meetings: list[Meeting]) -> list[NextDate]:
    """The first of the coming meetings of each run."""
    ahead: dict[int, int] = {}
    for meeting in meetings:
        ahead[meeting.run_id] = ahead.get(meeting.run_id, 0) + 1
    found: dict[int, NextDate] = {}
    for meeting in meetings:
        if meeting.run_id not in found:
            zone = ZoneInfo(meeting.run.zone)
            found[meeting.run_id] = NextDate(
                run=meeting.run,
                starts_at=meeting.starts_at.astimezone(zone),
                ends_at=meeting.ends_at.astimezone(zone),
                ahead=ahead[meeting.run_id],
                place=place_of(meeting.run),
            )
    return list(found.values())


def _learning(person: Person, today: date, *, librarian: bool) -> Record | None:
    """None for those who are no librarians and have completed nothing."""
    if not librarian and not queries.finished_count(person.pk):
        return None
    return record.of(person, on=today)


def _staff(schools: Collection[int], today: date) -> Staff:
    people = list(
        Person.objects.filter(in_memberships(today, role=Role.LIBRARIAN, school__in=schools), archived_at=None)
    )
    hours = queries.hours_by_person([person.pk for person in people], today)
    target = norms.value("target_hours", on=today)
    colleagues = sorted((Colleague(person, hours.get(person.pk, 0)) for person in people), key=lambda row: row.hours)
    return Staff(
        colleagues=colleagues,
        target=target,
        years=norms.value("target_years", on=today),
        reached=sum(row.hours >= target for row in colleagues),
    )
