"""A full hall is marked by one form and gets its certificates, against the same statements sent by cursor."""

import pickle
import time
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone

from courses import certificate_batch, signing_up
from courses.models import Attendance, Certificate, Enrolment, Run, RunTrainer, Signup
from courses.states import EnrolmentState, Presence
from courses.views.teaching_common import stamp
from schools import jobs
from schools.access import Actor
from schools.models import AuditEntry, Job, Mail, Person, School, User
from schools.models.base import make_uid
from schools.states import Role
from tests import make
from tests.bench import people, sizes, statements, views, web
from tests.bench.measure import Line, more_is_better
from tests.courses import guests

PEOPLE = sizes.count(500, 10)
GROUP = 5
"""People of one sign-up, whose contact gets one letter."""
FIRST_KEYS = {AuditEntry: 6_000_000, Job: 9_000_000}


def hall(trainer: people.Member) -> Run:
    """A seminar of yesterday with a full hall, nobody of whom is marked yet."""
    now = timezone.now()
    run = guests.run(capacity=PEOPLE, start=now - timedelta(days=1), days=1)
    RunTrainer.objects.create(run=run, person_id=trainer.person)
    school = School.objects.filter(kind="general", archived_at=None).first() or make.general_school()
    signups = Signup.objects.bulk_create(
        Signup(
            run=run,
            name="Бекова Айгүл",
            email=f"{make_uid()}@example.kz",
            school=school,
            consent_version=signing_up.CONSENT_VERSION,
            consented_at=now,
            verified_at=now,
            told_at=now,
        )
        for _ in range(PEOPLE // GROUP)
    )
    came = Person.objects.bulk_create(make.new_person(email=signups[place // GROUP].email) for place in range(PEOPLE))
    Enrolment.objects.bulk_create(
        Enrolment(
            run=run,
            person=one,
            school=school,
            signup=signups[place // GROUP],
            number=place + 1,
            state=EnrolmentState.CONFIRMED,
        )
        for place, one in enumerate(came)
    )
    return run


def path_of(run: Run) -> str:
    return f"/kk/teaching/{run.uid}/attendance/1/"


def sheet(run: Run) -> dict[str, object]:
    """Everybody was there."""
    marks = {f"mark-{uid}": str(Presence.PRESENT) for uid in run.enrolments.values_list("uid", flat=True)}
    return {**marks, "starts": stamp(run.meetings.get()), "seen": "", "reason": ""}


def clear(run: Run) -> None:
    """As before: nobody is marked or certified, and results are open."""
    Certificate.objects.filter(enrolment__run=run).delete()
    Mail.objects.filter(kind="certificate", address__in=run.signups.values("email")).delete()
    Job.objects.filter(kind=certificate_batch.KIND).delete()
    Attendance.objects.filter(meeting__run=run).delete()
    run.enrolments.update(state=EnrolmentState.CONFIRMED)


def certify(run: Run, actor: Actor) -> None:
    jobs.run(certificate_batch.start(run=run, actor=actor).pk)


def complete(run: Run) -> None:
    """Closing the results is no part of this measure."""
    marked = Attendance.objects.filter(meeting__run=run, presence=Presence.PRESENT).count()
    run.enrolments.update(state=EnrolmentState.COMPLETED)
    if marked != PEOPLE:
        raise RuntimeError(f"{marked} of {PEOPLE} people were marked")


def record(run: Run, trainer: people.Member, actor: Actor) -> statements.Bulk:
    """One real hall, statement by statement."""
    client = Client(headers={"host": settings.SITE_HOST})
    client.cookies[settings.SESSION_COOKIE_NAME] = trainer.session
    last = {model: model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0 for model in FIRST_KEYS}
    marks = sheet(run)
    with statements.recorded() as marking:  # of the request alone: it empties Django's log as it begins
        answer = client.post(path_of(run), marks, secure=True)
    if answer.status_code != 302:
        raise RuntimeError(f"the marks were answered with {answer.status_code}")
    complete(run)
    with statements.recorded() as giving:
        certify(run, actor)
    made = {
        model._meta.db_table: list(model.objects.filter(pk__gt=pk).order_by("pk").values_list("pk", flat=True))
        for model, pk in last.items()
    }
    return statements.Bulk([*marking, *giving], made)


def measure() -> Line:
    for model, first in FIRST_KEYS.items():
        people.number_from(model, first)
    trainer = people.librarians(1)[0]
    owner = User.objects.filter(person__memberships__role=Role.HQ).select_related("person").order_by("pk")[0]
    actor = Actor(owner.person_id, str(owner), frozenset({(str(Role.HQ), None)}), is_authenticated=True)
    run = hall(trainer)
    record(run, trainer, actor)  # templates and such are read once
    clear(run)
    recording = record(run, trainer, actor)
    views.ATTENDANCE.write_bytes(pickle.dumps(recording))
    with web.server() as port:

        def real() -> float:
            clear(run)
            marks = web.request(path_of(run), session=trainer.session, data=sheet(run))
            marking = 1 / web.drive(port, [marks], clients=1, status=302)
            complete(run)
            began = time.perf_counter()
            certify(run, actor)
            giving = time.perf_counter() - began
            if (given := Certificate.objects.filter(enrolment__run=run).count()) != PEOPLE:
                raise RuntimeError(f"{given} of {PEOPLE} certificates were given")
            return PEOPLE / (marking + giving)

        def bare() -> float:
            clear(run)
            return PEOPLE * web.drive(port, [web.request("/limit/bulk-attendance/", data={})], clients=1, status=200)

        real(), bare()
        value, limit = web.side_by_side(sizes.ROUNDS, real, bare)
    note = f"{PEOPLE} guests of {PEOPLE // GROUP} sign-ups marked and certified; {len(recording.statements)} statements"
    return more_is_better("bulk_attendance", value, "people/s", limit, note)
