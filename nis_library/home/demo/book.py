"""The book of runs and enrolments: keeps rows until there are enough of them, and writes them in bulk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from courses.models import ApprovalChain, Course, Enrolment, EnrolmentMove, Meeting, Run, RunTrainer
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


class Book:
    """Collects runs with their meetings and enrolments with their moves, and gives them keys and names."""

    def __init__(self, chance: Chance, crowd: Crowd) -> None:
        self.chance, self.crowd = chance, crowd
        self.keys = {model: rows.keys(model) for model in (Run, Enrolment)}
        self.first_enrolment = next(rows.keys(Enrolment))
        chains = ApprovalChain.objects.prefetch_related("steps")
        self.chains = {chain.code: (chain.pk, tuple(step.role for step in chain.steps.all())) for chain in chains}
        self.runs: list[Run] = []
        self.meetings: list[Meeting] = []
        self.trainers: list[RunTrainer] = []
        self.enrolments: list[Enrolment] = []
        self.moves: list[EnrolmentMove] = []

    def run(self, course: Course, sessions: Sequence[Session], *, trainer_id: int | None, **fields: Any) -> Intake:
        """A run with its meetings (none: dates to be announced) and a trainer, any one if none is named."""
        chain_id, roles = self.chains[plan.chain_of(course)]
        days = {"starts_on": sessions[0].day, "ends_on": sessions[-1].day} if sessions else {}
        run = Run(id=next(self.keys[Run]), uid=self.chance.uid(), course=course, chain_id=chain_id, **days, **fields)
        trainer_id = trainer_id or self.chance.choice(self.crowd.trainers)
        self.runs.append(run)
        self.trainers.append(RunTrainer(run=run, person_id=trainer_id))
        self.meetings += [
            Meeting(run=run, starts_at=s.starts_at, ends_at=s.ends_at, day=s.day, hours=s.hours) for s in sessions
        ]
        return Intake(run, roles, days.get("starts_on", date.max), days.get("ends_on"), trainer_id)

    def enrol(self, intake: Intake, entries: Sequence[Entry]) -> list[Enrolment]:
        """The applications to a run: numbers go in the order in which they were made."""
        made = [self._enrol(intake, entry) for entry in sorted(entries, key=lambda entry: entry.times[0])]
        self.enrolments += made
        if len(self.enrolments) >= FULL:
            self.flush()
        return made

    def _enrol(self, intake: Intake, entry: Entry) -> Enrolment:
        step, run = entry.legs[-1].step, intake.run
        row = Enrolment(
            id=next(self.keys[Enrolment]),
            uid=self.chance.uid(),
            run=run,
            person_id=entry.person_id,
            school_id=entry.school_id,
            state=entry.state,
            number=run.next_number,
            step=step,
            decider=decider_at(intake.roles, step),
            step_due=working_days_after(entry.times[-1].date(), 5) if step else None,
            assessment=_assessment(run.course, entry.state),
            reason=entry.reason,
            nominated_by_id=entry.nominator_id,
            created_at=entry.times[0],
            changed_at=entry.times[-1],
        )
        run.next_number += 1
        last = len(entry.legs) - 1
        for order, (leg, moment) in enumerate(zip(entry.legs, entry.times, strict=True)):
            self.moves.append(
                EnrolmentMove(
                    enrolment=row,
                    verb=leg.verb,
                    state=leg.state,
                    step=leg.step,
                    actor_id=self._actor(leg.who, entry, intake, moment.date()),
                    at=moment,
                    note=entry.note if order == last else "",
                    told_at=moment,
                )
            )
        return row

    def _actor(self, who: str, entry: Entry, intake: Intake, day: date) -> int | None:
        if who in (Role.DIRECTOR, NOMINATOR):
            return self.crowd.head_on(entry.school_id, day) if entry.school_id else None
        coordinator = self.crowd.coordinators[0]
        return {APPLICANT: entry.person_id, TRAINER: intake.trainer_id, PORTAL: None}.get(who, coordinator)

    def flush(self) -> None:
        """Write what is kept, runs first."""
        with transaction.atomic():
            for kept in (self.runs, self.meetings, self.trainers, self.enrolments, self.moves):
                rows.write(kept)

    def close(self) -> None:
        """Write the rest."""
        self.flush()
        rows.settle_keys(Run, Enrolment)


def _assessment(course: Course, state: str) -> str:
    results = {EnrolmentState.COMPLETED: Assessment.PASSED, EnrolmentState.NOT_COMPLETED: Assessment.NOT_PASSED}
    return results.get(EnrolmentState(state), "") if course.final_assessment else ""


def times_of(chance: Chance, count: int, first: datetime, last: datetime) -> list[datetime]:
    """When each of the moves was made: the first after `first`, the others hours or days later, none after `last`."""
    moment = chance.between(first, first + (last - first) * 0.6)
    times = [moment]
    for _ in range(count - 1):
        moment = chance.between(moment, min(last, moment + timedelta(days=4)))
        times.append(moment)
    return times
