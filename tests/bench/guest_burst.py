"""A seminar opens: guests sign up from 200 clients, against the same statements sent by cursor."""

import pickle
import time
from functools import cache

import time_machine
from django.conf import settings
from django.test import Client

from courses.forms import guarded
from courses.models import Enrolment, EnrolmentMove, Run, Signup
from courses.states import EnrolmentState as S
from schools.models import AuditEntry, Person, School
from schools.models.base import make_uid
from tests import make
from tests.bench import people, sizes, statements, views, web
from tests.bench.measure import Line, more_is_better
from tests.courses import guests

FIRST_KEYS = {
    Person: 2_000_000,
    Run: 3_000_000,
    Enrolment: 4_000_000,
    EnrolmentMove: 5_000_000,
    AuditEntry: 6_000_000,
    Signup: 8_000_000,
}
NUMBER = 7_000_000
CLIENTS, SEATS = 200, 300


@cache
def school() -> School:
    return School.objects.filter(kind="general", archived_at=None).first() or make.general_school()


def typed(email: str, surname: str) -> dict[str, object]:
    with time_machine.travel(time.time() - 60):
        shown = guarded.now_signed()
    return {
        "name": f"{surname} Айгүл",
        "school": school().uid,
        "post": "subject_teacher",
        "email": email,
        "phone": "",
        "comes": "on",
        "colleagues": "",
        "website": "",
        "shown_at": shown,
        "consent": "on",
    }


def path_of(run: Run) -> str:
    return f"/kk/seminars/{run.uid}/sign-up/"


def record(run: Run) -> statements.Recording:
    """One real sign-up, statement by statement."""
    client = Client(headers={"host": settings.SITE_HOST})
    client.post(path_of(run), typed("warm@example.kz", "Бекова"), secure=True)  # templates and such are read once
    Run.objects.filter(pk=run.pk).update(next_number=NUMBER)
    email = f"{make_uid()}@example.kz"
    with statements.recorded() as found:
        answer = client.post(path_of(run), typed(email, "Дәулетова"), secure=True)
    if answer.status_code != 302:
        raise RuntimeError(f"the sign-up was answered with {answer.status_code}")
    row = Enrolment.objects.select_related("person", "signup").get(run=run, person__email=email)
    keys = {"uid": row.uid, "email": email, "run": run.pk, "run_uid": run.uid}
    keys |= {"person_uid": row.person.uid, "signup_uid": row.signup.uid}
    models = (Person, Signup, Enrolment, EnrolmentMove, AuditEntry)
    return statements.Recording(found, keys, number=row.number, made=statements.newest(models))


def measure() -> Line:
    for model, first in FIRST_KEYS.items():
        people.number_from(model, first)
    number, clients = sizes.count(2000, 20), sizes.count(CLIENTS, 4)
    recording = record(guests.run(capacity=SEATS))
    views.SIGNUP.write_bytes(pickle.dumps(recording))
    with web.server() as port:

        def real() -> float:
            run = guests.run(capacity=SEATS)
            forms = [typed(f"{make_uid()}@example.kz", "Бекова") for _ in range(number)]
            asked = [web.request(path_of(run), data=form, source=_source(at)) for at, form in enumerate(forms)]
            speed = web.drive(port, asked, clients=clients, status=302)
            held = Enrolment.objects.filter(run=run, state=S.OFFERED).order_by("number")
            numbers = list(held.values_list("number", flat=True))
            everybody = Enrolment.objects.filter(run=run).count()
            if numbers != list(range(1, min(SEATS, number) + 1)) or everybody != number:
                raise RuntimeError(f"{len(numbers)} seats held, {everybody} people written down of {number}")
            return speed

        def bare() -> float:
            run = guests.run(capacity=SEATS)
            data = [{"run": run.pk, "run_uid": run.uid, "email": f"{make_uid()}@example.kz"} for _ in range(number)]
            return web.drive(
                port, [web.request("/limit/sign-up/", data=one) for one in data], clients=clients, status=200
            )

        value, limit = web.side_by_side(sizes.ROUNDS, real, bare)
    note = f"{number} guests from {clients} clients for {SEATS} seats, exact; {len(recording.statements)} statements"
    return more_is_better("guest_burst", value, "sign-ups/s", limit, note)


def _source(at: int) -> str:
    """Guests come from many schools, each with its own address on the net."""
    return f"198.18.{at // 250 % 250}.{at % 250 + 1}"
