"""What came of the runs: certificates, answers after the course, attendance of those under way."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from courses.certificates import CODE_ALPHABET, CODE_LENGTH, LANGUAGES
from courses.models import Attendance, Certificate, CertificateSeries, Feedback, FeedbackGiven, Meeting, Run
from courses.models.certificate import NUMBER
from courses.states import CertificateState, EnrolmentState, MarkSource, Presence
from nis_library.home.demo import plan, rows, words
from nis_library.home.demo.book import Entry, Intake
from nis_library.home.demo.chance import Chance, at
from nis_library.home.demo.crowd import Crowd
from nis_library.home.demo.timetable import working
from schools.models import School

ANSWERS_SINCE = timedelta(days=400)
"""Runs that ended longer ago have no answers: nobody was asked then."""
REVOKED = "Деректерде қате табылды: сағат саны дұрыс көрсетілмеген."


@dataclass(frozen=True, slots=True)
class Due:
    """A certificate to be written when its turn in the year's register comes."""

    on: date
    entry: Entry
    intake: Intake
    ends: date


class Outcomes:
    """Collects what follows from results, and writes it year by year."""

    def __init__(self, chance: Chance, crowd: Crowd, *, today: date) -> None:
        self.chance, self.crowd, self.today = chance, crowd, today
        self.workers = {worker.person_id: worker for worker in crowd.librarians}
        self.schools = {
            school.pk: school for school in School.objects.filter(pk__in=crowd.heads).prefetch_related("names")
        }
        self.due: dict[int, list[Due]] = defaultdict(list)
        self.feedback: list[Feedback] = []
        self.given: list[FeedbackGiven] = []
        self.now_there: dict[int, tuple[Intake, list[int]]] = {}

    def of_run(self, intake: Intake, made: Iterable[Entry]) -> None:
        """Certificates and answers of a run whose results are decided; seminars for other schools have none."""
        if plan.is_outreach(intake.run.course) or intake.ends is None:
            return
        issued = working(intake.ends + timedelta(days=self.chance.randint(5, 16)))
        for entry in made:
            if entry.state != EnrolmentState.COMPLETED:
                continue
            if issued <= self.today:
                self.due[issued.year].append(Due(issued, entry, intake, intake.ends))
            if intake.ends > self.today - ANSWERS_SINCE and self.chance.happens(0.7):
                self._answer(intake.run, entry, intake.ends)

    def under_way(self, intake: Intake, made: Iterable[Entry]) -> None:
        """These take part in a run that has begun."""
        self.now_there[intake.run.pk] = (intake, [row.id for row in made if row.state == EnrolmentState.CONFIRMED])

    def certify(self, year: int) -> None:
        """Write the certificates of a year, numbered in the order of their dates."""
        due = sorted(self.due.pop(year, []), key=lambda one: (one.on, one.entry.id))
        certificates = [self._certificate(one, order) for order, one in enumerate(due, start=1)]
        if certificates:
            CertificateSeries.objects.create(year=year, next_order=len(certificates) + 1)
        rows.write(certificates)

    def close(self) -> None:
        """Write answers, and who was there so far. The runs stand in the database by now."""
        rows.write(self.feedback)
        rows.write(self.given)
        past = Meeting.objects.filter(run__in=self.now_there, ends_at__lt=at(self.today, 0)).order_by(
            "run", "starts_at"
        )
        rows.write(
            [
                Attendance(
                    meeting=meeting,
                    enrolment_id=key,
                    presence=Presence.PRESENT if self.chance.happens(0.92) else Presence.ABSENT,
                    source=MarkSource.TRAINER,
                    marked_by_id=self.now_there[meeting.run_id][0].trainer_id,
                    marked_at=meeting.ends_at,
                )
                for meeting in past
                for key in self.now_there[meeting.run_id][1]
            ]
        )

    def _answer(self, run: Run, entry: Entry, ends: date) -> None:
        marks = [self.chance.choices((5, 4, 3, 2), (56, 32, 10, 2))[0] for _ in range(3)]
        self.feedback.append(
            Feedback(
                run=run,
                day=ends + timedelta(days=self.chance.randint(0, 6)),
                useful=marks[0],
                clear=marks[1],
                organised=marks[2],
                will_use=self.chance.choice(words.WILL_USE),
                better=self.chance.choice(words.BETTER),
            )
        )
        self.given.append(FeedbackGiven(enrolment_id=entry.id))

    def _certificate(self, due: Due, order: int) -> Certificate:
        entry, run, worker = due.entry, due.intake.run, self.workers[due.entry.person_id]
        revoked = self.chance.happens(0.002)
        said = {f"programme_{language}": getattr(run.course, f"title_{language}") for language in LANGUAGES}
        return Certificate(
            enrolment_id=entry.id,
            person_id=entry.person_id,
            code="".join(self.chance.choices(CODE_ALPHABET, k=CODE_LENGTH)),
            number=NUMBER.format(year=due.on.year, order=order),
            state=CertificateState.REVOKED if revoked else CertificateState.VALID,
            issued_on=due.on,
            issued_at=at(due.on, 15),
            issued_by_id=self.crowd.coordinators[0],
            holder=worker.holder,
            holder_latin=worker.latin,
            hours=run.course.hours,
            starts_on=due.intake.starts,
            ends_on=due.ends,
            closed_at=at(due.on, 16) if revoked else None,
            closed_reason=REVOKED if revoked else "",
            **said,
            **self._names(entry.school_id, "school", due.ends),
            **self._place(run, due.ends),
        )

    def _place(self, run: Run, day: date) -> dict[str, str]:
        said = {f"place_{language}": getattr(run, f"place_{language}") for language in LANGUAGES}
        return said if any(said.values()) else self._names(run.host_id, "place", day)

    def _names(self, school_id: int | None, field: str, day: date) -> dict[str, str]:
        """The school's names of that day: in full for `school`, short for `place`."""
        if school_id is None:
            return {}
        school = self.schools[school_id]
        name = school.official_name if field == "school" else school.short_name
        return {f"{field}_{language}": name(on=day, language=language) for language in LANGUAGES}
