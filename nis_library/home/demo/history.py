"""What has been since 2011: year after year of runs that are over."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from courses.models import Course, Run
from courses.states import CourseKind, EnrolmentState, Format, RunState
from nis_library.home.demo import plan, words
from nis_library.home.demo.book import Book, Entry, times_of
from nis_library.home.demo.chance import Chance, at
from nis_library.home.demo.crowd import Crowd, Worker
from nis_library.home.demo.timetable import back, sessions
from nis_library.home.demo.ways import way
from schools.models import School
from schools.states import Role

FIRST_YEAR = 2011
QUIET = timedelta(days=12)
"""Runs that ended later than this before today are not history yet."""
A_YEAR = 4
"""Courses that one librarian takes in a year, at most."""
DAY = timedelta(days=1)
S = EnrolmentState
OUTCOMES = {S.COMPLETED: 92, S.NOT_COMPLETED: 4, S.WITHDRAWN: 4}
SHOWN_HOURS = 62
"""The shown librarian's hours of the last three years stay below this, so that something is left to do."""


class History:
    """Writes the past into a book."""

    def __init__(self, book: Book, chance: Chance, crowd: Crowd, *, scale: int, today: date) -> None:
        self.book, self.chance, self.crowd = book, chance, crowd
        self.scale, self.today = scale, today
        self.schools = [school.pk for school in School.objects.filter(pk__in=crowd.heads).order_by("code")]
        self.courses = {
            outreach: [course for course in Course.objects.order_by("id") if plan.is_outreach(course) == outreach]
            for outreach in (False, True)
        }
        self.shown = crowd.worker(crowd.named[Role.LIBRARIAN])
        self.shown_hours = 0

    def write(self) -> None:
        """All years, each in the order of its days, so that nobody is in two places at once."""
        for year in range(FIRST_YEAR, self.today.year + 1):
            for day, course in sorted(self._starts(year), key=lambda start: (start[0], start[1].pk)):
                self._run(course, day)

    def _starts(self, year: int) -> Iterator[tuple[date, Course]]:
        for outreach in (False, True):
            for _ in range(plan.number_of_runs(year, outreach=outreach) * self.scale):
                day = plan.some_day(self.chance, year)
                if course := plan.course_for(self.chance, self.courses[outreach], day):
                    yield day, course

    def _run(self, course: Course, day: date) -> None:
        abroad = self.chance.choice(plan.TOWNS) if course.kind == CourseKind.PLACEMENT else None
        zone = ZoneInfo(abroad.zone if abroad else "Asia/Almaty")
        meets = sessions(course, day, zone)
        if meets[-1].day > self.today - QUIET:
            return
        chain = plan.chain_of(course)
        opens, closes = back(day, 40), back(day, 8)
        run = self.book.run(
            course,
            chain,
            meets,
            state=RunState.CLOSED,
            zone=str(zone),
            language=plan.language_of(self.chance, course),
            capacity=plan.capacity_of(self.chance, course),
            host_id=self.chance.choice(self.schools) if course.format != Format.ONLINE and not abroad else None,
            contact_id=self.chance.choice(self.crowd.coordinators),
            created_at=at(opens - 10 * DAY, 11),
            opens_at=at(opens, 9),
            closes_at=at(closes, 18),
            cancel_until=at(back(day, 3), 18),
            **(abroad_fields(abroad) if abroad else {}),
        )
        self.book.enrol(run, chain, list(self._entries(run, course, chain)))

    def _entries(self, run: Run, course: Course, chain: str) -> Iterator[Entry]:
        seats = max(3, round(run.capacity * self.chance.triangular(0.55, 1.0, 0.95)))
        late = self.chance.happens(0.25) and not plan.is_outreach(course)
        if plan.is_outreach(course):
            for guest in self.crowd.draw_guests(self.chance, seats, run.starts_on):
                self.crowd.guest_free_from[guest] = run.ends_on + DAY
                yield self._entry(run, chain, guest, None, self.chance.weighted(OUTCOMES))
            return
        workers = self._workers(course, run.capacity if late else seats, run.starts_on)
        for worker in workers:
            worker.goes(course.pk, run.ends_on + DAY)
            yield self._entry(run, chain, worker.person_id, worker.school_on(run.starts_on), self._outcome(worker))
        yield from self._refused(run, course, chain, late)

    def _workers(self, course: Course, count: int, start: date) -> list[Worker]:
        """Who goes; the shown librarian whenever there is room in the shown hours."""
        workers = self.crowd.draw_librarians(self.chance, count, course.pk, start, A_YEAR)
        recent = (self.today - start).days < 3 * 366
        others = [worker for worker in workers if worker is not self.shown]
        fits = self.shown.can(course.pk, start, A_YEAR) and self.chance.happens(0.25 if recent else 0.7)
        if fits and recent:
            fits = self.shown_hours + course.hours <= SHOWN_HOURS
            self.shown_hours += course.hours if fits else 0
        return [self.shown, *others[: count - 1]] if fits else others

    def _outcome(self, worker: Worker) -> str:
        return S.COMPLETED if worker is self.shown else self.chance.weighted(OUTCOMES)

    def _refused(self, run: Run, course: Course, chain: str, late: bool) -> Iterator[Entry]:
        """Those who did not get a place: declined, or waited in vain where the run was full."""
        outcomes = [S.DECLINED] * self.chance.choice((0, 0, 1, 1, 2)) + [S.WITHDRAWN] * (3 if late else 0)
        workers = self.crowd.draw_librarians(self.chance, len(outcomes), course.pk, run.starts_on, 99)
        for worker, outcome in zip(workers, outcomes, strict=False):
            if worker is not self.shown:
                school = worker.school_on(run.starts_on)
                yield self._entry(run, chain, worker.person_id, school, outcome, queued=outcome == S.WITHDRAWN)

    def _entry(
        self, run: Run, chain: str, person_id: int, school_id: int | None, state: str, *, queued: bool = False
    ) -> Entry:
        legs = way(self.book.roles_of(chain), state, queued=queued)
        first, last = self._window(run, late=queued)
        language = "ru" if self.chance.happens(0.3) else "kk"
        reasons, notes = words.REASONS[language], _notes(state, language)
        return Entry(
            person_id=person_id,
            school_id=school_id,
            state=state,
            legs=legs,
            times=times_of(self.chance, legs, first, last),
            reason=self.chance.choice(reasons) if chain != "none" else "",
            note=self.chance.choice(notes) if notes else "",
        )

    def _window(self, run: Run, *, late: bool) -> tuple[datetime, datetime]:
        """Between which instants the moves fall; those who wait in vain come last."""
        first, last = run.opens_at, run.cancel_until
        return (first + (run.closes_at - first) * 0.9, last) if late else (first, last)


def abroad_fields(town: plan.Abroad) -> dict[str, str]:
    """Where a placement is, for the columns of a run."""
    kk, ru, en = town.town
    return {"country": town.country, "place_kk": kk, "place_ru": ru, "place_en": en}


def _notes(state: str, language: str) -> tuple[str, ...]:
    return {S.DECLINED: words.DECLINED, S.WITHDRAWN: words.WITHDRAWN}.get(S(state), {}).get(language, ())
