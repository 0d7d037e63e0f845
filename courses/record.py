"""A person's record of learning: every course by year, and the hours of the moving window against the target."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch, QuerySet

from courses import queries
from courses.models import Certificate, Enrolment
from courses.states import CertificateState, EnrolmentState
from schools import norms
from schools.models import Person
from schools.models.school import in_language

DECIDED = (EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One course with its result. `hours` are academic hours, and count only where `completed`.

    `title` is that of the certificate where a valid one stands, as it may be checked against it.
    """

    enrolment: Enrolment
    title: str
    hours: int
    completed: bool
    certificate: Certificate | None


@dataclass(frozen=True, slots=True)
class Year:
    """The courses that ended in a calendar year, the newest first; None for those without dates."""

    year: int | None
    hours: int
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Record:
    """Everything up to a day. `window_hours` are those of the last `window_years` years, from `since` on."""

    person: Person
    on: date
    since: date
    window_hours: int
    target: int
    window_years: int
    years: list[Year]
    courses: int
    hours: int
    certificates: int

    @property
    def lacking(self) -> int:
        """Hours to the target, 0 once it is reached."""
        return max(0, self.target - self.window_hours)


def of(person: Person, *, on: date) -> Record:
    """The record up to that day (inclusive), in the active language."""
    entries = [_entry(row) for row in _decided(person.pk, on)]
    done = [entry for entry in entries if entry.completed]
    return Record(
        person=person,
        on=on,
        since=queries.window_start(on),
        window_hours=queries.hours_in_window(person.pk, on),
        target=norms.value("target_hours", on=on),
        window_years=norms.value("target_years", on=on),
        years=_by_year(entries),
        courses=len(done),
        hours=sum(entry.hours for entry in done),
        certificates=sum(entry.certificate is not None for entry in entries),
    )


def _decided(person_id: int, on: date) -> QuerySet[Enrolment]:
    valid = Certificate.objects.filter(state=CertificateState.VALID)
    return (
        Enrolment.objects.filter(person=person_id, state__in=DECIDED)
        .exclude(run__ends_on__gt=on)
        .select_related("run__course")
        .prefetch_related(Prefetch("certificates", valid, to_attr="standing"))
        .order_by(F("run__ends_on").desc(nulls_last=True), "-id")
    )


def _entry(row: Enrolment) -> Entry:
    standing: list[Certificate] = row.standing  # type: ignore[attr-defined]
    certificate = next(iter(standing), None)
    return Entry(
        enrolment=row,
        title=in_language(certificate, "programme") if certificate else str(row.run.course),
        hours=row.run.course.hours,
        completed=row.state == EnrolmentState.COMPLETED,
        certificate=certificate,
    )


def _by_year(entries: list[Entry]) -> list[Year]:
    years: dict[int | None, list[Entry]] = {}
    for entry in entries:
        ends = entry.enrolment.run.ends_on
        years.setdefault(ends.year if ends else None, []).append(entry)
    return [Year(year, sum(one.hours for one in group if one.completed), group) for year, group in years.items()]
