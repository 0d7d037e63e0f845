"""Scarce places of the demonstration: an offer that waits for a yes, held places, places that are allocated."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from conferences.edition_queries import open_editions
from conferences.models import Delegation, Wish
from courses import models
from courses.models import Course, SeatShare
from courses.states import EnrolmentState, Format
from nis_library.home.demo import words
from nis_library.home.demo.book import Book, Entry, Intake, times_of
from nis_library.home.demo.chance import Chance, at
from nis_library.home.demo.crowd import Crowd, Worker
from nis_library.home.demo.timetable import DAY, back, sessions, working
from nis_library.home.demo.ways import way
from schools.models import School
from schools.states import Role

S = EnrolmentState
OFFER_HOURS = 72
OPENED = 16
"""Days since registration opened."""
BOTH = 0.7
"""The share of applicants who would take either of two parallel runs."""
WISHES = (
    "Екі жылдан бері үш тілде оқу күнделігін жүргіземіз, тәжірибемізді көрсеткім келеді.",
    "Конференциядан кейін облыстың мектептеріне екі семинар өткізуге дайынмын.",
    "Хочу увидеть, как школьные библиотеки других стран учат проверять источники, и провести семинар дома.",
    "Биылғы баяндамам қабылданса, ағылшын тілінде сөйлеуге дайынмын.",
    "Готовлю исследование о чтении подростков, ищу партнёров для сравнения.",
    "Келер жылы курс жүргіземін, жаңа әдістерді өз көзіммен көргім келеді.",
)


class Sharing:
    """Writes them: the runs into the book, and what hangs on their rows once these stand in the database."""

    def __init__(self, book: Book, chance: Chance, crowd: Crowd, *, today: date, school: School) -> None:
        self.book, self.chance, self.crowd, self.today, self.school = book, chance, crowd, today, school
        self.courses = {course.code: course for course in Course.objects.all()}
        self.hosts = list(School.objects.filter(pk__in=crowd.heads).order_by("code").values_list("pk", flat=True))
        self.shown = crowd.worker(crowd.named[Role.LIBRARIAN])

    def write(self) -> None:
        self._offered()
        self._held()
        self._allocated("reading-room-space", (52, 66), places=6, applicants=19, closes=6, shown=True)
        self._allocated("professional-english", (87,), places=8, applicants=15, closes=-1)
        self._conference()

    def _run(self, code: str, starts_in: int, capacity: int, **fields: object) -> Intake:
        course = self.courses[code]
        day = working(self.today + starts_in * DAY)
        zone = ZoneInfo("Asia/Almaty")
        usual: dict[str, object] = {
            "zone": str(zone),
            "capacity": capacity,
            "host_id": None if course.format == Format.ONLINE else self.chance.choice(self.hosts),
            "state": "published",
            "contact_id": self.crowd.named[Role.HQ],
            "created_at": at(self.today - 30 * DAY, 11),
            "opens_at": at(back(self.today, OPENED), 9),
            "closes_at": at(back(day, 9), 18),
            "cancel_until": at(back(day, 3), 18),
        }
        return self.book.run(course, sessions(course, day, zone), trainer_id=None, **(usual | fields))

    def _offered(self) -> None:
        """A place became free, and the shown librarian, first in the list, is asked; four more wait."""
        intake = self._run("ib-school-library", 94, 12, offer_hours=OFFER_HOURS, language="en")
        others = self._others(intake, 15)
        seated, waiting = others[:11], others[11:]
        entries = [self._entry(intake, worker, S.CONFIRMED, days=(16, 9)) for worker in seated]
        entries.append(self._entry(intake, self.shown, S.OFFERED, days=(8, 7), last=at(self.today - DAY, 16)))
        entries += [self._entry(intake, worker, S.WAITING, days=(6, 1)) for worker in waiting]
        self._goes(intake, [*seated, self.shown])
        self.book.enrol(intake, entries)

    def _held(self) -> None:
        """Two schools hold places before they know who will come; the shown director has two to name."""
        merge = at(back(self.today + 18 * DAY, 0), 18)
        intake = self._run("library-system-practice", 45, 24, hold_limit=3, merge_at=merge)
        other = next(school for school in self.hosts if school != self.school.pk)
        workers = [row for row in self._others(intake, 11) if self._school(row) not in (self.school.pk, other)]
        self.book.enrol(intake, [self._entry(intake, worker, S.CONFIRMED, days=(15, 2)) for worker in workers])
        self._goes(intake, workers)
        self.book.flush()
        SeatShare.objects.bulk_create(
            SeatShare(run_id=intake.run.pk, school_id=school, held=held)
            for school, held in ((self.school.pk, 2), (other, 1))
        )

    def _allocated(
        self, code: str, starts: Sequence[int], *, places: int, applicants: int, closes: int, shown: bool = False
    ) -> None:
        """Applications are gathered until a day; with a day that is past, the coordinator may share the places out."""
        together = models.Intake.objects.create(
            uid=self.chance.uid(), by_allocation=True, created_at=at(self.today - 30 * DAY, 11)
        )
        deadline = at(self.today + closes * DAY, 18)
        runs = [self._run(code, days, places, intake=together, closes_at=deadline) for days in starts]
        workers = self._others(runs[-1], applicants) + [self.shown] * shown
        wishes = {worker.person_id: self._order(runs, every=worker is self.shown) for worker in workers}
        for intake in runs:
            entries = [
                self._entry(intake, worker, S.POOLED, days=(15, 2), wish=wishes[worker.person_id].index(intake) + 1)
                for worker in workers
                if intake in wishes[worker.person_id]
            ]
            self.book.enrol(intake, entries)

    def _order(self, runs: list[Intake], *, every: bool) -> list[Intake]:
        """Which of the runs somebody wishes for, the dearest first."""
        count = len(runs) if every or self.chance.happens(BOTH) else 1
        return self.chance.sample(runs, count)

    def _others(self, intake: Intake, count: int) -> list[Worker]:
        drawn = self.crowd.draw_librarians(self.chance, count + 1, intake.run.course_id, intake.starts, 99)
        return [worker for worker in drawn if worker is not self.shown][:count]

    def _goes(self, intake: Intake, workers: Iterable[Worker]) -> None:
        for worker in workers:
            worker.goes(intake.run.course_id, (intake.ends or intake.starts) + DAY)

    def _school(self, worker: Worker) -> int | None:
        return worker.school_on(self.today)

    def _entry(
        self,
        intake: Intake,
        worker: Worker,
        state: str,
        *,
        days: tuple[int, int],
        wish: int = 1,
        last: datetime | None = None,
    ) -> Entry:
        """Applied and decided between so many days ago; the last move may be put on an instant of its own."""
        legs = way(intake.roles, state, queued=state == S.OFFERED)
        first, until = (at(self.today - ago * DAY, 9) for ago in days)
        times = times_of(self.chance, len(legs), first, first + (until - first) * 0.6, until)
        return Entry(
            person_id=worker.person_id,
            school_id=self._school(worker),
            state=state,
            legs=legs,
            times=[*times[:-1], last] if last else times,
            reason=self.chance.choice(words.REASONS["ru" if self.chance.happens(0.3) else "kk"]),
            wish=wish,
            offer_until=last + timedelta(hours=OFFER_HOURS) if last else None,
        )

    def _conference(self) -> None:
        """The next conference has three places, and more wish to go; people and conferences stand in the database."""
        edition = open_editions(today=self.today).first()
        if edition is None:
            return
        made = at(self.today - 12 * DAY, 10)
        closes = self.today + 20 * DAY
        delegation = Delegation.objects.create(
            edition=edition, places=3, school_cap=1, closes_on=closes, created_at=made
        )
        schools = {row.person_id: row.school_on(self.today) for row in self.crowd.librarians if row is not self.shown}
        able = [(person, school) for person, school in schools.items() if school]
        Wish.objects.bulk_create(
            Wish(
                uid=self.chance.uid(),
                delegation=delegation,
                person_id=person,
                school_id=school,
                text=text,
                created_at=self.chance.between(made, at(self.today, 7)),
            )
            for (person, school), text in zip(
                self.chance.sample(able, min(len(able), len(WISHES))), WISHES, strict=False
            )
        )
