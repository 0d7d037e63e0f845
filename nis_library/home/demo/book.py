"""The book of runs and enrolments: keeps rows until there are enough of them, and writes them in bulk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from courses.models import ApprovalChain, Course, Enrolment, EnrolmentMove, Meeting, Run, RunTrainer
from courses.states import HOLDING, EnrolmentState
from nis_library.home.demo import rows
from nis_library.home.demo.chance import Chance
from nis_library.home.demo.crowd import Crowd
from nis_library.home.demo.timetable import Session
from nis_library.home.demo.ways import APPLICANT, NOMINATOR, PORTAL, Leg, decider_at
from schools.models import Busy
from schools.norms import working_days_after
from schools.states import Role

FULL = 10_000
"""Enrolments that are kept before they are written."""


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
        self.written = 0
        chains = ApprovalChain.objects.prefetch_related("steps")
        self.chains = {chain.code: (chain.pk, tuple(step.role for step in chain.steps.all())) for chain in chains}
        self.runs: list[Run] = []
        self.meetings: list[Meeting] = []
        self.trainers: list[RunTrainer] = []
        self.enrolments: list[Enrolment] = []
        self.moves: list[EnrolmentMove] = []

    def run(
        self, course: Course, chain: str, sessions: Sequence[Session], trainer_id: int | None = None, **fields: object
    ) -> Run:
        """A run with its meetings (none: dates to be announced) and a trainer, any one if none is named."""
        run = Run(
            id=next(self.keys[Run]), uid=self.chance.uid(), course=course, chain_id=self.chains[chain][0], **fields
        )
        if sessions:
            run.starts_on, run.ends_on = sessions[0].day, sessions[-1].day
        self.runs.append(run)
        self.meetings += [
            Meeting(run=run, starts_at=s.starts_at, ends_at=s.ends_at, day=s.day, hours=s.hours) for s in sessions
        ]
        self.trainers.append(RunTrainer(run=run, person_id=trainer_id or self.chance.choice(self.crowd.trainers)))
        return run

    def roles_of(self, chain: str) -> tuple[str, ...]:
        return self.chains[chain][1]

    def enrol(self, run: Run, chain: str, entries: Sequence[Entry]) -> None:
        """The applications to a run: numbers go in the order in which they were made."""
        for entry in sorted(entries, key=lambda entry: entry.times[0]):
            self._enrol(run, self.roles_of(chain), entry)
        if len(self.enrolments) >= FULL:
            self.flush()

    def _enrol(self, run: Run, roles: tuple[str, ...], entry: Entry) -> None:
        step = entry.legs[-1].step
        row = Enrolment(
            id=next(self.keys[Enrolment]),
            uid=self.chance.uid(),
            run=run,
            person_id=entry.person_id,
            school_id=entry.school_id,
            state=entry.state,
            number=run.next_number,
            step=step,
            decider=decider_at(roles, step),
            step_due=working_days_after(entry.times[-1].date(), 5) if step else None,
            reason=entry.reason,
            nominated_by_id=entry.nominator_id,
            created_at=entry.times[0],
            changed_at=entry.times[-1],
        )
        run.next_number += 1
        self.enrolments.append(row)
        last = len(entry.legs) - 1
        for order, (leg, moment) in enumerate(zip(entry.legs, entry.times, strict=True)):
            self.moves.append(
                EnrolmentMove(
                    enrolment=row,
                    verb=leg.verb,
                    state=leg.state,
                    step=leg.step,
                    actor_id=self._actor(leg.who, entry, moment.date()),
                    at=moment,
                    note=entry.note if order == last else "",
                    told_at=moment,
                )
            )

    def _actor(self, who: str, entry: Entry, day: date) -> int | None:
        if who == APPLICANT:
            return entry.person_id
        if who == PORTAL:
            return None
        if who in (Role.DIRECTOR, NOMINATOR):
            return self.crowd.head_on(entry.school_id, day) if entry.school_id else None
        return self.crowd.coordinators[0]

    def flush(self) -> None:
        """Write what is kept, runs first."""
        self.written += len(self.enrolments)
        with transaction.atomic():
            for kept in (self.runs, self.meetings, self.trainers, self.enrolments, self.moves):
                rows.write(kept)

    def close(self) -> None:
        """Write the rest, and the time that seats take, as the ledger of taken time has it."""
        self.flush()
        rows.settle_keys(Run, Enrolment)
        quoted = connection.ops.quote_name
        statement = (
            f"INSERT INTO {quoted(Busy._meta.db_table)} (person_id, {quoted('start')}, {quoted('end')}, source) "
            f"SELECT e.person_id, m.starts_at, m.ends_at, 'enrolment:' || e.id "
            f"FROM {quoted(Enrolment._meta.db_table)} e JOIN {quoted(Meeting._meta.db_table)} m ON m.run_id = e.run_id "
            f"WHERE e.id >= %s AND e.state IN ({', '.join(['%s'] * len(HOLDING))}) ORDER BY e.id, m.id"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [self.first_enrolment, *(str(EnrolmentState(state)) for state in HOLDING)])


def times_of(chance: Chance, legs: Sequence[Leg], first: datetime, last: datetime) -> list[datetime]:
    """When each move was made: the first after `first`, the others some hours or days later, none after `last`."""
    moment = chance.between(first, first + (last - first) * 0.6)
    times = [moment]
    for _ in legs[1:]:
        moment = chance.between(moment, min(last, moment + timedelta(days=4)))
        times.append(moment)
    return times
