"""What is going on and what is ahead: runs around today with their applications."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from courses.models import Course, Material, Run
from courses.states import CourseKind, EnrolmentState, Format, RunState
from nis_library.home.demo import plan, words
from nis_library.home.demo.book import Book, Entry, Intake, times_of
from nis_library.home.demo.chance import Chance, at, times
from nis_library.home.demo.crowd import Crowd, Worker
from nis_library.home.demo.outcomes import Outcomes
from nis_library.home.demo.parties import come
from nis_library.home.demo.scenes import SCENES, Scene
from nis_library.home.demo.timetable import DAY, back, sessions, working
from nis_library.home.demo.ways import way
from schools.models import Region, School
from schools.states import Role

S = EnrolmentState
UNDATED = 10_000
"""Runs without dates come last."""


class Upcoming:
    """Writes the present and the future into a book."""

    def __init__(
        self, book: Book, chance: Chance, crowd: Crowd, outcomes: Outcomes, *, scale: float, today: date, school: School
    ) -> None:
        self.book, self.chance, self.crowd, self.outcomes = book, chance, crowd, outcomes
        self.scale, self.today, self.school = scale, today, school
        self.courses = {course.code: course for course in Course.objects.all()}
        hosts = School.objects.filter(pk__in=crowd.heads).order_by("code")
        self.hosts = dict(hosts.values_list("pk", "region__iso"))
        self.regions = {region.iso: region for region in Region.objects.all()}
        self.shown = crowd.worker(crowd.named[Role.LIBRARIAN])
        self.materials: list[Material] = []
        self.before: list[int] = []

    def write(self) -> None:
        """All scenes, in the order of their days; further copies for larger demonstrations."""
        ordered = sorted(SCENES, key=lambda scene: UNDATED if scene.starts_in is None else scene.starts_in)
        for scene in ordered:
            for copy in range(times(1, self.scale)):
                self._scene(scene, first=copy == 0)
        self.book.flush()
        Material.objects.bulk_create(self.materials)

    def _scene(self, scene: Scene, *, first: bool) -> None:
        course = self.courses[scene.code]
        intake = self._run(scene, course)
        entries = list(self._guests(scene, intake) if intake.run.outreach else self._staff(scene, intake, first))
        made = self.book.enrol(intake, entries)
        if intake.starts <= self.today:
            self.outcomes.under_way(intake, made)
            for title, name in (("Тыңдаушының дәптері", "notebook"), ("Слайдтар", "slides")):
                self.materials.append(
                    Material(run=intake.run, title=title, url=f"https://example.kz/{intake.run.uid}/{name}")
                )

    def _run(self, scene: Scene, course: Course) -> Intake:
        abroad = plan.TOWNS[0] if course.kind == CourseKind.PLACEMENT else None
        zone = ZoneInfo(abroad.zone if abroad else "Asia/Almaty")
        opens, closes, day = self._window(scene)
        online = course.format == Format.ONLINE
        return self.book.run(
            course,
            sessions(course, day, zone) if day else [],
            trainer_id=self.crowd.named[Role.TRAINER] if scene.mine else None,
            state=scene.state,
            zone=str(zone),
            language=scene.language,
            capacity=scene.capacity,
            host_id=None if online or abroad else self._host(scene),
            region=self.regions[scene.region] if scene.region and online else None,
            outreach=plan.is_outreach(course),
            school_limit=scene.school_limit,
            contact_id=self.crowd.named[Role.HQ],
            created_at=at(min(opens, self.today) - 10 * DAY, 11),
            opens_at=at(opens, 9),
            closes_at=at(closes, 18) if closes else None,
            cancel_until=at(back(day, 3), 18) if day else None,
            join_link=f"https://example.kz/room/{scene.code}" if online or course.format == Format.BLENDED else "",
            **(abroad.fields() if abroad else {}),
        )

    def _host(self, scene: Scene) -> int:
        """A school of the scene's region, else any."""
        there = [pk for pk, iso in self.hosts.items() if iso == scene.region]
        return self.chance.choice(there or list(self.hosts))

    def _window(self, scene: Scene) -> tuple[date, date | None, date | None]:
        """First and last day of registration, and the first day of the run."""
        if scene.starts_in is None:
            return back(self.today, 9), None, None
        day = working(self.today + scene.starts_in * DAY)
        opens = back(min(day - 42 * DAY, self.today - 16 * DAY), 0)
        if scene.opens_in is not None:
            opens = working(self.today + scene.opens_in * DAY)
        closes = back(day, 9) if scene.shut else back(day, 7 if scene.starts_in > 12 else 2)
        return opens, closes, day

    def _guests(self, scene: Scene, intake: Intake) -> Iterator[Entry]:
        parts = ((S.CONFIRMED, scene.confirmed), (S.WITHDRAWN, scene.withdrawn), (S.WAITING, scene.waiting))
        for state, count in parts:
            first, last = self._moments(intake.run, state)
            for party in self.crowd.draw_guests(count, intake.starts):
                signed = self.crowd.chance.between(first, first + (last - first) * 0.9)
                states = [state] * len(party)
                yield from come(*(self.book, self.crowd, intake, party, states), signed=signed, last=last)

    def _staff(self, scene: Scene, intake: Intake, first: bool) -> Iterator[Entry]:
        parts = [
            (S.CONFIRMED, scene.confirmed, 1),
            (S.WAITING, scene.waiting, 1),
            (S.PENDING, scene.pending - scene.own, 1),
            (S.PENDING, scene.further, 2),
            (S.RETURNED, scene.returned, 1),
            (S.DECLINED, scene.declined, 1),
            (S.WITHDRAWN, scene.withdrawn, 1),
        ]
        count = sum(number for _, number, _ in parts)
        workers = self.crowd.draw_librarians(
            self.chance, count + 1 if count else 0, intake.run.course_id, intake.starts, 99
        )
        pool = iter([worker for worker in workers if worker is not self.shown])
        own = list(self._own(scene, workers)) if first else []
        if first and scene.shown:
            yield self._shown(scene, intake)
        for worker in own:
            yield self._entry(intake, worker.person_id, self.school.pk, S.PENDING)
        for state, number, step in parts:
            for _, worker in zip(range(number), pool, strict=False):
                yield self._of(worker, intake, state, step)

    def _of(self, worker: Worker, intake: Intake, state: str, step: int) -> Entry:
        if intake.run.state == RunState.CANCELLED:
            state = S.CANCELLED
        if state == S.CONFIRMED and intake.ends:
            worker.goes(intake.run.course_id, intake.ends + DAY)
        school = worker.school_on(min(intake.starts, self.today))
        return self._entry(intake, worker.person_id, school, state, at_step=step)

    def _own(self, scene: Scene, others: list[Worker]) -> Iterator[Worker]:
        """Colleagues of the shown librarian; each applies for few things only."""
        found = 0
        colleagues = [w for w in self.crowd.librarians if w.school_on(self.today) == self.school.pk]
        for worker in sorted(colleagues, key=lambda worker: self.before.count(worker.person_id)):
            if found < scene.own and worker is not self.shown and worker not in others:
                self.before.append(worker.person_id)
                found += 1
                yield worker

    def _shown(self, scene: Scene, intake: Intake) -> Entry:
        if scene.shown == S.CONFIRMED and intake.ends:
            self.shown.goes(intake.run.course_id, intake.ends + DAY)
        return self._entry(intake, self.shown.person_id, self.school.pk, scene.shown)

    def _entry(self, intake: Intake, person_id: int, school_id: int | None, state: str, *, at_step: int = 1) -> Entry:
        legs = way(intake.roles, state, at=at_step)
        first, last = self._moments(intake.run, state)
        language = "ru" if self.chance.happens(0.3) else "kk"
        nominated = state == S.NOMINATED
        notes = words.NOTES.get(state, {}).get(language, ())
        return Entry(
            person_id=person_id,
            school_id=school_id,
            state=state,
            legs=legs,
            times=times_of(self.chance, len(legs), first, first + (last - first) * 0.6, last),
            reason=self.chance.choice(words.REASONS[language]) if intake.roles and not nominated else "",
            note=self.chance.choice(notes) if notes else "",
            nominator_id=self.crowd.head_on(school_id, self.today) if nominated and school_id else None,
        )

    def _moments(self, run: Run, state: str) -> tuple[datetime, datetime]:
        """Between which instants the moves fall: all before today, those who wait last."""
        now = at(self.today, 7)
        first, last = run.opens_at or now, min(now, run.closes_at or now)
        if state in (S.PENDING, S.NOMINATED):
            return max(first, last - timedelta(days=6)), last
        if state == S.WAITING:
            return first + (last - first) * 0.8, last
        return first, first + (last - first) * 0.75
