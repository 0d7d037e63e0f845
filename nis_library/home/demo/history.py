"""What has been since 2011: year after year of runs that are over."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from courses.models import Course
from courses.states import CourseKind, EnrolmentState, Format, RunState
from nis_library.home.demo import plan, words
from nis_library.home.demo.book import Book, Entry, Intake, times_of
from nis_library.home.demo.chance import Chance, at, times
from nis_library.home.demo.crowd import Crowd, Worker
from nis_library.home.demo.outcomes import Outcomes
from nis_library.home.demo.parties import come
from nis_library.home.demo.timetable import DAY, sessions, window
from nis_library.home.demo.ways import way
from schools.models import School
from schools.states import Role

FIRST_YEAR = 2011
QUIET = timedelta(days=12)
"""Runs that ended later than this before today are not history yet."""
A_YEAR = 3
"""Courses that one librarian takes in a year, at most."""
S = EnrolmentState
OUTCOMES = {S.COMPLETED: 92, S.NOT_COMPLETED: 4, S.WITHDRAWN: 4}
DECIDED = (S.COMPLETED, S.NOT_COMPLETED)
SHOWN_HOURS = 62
"""The shown librarian's hours of the last three years stay below this, so that something is left to do."""

SHOWN_COURSES = 6
"""So many at least the shown librarian has completed, however small the demonstration."""


class History:
    """Writes the past into a book."""

    def __init__(
        self, book: Book, chance: Chance, crowd: Crowd, outcomes: Outcomes, *, scale: float, today: date
    ) -> None:
        self.book, self.chance, self.crowd, self.outcomes = book, chance, crowd, outcomes
        self.scale, self.today = scale, today
        self.schools = [school.pk for school in School.objects.filter(pk__in=crowd.heads).order_by("code")]
        courses = list(Course.objects.exclude(code=None).order_by("code"))
        self.courses = {
            outreach: [course for course in courses if plan.is_outreach(course) == outreach]
            for outreach in (False, True)
        }
        self.shown = crowd.worker(crowd.named[Role.LIBRARIAN])
        self.shown_hours = self.shown_courses = 0

    def write(self) -> None:
        """All years, each in the order of its days, so that nobody is in two places at once."""
        for year in range(FIRST_YEAR, self.today.year + 1):
            for day, course in sorted(self._starts(year), key=lambda start: (start[0], start[1].code or "")):
                self._run(course, day)
            self.book.flush()
            self.outcomes.certify(year)

    def _starts(self, year: int) -> Iterator[tuple[date, Course]]:
        for outreach in (False, True):
            for _ in range(times(plan.number_of_runs(year, outreach=outreach), self.scale)):
                day = plan.some_day(self.chance, year)
                if course := plan.course_for(self.chance, self.courses[outreach], day):
                    yield day, course

    def _run(self, course: Course, day: date) -> None:
        abroad = self.chance.choice(plan.TOWNS) if course.kind == CourseKind.PLACEMENT else None
        zone = ZoneInfo(abroad.zone if abroad else "Asia/Almaty")
        meets = sessions(course, day, zone)
        if meets[-1].day > self.today - QUIET:
            return
        days = window(day)
        intake = self.book.run(
            course,
            meets,
            trainer_id=None,
            state=RunState.CLOSED,
            outreach=plan.is_outreach(course),
            zone=str(zone),
            language=plan.language_of(self.chance, course),
            capacity=plan.capacity_of(self.chance, course),
            host_id=self.chance.choice(self.schools) if course.format != Format.ONLINE and not abroad else None,
            contact_id=self.chance.choice(self.crowd.coordinators),
            created_at=days.opens - 10 * DAY,
            opens_at=days.opens,
            closes_at=days.closes,
            cancel_until=days.withdraw_until,
            **(abroad.fields() if abroad else {}),
        )
        made = self.book.enrol(intake, list(self._entries(intake, meets[-1].day)))
        self.outcomes.of_run(intake, made)

    def _entries(self, intake: Intake, ends: date) -> Iterator[Entry]:
        run, start = intake.run, intake.starts
        seats = max(3, round(run.capacity * self.chance.triangular(0.55, 1.0, 0.95)))
        if run.outreach:
            yield from self._guests(intake, seats, ends)
            return
        full = self.chance.happens(0.25)
        for worker in self._workers(run.course, run.capacity if full else seats, start):
            worker.goes(run.course_id, ends + DAY)
            yield self._entry(intake, worker.person_id, worker.school_on(start), self._outcome(worker))
        yield from self._refused(intake, full)

    def _guests(self, intake: Intake, seats: int, ends: date) -> Iterator[Entry]:
        days, decided = window(intake.starts), at(ends, 19) + timedelta(days=1)
        for party in self.crowd.draw_guests(seats, intake.starts):
            signed = self.crowd.chance.between(days.opens, days.closes)
            states = [self.crowd.chance.weighted(OUTCOMES) for _ in party]
            yield from come(
                *(self.book, self.crowd, intake, party, states),
                signed=signed,
                last=days.withdraw_until,
                decided=decided,
            )

    def _workers(self, course: Course, count: int, start: date) -> list[Worker]:
        """Who goes; the shown librarian whenever there is room in the shown hours."""
        workers = self.crowd.draw_librarians(self.chance, count, course.pk, start, A_YEAR)
        recent = (self.today - start).days < 3 * 366
        others = [worker for worker in workers if worker is not self.shown]
        likely = self.chance.happens(0.3 if recent else 0.4) or self.shown_courses < SHOWN_COURSES
        fits = self.shown.can(course.pk, start, A_YEAR) and likely
        if fits and recent:
            fits = self.shown_hours + course.hours <= SHOWN_HOURS
            self.shown_hours += course.hours if fits else 0
        self.shown_courses += fits
        return [self.shown, *others[: count - 1]] if fits else others

    def _outcome(self, worker: Worker) -> str:
        return S.COMPLETED if worker is self.shown else self.chance.weighted(OUTCOMES)

    def _refused(self, intake: Intake, full: bool) -> Iterator[Entry]:
        """Those who did not get a place: declined, or waited in vain where the run was full."""
        states = [S.DECLINED] * self.chance.choice((0, 0, 1, 1, 2)) + [S.WITHDRAWN] * (3 if full else 0)
        workers = self.crowd.draw_librarians(self.chance, len(states), intake.run.course_id, intake.starts, 99)
        for worker, state in zip(workers, states, strict=False):
            if worker is not self.shown:
                school = worker.school_on(intake.starts)
                yield self._entry(intake, worker.person_id, school, state, queued=state == S.WITHDRAWN)

    def _entry(
        self, intake: Intake, person_id: int, school_id: int | None, state: str, *, queued: bool = False
    ) -> Entry:
        legs = way(intake.roles, state, queued=queued)
        language = "ru" if self.chance.happens(0.3) else "kk"
        notes = words.NOTES.get(state, {}).get(language, ())
        return Entry(
            person_id=person_id,
            school_id=school_id,
            state=state,
            legs=legs,
            times=self._times(intake, state, len(legs), late=queued),
            reason=self.chance.choice(words.REASONS[language]) if intake.roles else "",
            note=self.chance.choice(notes) if notes else "",
        )

    def _times(self, intake: Intake, state: str, count: int, *, late: bool) -> list[datetime]:
        """When the moves were made; those who waited in vain came last, results come after the last day."""
        days = window(intake.starts)
        first = days.opens + (days.closes - days.opens) * (0.9 if late else 0)
        if state not in DECIDED:
            return times_of(self.chance, count, first, days.closes, days.withdraw_until)
        decided = at(intake.ends or intake.starts, 19) + timedelta(days=1)
        return [*times_of(self.chance, count - 1, first, days.closes, days.withdraw_until), decided]
