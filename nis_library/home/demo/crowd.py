"""Who is there to learn, decide and teach: what the makers of runs and enrolments need to know of people."""

from dataclasses import dataclass, field
from datetime import date

from nis_library.home.demo.chance import Chance

NEVER = date(1, 1, 1)
TRIES = 12
"""How often another person is drawn before a seat stays empty."""


@dataclass(slots=True)
class Worker:
    """A librarian: the name as certificates have it, the schools of each time, and what the year has brought so far."""

    person_id: int
    holder: str
    latin: str
    spans: list[tuple[date, date | None, int]]
    free_from: date = NEVER
    year: int = 0
    this_year: int = 0
    taken: set[int] = field(default_factory=set)

    def school_on(self, day: date) -> int | None:
        return next((s for first, last, s in self.spans if first <= day and (last is None or day <= last)), None)

    def can(self, course_id: int, start: date, most: int) -> bool:
        """Works then, is free then, has not had this course lately nor too many this year."""
        if self.free_from > start or self.school_on(start) is None:
            return False
        if self.year // 4 != start.year // 4:
            self.taken.clear()
        if self.year != start.year:
            self.year, self.this_year = start.year, 0
        return self.this_year < most and course_id not in self.taken

    def goes(self, course_id: int, until: date) -> None:
        self.free_from, self.this_year = until, self.this_year + 1
        self.taken.add(course_id)


@dataclass(slots=True)
class Crowd:
    """Everybody, by what they do. `heads` are the dated directors of each school."""

    librarians: list[Worker]
    heads: dict[int, list[tuple[date, date | None, int]]]
    named: dict[str, int]
    trainers: list[int]
    coordinators: list[int]
    guests: range
    guest_free_from: dict[int, date] = field(default_factory=dict)

    def head_on(self, school_id: int, day: date) -> int:
        """Who led the school on that day."""
        heads = self.heads[school_id]
        return next((p for first, last, p in heads if first <= day and (last is None or day <= last)), heads[-1][2])

    def worker(self, person_id: int) -> Worker:
        return next(worker for worker in self.librarians if worker.person_id == person_id)

    def draw_librarians(self, chance: Chance, count: int, course_id: int, start: date, most: int) -> list[Worker]:
        """Up to `count` different librarians who can go."""
        chosen: dict[int, Worker] = {}
        for _ in range(count * TRIES):
            worker = chance.choice(self.librarians)
            if worker.person_id not in chosen and worker.can(course_id, start, most):
                chosen[worker.person_id] = worker
                if len(chosen) == count:
                    break
        return list(chosen.values())

    def draw_guests(self, chance: Chance, count: int, start: date) -> list[int]:
        """Up to `count` different teachers and librarians of other schools."""
        chosen: dict[int, None] = {}
        for _ in range(count * TRIES):
            guest = chance.choice(self.guests)
            if self.guest_free_from.get(guest, NEVER) <= start:
                chosen[guest] = None
                if len(chosen) == count:
                    break
        return list(chosen)
