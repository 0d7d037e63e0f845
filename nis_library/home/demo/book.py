"""The book of runs and enrolments: keeps rows until there are enough of them, and writes them in bulk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from courses.models import ApprovalChain, Course, Enrolment, EnrolmentMove, Meeting, Run, RunTrainer, Signup
from courses.states import Assessment, EnrolmentState
from nis_library.home.demo import plan, rows
from nis_library.home.demo.chance import Chance
from nis_library.home.demo.crowd import Crowd
from nis_library.home.demo.timetable import Session
from nis_library.home.demo.ways import APPLICANT, NOMINATOR, PORTAL, TRAINER, Leg, decider_at
from schools.norms import working_days_after
from schools.states import Role

FULL = 10_000
"""Enrolments that are kept before they are written."""
ENROLMENT = (
    *("id", "uid", "run_id", "person_id", "school_id", "state", "number", "step", "decider", "step_due"),
    *("assessment", "reason", "nominated_by_id", "created_at", "changed_at", "signup_id", "wish", "offer_until"),
)
SIGNUP = (
    *("id", "uid", "run_id", "name", "email", "language", "school_id", "consent_version", "consented_at"),
    *("hold_until", "verified_at", "letters", "told_at", "created_at"),
)
MOVE = ("enrolment_id", "verb", "state", "step", "actor_id", "at", "note", "told_at")


@dataclass(frozen=True, slots=True)
class Intake:
    """A run with what filling it needs: the roles that decide, its first day, its last (None if not known)."""

    run: Run
    roles: tuple[str, ...]
    starts: date
    ends: date | None
    trainer_id: int


@dataclass(slots=True)
class Entry:
    """One application: who, from which school, by which way and when each move was made."""

    person_id: int
    school_id: int | None
    state: str
    legs: Sequence[Leg]
    times: Sequence[datetime]
    reason: str = ""
    note: str = ""
    nominator_id: int | None = None
    signup_id: int | None = None
    wish: int = 1
    offer_until: datetime | None = None
    id: int = 0
    """The key, once it stands in the book."""


class Book:
    """Collects runs with their meetings and enrolments with their moves, and gives them keys and names."""

    def __init__(self, chance: Chance, crowd: Crowd) -> None:
        self.chance, self.crowd = chance, crowd
        self.run_keys, self.signup_keys, self.enrolment_keys = rows.keys(Run), rows.keys(Signup), rows.keys(Enrolment)
        self.first_enrolment = next(rows.keys(Enrolment))
        chains = ApprovalChain.objects.prefetch_related("steps")
        self.chains = {chain.code: (chain.pk, tuple(step.role for step in chain.steps.all())) for chain in chains}
        self.runs: list[Run] = []
        self.meetings: list[Meeting] = []
        self.trainers: list[RunTrainer] = []
        self.signups: list[rows.Row] = []
        self.enrolments: list[rows.Row] = []
        self.moves: list[rows.Row] = []

    def run(self, course: Course, sessions: Sequence[Session], *, trainer_id: int | None, **fields: Any) -> Intake:
        """A run with its meetings (none: dates to be announced) and a trainer, any one if none is named."""
        chain_id, roles = self.chains[plan.chain_of(course)]
        days = {"starts_on": sessions[0].day, "ends_on": sessions[-1].day} if sessions else {}
        run = Run(id=next(self.run_keys), uid=self.chance.uid(), course=course, chain_id=chain_id, **days, **fields)
        trainer_id = trainer_id or self.chance.choice(self.crowd.trainers)
        self.runs.append(run)
        self.trainers.append(RunTrainer(run=run, person_id=trainer_id))
        self.meetings += [
            Meeting(run=run, starts_at=s.starts_at, ends_at=s.ends_at, day=s.day, hours=s.hours) for s in sessions
        ]
        return Intake(run, roles, days.get("starts_on", date.max), days.get("ends_on"), trainer_id)

    def sign_up(self, **facts: Any) -> int:
        """A contact's word for some guests; gives its key."""
        facts |= {"id": next(self.signup_keys), "uid": self.chance.uid()}
        self.signups.append(tuple(facts[name] for name in SIGNUP))
        return int(facts["id"])

    def enrol(self, intake: Intake, entries: list[Entry]) -> list[Entry]:
        """The applications to a run: numbers go in the order in which they were made."""
        entries.sort(key=lambda entry: entry.times[0])
        for entry in entries:
            self._enrol(intake, entry)
        if len(self.enrolments) >= FULL:
            self.flush()
        return entries

    def _enrol(self, intake: Intake, entry: Entry) -> None:
        step, run, times = entry.legs[-1].step, intake.run, entry.times
        entry.id = next(self.enrolment_keys)
        due = working_days_after(times[-1].date(), 5) if step else None
        decider = decider_at(intake.roles, step)
        who = (entry.person_id, entry.school_id, str(entry.state))
        rest = (
            _assessment(run.course, entry.state),
            entry.reason,
            entry.nominator_id,
            times[0],
            times[-1],
            entry.signup_id,
            entry.wish,
            entry.offer_until,
        )
        self.enrolments.append((entry.id, self.chance.uid(), run.pk, *who, run.next_number, step, decider, due, *rest))
        run.next_number += 1
        last = entry.legs[-1]
        for leg, moment in zip(entry.legs, times, strict=True):
            actor, note = self._actor(leg.who, entry, intake, moment.date()), entry.note if leg is last else ""
            self.moves.append((entry.id, str(leg.verb), str(leg.state), leg.step, actor, moment, note, moment))

    def _actor(self, who: str, entry: Entry, intake: Intake, day: date) -> int | None:
        if who in (Role.DIRECTOR, NOMINATOR):
            return self.crowd.head_on(entry.school_id, day) if entry.school_id else None
        coordinator = self.crowd.coordinators[0]
        return {APPLICANT: entry.person_id, TRAINER: intake.trainer_id, PORTAL: None}.get(who, coordinator)

    def flush(self) -> None:
        """Write what is kept, runs first."""
        with transaction.atomic():
            for kept in (self.runs, self.meetings, self.trainers):
                rows.write(kept)
            rows.pour(Signup, SIGNUP, self.signups)
            rows.pour(Enrolment, ENROLMENT, self.enrolments)
            rows.pour(EnrolmentMove, MOVE, self.moves)

    def close(self) -> None:
        """Write the rest."""
        self.flush()
        rows.settle_keys(Run, Signup, Enrolment)


def _assessment(course: Course, state: str) -> str:
    results = {EnrolmentState.COMPLETED: Assessment.PASSED, EnrolmentState.NOT_COMPLETED: Assessment.NOT_PASSED}
    return str(results.get(EnrolmentState(state), "")) if course.final_assessment else ""


def times_of(chance: Chance, count: int, first: datetime, closes: datetime, last: datetime) -> list[datetime]:
    """When each of the moves was made: the first before `closes`, the others hours or days later, none after `last`."""
    moment = chance.between(first, closes)
    times = [moment]
    for _ in range(count - 1):
        moment = chance.between(moment, min(last, moment + timedelta(days=4)))
        times.append(moment)
    return times
