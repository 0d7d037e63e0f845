"""Who is there to learn, decide and teach: what the makers of runs and enrolments need to know of people."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from nis_library.home.demo.chance import Chance

NEVER = date(1, 1, 1)
COLLEAGUES = 3
"""Guests of one school."""
STRIDE = 1009
"""So many schools lie between those of neighbours, so that guests come from everywhere: a prime."""
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
    guest_schools: list[int]
    """Keys of general-education schools; guests next to one another work at the same."""
    guest_contacts: list[tuple[str, str, str]]
    """Of each guest the name, the address and the language of letters."""
    chance: Chance
    """What guests do: a stream of its own."""
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

    def school_of_guest(self, guest: int) -> int | None:
        if not self.guest_schools:
            return None
        return self.guest_schools[(guest - self.guests.start) // COLLEAGUES * STRIDE % len(self.guest_schools)]

    def draw_guests(self, count: int, start: date) -> list[list[int]]:
        """Up to `count` different teachers and librarians of other schools, alone or with colleagues."""
        chosen: set[int] = set()
        parties = []
        for _ in range(count * TRIES):
            if len(chosen) == count:
                break
            size = min(self.chance.choices((1, 2, 3), (70, 20, 10))[0], count - len(chosen))
            first = self.chance.choice(self.guests)
            party = [guest for guest in self._colleagues(first) if guest not in chosen and self._free(guest, start)]
            if first in party:
                parties.append([first, *(guest for guest in party if guest != first)][:size])
                chosen.update(parties[-1])
        return parties

    def _colleagues(self, guest: int) -> Iterator[int]:
        """The guests of one school, this one among them."""
        first = guest - (guest - self.guests.start) % COLLEAGUES
        return iter(range(first, min(first + COLLEAGUES, self.guests.stop)))

    def _free(self, guest: int, start: date) -> bool:
        return self.guest_free_from.get(guest, NEVER) <= start
