"""Two parallel runs, three schools and everybody who wants a seat: what the histories of seats are played with."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from courses.models import Enrolment, EnrolmentMove, HandOver, Intake, Run, SeatShare, Signup
from courses.queries import busy_source
from courses.states import RunState
from schools.access import Actor
from schools.models import Busy, Person, School
from schools.queries import in_memberships
from tests import make
from tests.courses import guests, rows, seat_model

BEGIN = datetime(2027, 1, 11, 4, 0, tzinfo=UTC)
START = BEGIN + timedelta(days=12)
"""The first run meets so long after the history begins; the second a week later."""


@dataclass(frozen=True)
class Seen:
    """An application at one moment: its row, and how long its timeline is."""

    row: Enrolment
    told: int
    last: str


@dataclass
class World:
    """`runs[1]` is parallel to `runs[0]`: who has a seat in one is passed over in the other."""

    cast: object
    runs: list[Run] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    schools: list[School] = field(default_factory=list)
    contacts: list[School | None] = field(default_factory=list)

    def build(self, *, capacity: int, approval: bool, offer_hours: int, merge_days: int) -> None:
        chain = rows.director_chain() if approval else rows.chain()
        course, intake = rows.course(kind="seminar", hours=6), Intake.objects.create()
        merge_at = BEGIN + timedelta(days=merge_days) if merge_days else None
        fields = {"course": course, "chain": chain, "intake": intake, "offer_hours": offer_hours, "merge_at": merge_at}
        fields["hold_limit"] = 2
        self.runs = [
            guests.run(capacity=capacity if week == 0 else 1, start=START + timedelta(weeks=week), **fields)
            for week in range(2)
        ]
        self.schools = [self.cast.school, self.cast.other_school, make.school(region=self.cast.other_school.region)]
        here, there, near = self.schools
        self.people = [*make.librarians(here, 3), *make.librarians(there, 2), *make.librarians(near, 1)]
        self.contacts = [here, near, None]

    def one(self, at: int, run: int, *states: str) -> Enrolment | None:
        """One of the staff's applications in these states, if there is any; `at` chooses among them."""
        found = Enrolment.objects.filter(run=self.runs[run], signup=None, state__in=states).order_by("number")
        rows = list(found.select_related("run", "person", "school"))
        return rows[at % len(rows)] if rows else None

    def signup(self, at: int, run: int) -> Signup | None:
        """One of the sign-ups of guests, if there is any."""
        found = list(Signup.objects.filter(run=self.runs[run]).select_related("run", "school").order_by("pk"))
        return found[at % len(found)] if found else None

    def colleagues(self, row: Enrolment) -> list[Person]:
        """The others who work at the school of the application today."""
        today = timezone.localdate()
        working = set(Person.objects.filter(in_memberships(today, school=row.school_id)).values_list("pk", flat=True))
        return [one for one in self.people if one.pk in working and one.pk != row.person_id]

    def handing(self, at: int, *states: str) -> HandOver | None:
        """One of the hand-overs in these states, if there is any."""
        found = HandOver.objects.filter(state__in=states).select_related("to", "enrolment__person").order_by("pk")
        rows = list(found)
        return rows[at % len(rows)] if rows else None

    @staticmethod
    def handed() -> dict[int, int]:
        """Places that passed to a colleague: whose row has it now, and whose had it."""
        return dict(HandOver.objects.filter(state="done").values_list("taker", "enrolment"))

    def has_seat(self, at: int, run: int) -> bool:
        found = Enrolment.objects.filter(run=self.runs[run], person=self.people[at])
        return found.filter(state__in=seat_model.SEATED).exists()

    def share(self, run: int, school: int, *, area: bool) -> SeatShare:
        """The rule for a school, or for the region where it lies: as it stands, or a new one."""
        where = self.schools[school]
        key = {"region": where.region} if area else {"school": where}
        found = SeatShare.objects.filter(run=self.runs[run], **key).first()
        return found or SeatShare(run=self.runs[run], **key)

    def seen(self) -> dict[int, Seen]:
        """All applications by key."""
        moves: dict[int, list[str]] = {}
        for key, state in EnrolmentMove.objects.order_by("pk").values_list("enrolment", "state"):
            moves.setdefault(key, []).append(state)
        found = Enrolment.objects.filter(run__in=self.runs).select_related("person", "school", "signup")
        return {row.pk: Seen(row, len(moves[row.pk]), moves[row.pk][-1]) for row in found.order_by("run", "number")}

    def pictures(self, seen: dict[int, Seen]) -> list[seat_model.Picture]:
        """The runs as the model knows them."""
        found = Run.objects.select_related("intake").prefetch_related("meetings", "shares__school").order_by("pk")
        busy = list(Busy.objects.values_list("person", "source", "start", "end"))
        return [self._picture(run, seen, busy) for run in found.filter(pk__in=[run.pk for run in self.runs])]

    def _picture(self, run: Run, seen: dict[int, Seen], busy: list[tuple]) -> seat_model.Picture:
        spans = [(one.starts_at, one.ends_at) for one in run.meetings.all()]
        taken = {(who, source) for who, source, start, end in busy if any(start < to and at < end for at, to in spans)}
        return seat_model.Picture(
            capacity=run.capacity,
            rows=tuple(self._row(one.row, taken) for one in seen.values() if one.row.run_id == run.pk),
            shares=tuple(
                seat_model.Share(
                    one.school_id, one.school.region_id if one.school else one.region_id, one.floor, one.cap, one.held
                )
                for one in run.shares.all()
            ),
            school_limit=run.school_limit,
            region_limit=run.region_limit,
            keeps=run.merge_at is None or timezone.now() < run.merge_at,
            gives=run.state == RunState.PUBLISHED and (not run.intake.by_allocation or bool(run.intake.published_at)),
        )

    @staticmethod
    def _row(row: Enrolment, taken: set[tuple[int, str]]) -> seat_model.Row:
        others = {source for who, source in taken if who == row.person_id} - {busy_source(row.pk)}
        return seat_model.Row(
            key=row.pk,
            number=row.number,
            person=row.person_id,
            state=row.state,
            school=row.school_id,
            region=row.school.region_id if row.school else None,
            of_held=row.of_held,
            able=row.person.archived_at is None and (row.signup is None or row.signup.verified_at is not None),
            busy=bool(others),
        )


def actor_of(person: Person) -> Actor:
    return Actor(person_id=person.pk, is_authenticated=True)


def email(at: int) -> str:
    return f"contact{at}@example.kz"
