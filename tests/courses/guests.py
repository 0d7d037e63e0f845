"""Guests for tests: contacts, the people they bring, and sign-ups."""

from datetime import timedelta
from itertools import count

from django.db.models import F
from django.utils import timezone

from courses import signing_up, walk_ins
from courses.models import Enrolment, Run, RunTrainer, Signup
from courses.signing_up import Contact
from schools.access import Actor
from schools.guests import GuestData
from schools.models import Person, School
from schools.models.base import make_uid
from tests.courses import rows

_number = count(1)
SURNAMES = ("Бекова", "Дәулетов", "Ескенова", "Жақсыбек", "Кәрімова", "Латифов")


def run(**fields: object) -> Run:
    """A published seminar that is open to staff of any school."""
    return rows.run(**{"outreach": True, "course": rows.course(kind="seminar", hours=6), "days": 1, **fields})


def on_now(trainer: Person, **fields: object) -> Run:
    """A seminar whose one meeting began ten minutes ago, taught by this person."""
    start = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=10)
    row = run(**{"start": start, "capacity": 50, **fields})
    days = timezone.localdate(start)
    Run.objects.filter(pk=row.pk).update(starts_on=days, ends_on=days)
    row.meetings.update(day=days)
    RunTrainer.objects.create(run=row, person=trainer)
    row.refresh_from_db()
    return row


def confirmed(run: Run, many: int = 1, **fields: object) -> Signup:
    """As `sign_up`, and the link was used: everybody has a place where there were enough."""
    made = sign_up(run, many, **fields)
    signing_up.confirm(signup=made)
    made.refresh_from_db()
    return made


def attended(trainer: Person, many: int = 1, **fields: object) -> Signup:
    """People who had a place in a seminar of last week and were present."""
    seminar = on_now(trainer)
    made = confirmed(seminar, many, **fields)
    rows.attend(made.enrolments.all())
    week = timedelta(days=7)
    seminar.meetings.update(starts_at=F("starts_at") - week, ends_at=F("ends_at") - week, day=seminar.starts_on - week)
    Run.objects.filter(pk=seminar.pk).update(starts_on=seminar.starts_on - week, ends_on=seminar.ends_on - week)
    return Signup.objects.select_related("run__course").get(pk=made.pk)


def walked_in(run: Run, actor: Actor, **fields: object) -> Signup:
    """Somebody at the door of the run's first meeting."""
    usual = {"guest": people(1)[0], "school": None, "language": "kk", "nonce": make_uid()}
    return walk_ins.walk_in(meeting=run.meetings.first(), actor=actor, **{**usual, **fields})


def rows_of(signup: Signup) -> list[Enrolment]:
    """The enrolments of a sign-up, in order."""
    return list(signup.enrolments.select_related("person", "school").order_by("number"))


def people(many: int) -> list[GuestData]:
    return [GuestData(surname=f"{SURNAMES[at % 6]}{next(_number)}", given_name="Айгүл") for at in range(many)]


def sign_up(
    run: Run, many: int = 1, *, email: str = "", name: str = "", school: School | None = None, language: str = "kk"
) -> Signup:
    """A contact (by `name`: surname, given name, patronymic) signs up so many people; nothing is confirmed yet."""
    coming = people(many)
    if name:
        coming[0] = GuestData(*name.split(" "))
    contact = Contact(
        name=name or f"{coming[0].surname} {coming[0].given_name}",
        email=email or f"guest{next(_number)}@example.kz",
        language=language,
    )
    return signing_up.sign_up(run=run, contact=contact, coming=coming, school=school).signup


def states(run: Run) -> list[tuple[int, str]]:
    """Number and state of everybody in the run, in order."""
    return list(run.enrolments.order_by("number").values_list("number", "state"))
