"""An allocation becomes true: places, waiting lists, credits and what everybody is told, in one transaction."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses import access, at_work, moves, seats, waiting
from courses.allocating import deadlines_passed, lock_runs, locked_draft
from courses.allocation import credits_of
from courses.allocation_standing import Standing, standing
from courses.gathering import Pool, left_to_name, pooled
from courses.models import Allocation, AllocationOutcome, Enrolment, Intake, Run, SchoolCredit
from courses.queries import spans_of
from courses.states import HOLDING, AllocationState, EnrolmentState, Hindrance, RunState, Verb
from schools import agenda, audit, bell, wording
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person, School

TELL = "courses.tasks.tell_allocation"
S = EnrolmentState


def publish(*, allocation: Allocation, actor: Actor) -> Allocation:
    """Give the places of the proposal, put all others on the waiting lists in its order, and tell everybody.

    Whoever has left, whose time is taken meanwhile, or for whom a run has got too small, waits in the order of the
    result. Waiting numbers are new ones. Free places then go by the lists. Safe to repeat: what is published stays.

    Raises Stale if the proposal was dropped, or an application has come into the pool since it was made.
    """
    if not access.may_manage_courses(actor):
        raise Refused(_("Only coordinators organise courses."))
    with transaction.atomic():
        # What is published already only lacks, at most, the filling of free places.
        if not Allocation.objects.filter(pk=allocation.pk, state=AllocationState.PUBLISHED).exists():
            _publish(allocation, actor)
    for run_id in allocation.intake.runs.order_by("pk").values_list("pk", flat=True):
        waiting.fill(run_id=run_id)
    allocation.refresh_from_db()
    return allocation


def _publish(allocation: Allocation, actor: Actor) -> None:
    now = timezone.now()
    runs, rows = _locked(allocation.intake)
    allocation = locked_draft(allocation)
    stands = standing(allocation)
    day = _Day(runs, rows, stands, pooled(allocation.intake, runs, now=now), now)
    _refuse_outdated(day)
    moves.make_many(list(day.changes()), Verb.ALLOCATE, actor=actor, now=now, told=True)
    AllocationOutcome.objects.bulk_create(day.outcomes(allocation), batch_size=500)
    credits = _write_credits(allocation, stands)
    Intake.objects.filter(pk=allocation.intake_id).update(published_at=now)
    allocation.state, allocation.published_at, allocation.published_by_id = (
        AllocationState.PUBLISHED,
        now,
        actor.person_id,
    )
    allocation.save(update_fields=["state", "published_at", "published_by"])
    facts = {"places": (None, len(day.places)), "credits": (None, len(credits)), "digest": (None, allocation.digest)}
    audit.record(actor=actor, verb="allocation.publish", subject=allocation, changes=facts)
    bell.ring(TELL, allocation.pk)


def _locked(intake: Intake) -> tuple[list[Run], list[Enrolment]]:
    """Everybody in the pool, locked by key, then the runs, then their applications.

    Raises Stale if somebody came into the pool before the locks were there.
    """
    pool = Enrolment.objects.filter(run__intake=intake, state=S.POOLED)
    people = Person.objects.select_for_update(no_key=True).filter(pk__in=pool.values("person")).order_by("pk")
    persons = {person.pk: person for person in people}
    runs = {run.pk: run for run in lock_runs(intake)}
    locked = pool.select_for_update(no_key=True, of=("self",)).select_related("school", "signup")
    rows = list(locked.order_by("wish", "pk"))
    if any(row.person_id not in persons for row in rows):
        raise _come_in()
    for row in rows:
        row.person, row.run = persons[row.person_id], runs[row.run_id]
    return list(runs.values()), rows


def _refuse_outdated(day: "_Day") -> None:
    """Raises Stale if the proposal does not speak of all that awaits the allocation, or of what is no more."""
    if not deadlines_passed(day.runs, day.now):
        raise Stale(_("Applications are coming in again. Make a new proposal after the deadline."))
    if len(set(day.people.values())) != len(day.people):
        raise Stale(_("Two applicants turned out to be one person. Make a new proposal."))
    asked = {day.people[key]: set(one.wishes) for key, one in day.stands.applicants.items() if key in day.people}
    uids = {run.pk: run.uid for run in day.runs}
    for person, wishes in day.pool.wishes.items():
        if person not in day.seated and not {uids[one.run] for one in wishes} <= asked.get(person, set()):
            raise _come_in()
    off = {run.uid for run in day.runs if run.state != RunState.PUBLISHED}
    if off & set(day.stands.places.values()):
        raise Stale(_("A run was called off after the proposal was made. Make a new proposal."))


def _come_in() -> Stale:
    return Stale(
        _("An application was approved after the proposal was made. Make a new proposal, so that it takes part.")
    )


def _write_credits(allocation: Allocation, stands: Standing) -> list[SchoolCredit]:
    """By the places that were decided, edits counted; schools that are not on record carry none."""
    changes = credits_of(stands.inputs.applicants, stands.places)
    schools = School.objects.select_for_update(no_key=True).filter(uid__in=changes).order_by("pk")
    keys = {school.pk: school.uid for school in schools}
    sums = SchoolCredit.objects.filter(school__in=keys).order_by().values_list("school").annotate(total=Sum("change"))
    has = dict(sums)  # as it is now: another allocation may have spent it since the proposal
    rows = [
        SchoolCredit(school_id=pk, allocation=allocation, change=change)
        for pk, uid in keys.items()
        if (change := max(changes[uid], -has.get(pk, 0)))
    ]
    return SchoolCredit.objects.bulk_create(rows)


@dataclass
class _Day:
    """The day of publishing, under all locks: who gets what, and why somebody does not."""

    runs: list[Run]
    rows: list[Enrolment]
    stands: Standing
    pool: Pool
    now: datetime
    places: dict[int, Enrolment] = field(default_factory=dict)
    """Of each person the application that becomes a place."""
    hindrances: dict[str, str] = field(default_factory=dict)
    """By the applicants' keys."""

    def __post_init__(self) -> None:
        keys = Enrolment.objects.filter(uid__in=self.stands.applicants).values_list("uid", "person_id", "pk")
        self.people = {uid: person for uid, person, _pk in keys}
        self.keys = {uid: pk for uid, _person, pk in keys}
        holding = Enrolment.objects.filter(run__in=self.runs, state__in=HOLDING).values_list("run_id", "person_id")
        self.seated = {person for _run, person in holding}
        left = left_to_name(self.runs, self.now)
        self.free = {run.pk: run.capacity for run in self.runs}
        for run, _person in holding:
            self.free[run] -= 1
        self.room = dict(self.free)
        for (run, _school), number in left.items():
            self.room[run] -= max(0, number)
        self.rows_of: dict[int, list[Enrolment]] = defaultdict(list)
        for row in self.rows:
            self.rows_of[row.person_id].append(row)
        known = set(self.people.values())
        held = {one.pk for one in self.pool.named if one.person not in known}
        self.named = {row.person_id: row for row in self.rows if row.pk in held}
        self.roles = at_work.spans_of([row.person_id for row in self.rows if row.signup_id is None])
        self._give()

    def _give(self) -> None:
        """Held places first, then the best first, so that those with most points get what room there is."""
        busy = self._busy()
        for person, row in self.named.items():
            if row.pk in busy or person in self.seated:
                self.hindrances[row.uid] = Hindrance.TIME
            elif self.free[row.run_id] < 1:
                self.hindrances[row.uid] = Hindrance.FULL
            else:
                self.places[person] = row
                self.free[row.run_id] -= 1
        for key in self.stands.ranked:
            run = self.stands.places.get(key)
            if run is None:
                continue
            person = self.people.get(key, 0)
            wanted = next((row for row in self.rows_of[person] if row.run.uid == run), None)
            hindrance = self._hindrance(wanted, busy)
            if hindrance:
                self.hindrances[key] = hindrance
            elif wanted:
                self.places[person] = wanted
                self.room[wanted.run_id] -= 1

    def _hindrance(self, row: Enrolment | None, busy: set[int]) -> str:
        if row is None or row.person_id in self.places or self._has_left(row):
            return Hindrance.LEFT
        if row.pk in busy or row.person_id in self.seated:
            return Hindrance.TIME
        return Hindrance.FULL if self.room[row.run_id] < 1 else ""

    def _has_left(self, row: Enrolment) -> bool:
        """True for who was erased or merged, and for staff whose roles end before the run begins."""
        left = at_work.has_left(self.roles, row.person_id, row.run, today=timezone.localdate(self.now))
        return left or row.person.archived_at is not None

    def _busy(self) -> set[int]:
        """Applications whose dates clash with other confirmed events of the person; one query a run."""
        busy: set[int] = set()
        for run in self.runs:
            mine = [row for row in self.rows if row.run_id == run.pk]
            people = [row.person_id for row in mine]
            taken = agenda.first_clashes(people=people, spans=spans_of(run)) if mine else {}
            busy |= {row.pk for row in mine if row.person_id in taken}
        return busy

    def changes(self) -> Iterator[moves.Change]:
        """Every application of the pool: a place, out because of a place in a parallel run, or the waiting list."""
        for row in self.rows:
            place = self.places.get(row.person_id)
            if place is not None and place.pk == row.pk:
                yield moves.Change(row, S.CONFIRMED)
            elif place is not None or row.person_id in self.seated:
                yield moves.Change(row, S.WITHDRAWN, _parallel(row.person, place))
        for row in self._waiting():
            yield moves.Change(row, S.WAITING)

    def _waiting(self) -> Iterator[Enrolment]:
        """Those without a place, run by run in the order of the result, with their new numbers.

        Whom a coordinator left without a place stands last: the place is not to come back by the list at once.
        """
        rank = {self.people[key]: order for order, key in enumerate(self.stands.ranked) if key in self.people}
        last = len(rank)
        out = {self.people.get(key) for key, edit in self.stands.edits.items() if edit.to_run is None}
        for run in self.runs:
            rows = [row for row in self.rows if row.run_id == run.pk and not self._has_seat(row.person_id)]
            rows.sort(key=lambda row: (row.person_id in out, rank.get(row.person_id, last), row.number))
            for row, number in zip(rows, seats.take_numbers(run, len(rows)) if rows else (), strict=True):
                row.number, row.run = number, run
                yield row

    def _has_seat(self, person: int) -> bool:
        return person in self.places or person in self.seated

    def outcomes(self, allocation: Allocation) -> Iterator[AllocationOutcome]:
        """One row for every applicant, for whoever fills a held place, and for staff who have left since."""
        for key, outcome in self.stands.outcomes.items():
            place = self.places.get(self.people.get(key, 0))
            row = next(iter(self.rows_of[self.people.get(key, 0)]), None)
            written_to = row is not None and row.signup_id is None and row.person.archived_at is None
            yield AllocationOutcome(
                allocation=allocation,
                enrolment_id=self.keys[key],
                run=place.run if place else None,
                told=json.dumps(asdict(outcome), ensure_ascii=False, sort_keys=True),
                edit=self.stands.edits.get(key),
                beside_edit=bool(self.stands.edited_runs & set(self.stands.applicants[key].wishes)),
                hindrance=self.hindrances.get(key, ""),
                told_at=None if written_to else self.now,
            )
        for person, row in self.named.items():
            place = self.places.get(person)
            told = self.now if row.signup_id else None
            yield AllocationOutcome(
                allocation=allocation,
                enrolment=row,
                run=place.run if place else None,
                hindrance=self.hindrances.get(row.uid, ""),
                told_at=told,
            )
        yield from self._of_those_who_left(allocation)

    def _of_those_who_left(self, allocation: Allocation) -> Iterator[AllocationOutcome]:
        """Staff of whom the proposal does not speak, since they had left before it was made: they hear why."""
        spoken_of = {*self.named, *self.people.values()}
        dearest = {row.person_id: row for row in reversed(self.rows) if row.person_id not in spoken_of}
        for row in dearest.values():
            if self._has_left(row) and row.person.archived_at is None:
                yield AllocationOutcome(allocation=allocation, enrolment=row, hindrance=Hindrance.LEFT)


def _parallel(person: Person, place: Enrolment | None) -> str:
    """The word of the timeline, in the applicant's language."""
    with translation.override(person.language):
        if place is None or place.run.starts_on is None:
            return _("There is a place in a parallel run.")
        day = wording.long_date(place.run.starts_on)
        return _("There is a place in a parallel run. Its first day: %(day)s.") % {"day": day}
