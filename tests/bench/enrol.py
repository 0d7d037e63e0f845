"""Applications through HTTP, each by another signed-in person, against the same statements sent by cursor."""

import pickle
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

from django.conf import settings
from django.test import Client

from courses.models import Enrolment, EnrolmentMove, Run
from schools.models import AuditEntry, Busy, User
from tests.bench import people, sizes, statements, views, web
from tests.bench.measure import Line, more_is_better
from tests.courses import rows

FIRST_KEYS = {User: 2_000_000, Run: 3_000_000, Enrolment: 4_000_000, EnrolmentMove: 5_000_000, AuditEntry: 6_000_000}
NUMBER = 7_000_000
WEEK = timedelta(days=7)


def runs() -> Iterator[Run]:
    """Runs without approval, with places for everybody, at hours that never overlap."""
    chain = rows.chain()
    for week in count():
        yield rows.run(capacity=100_000, start=rows.START + week * WEEK, chain=chain)


def record(member: people.Member, run: Run) -> statements.Recording:
    """One real application, statement by statement."""
    Run.objects.filter(pk=run.pk).update(next_number=NUMBER)
    client = Client(headers={"host": settings.SITE_HOST})
    client.cookies[settings.SESSION_COOKIE_NAME] = member.session
    client.post(path_of(run), secure=True)  # templates and such are read once
    Enrolment.objects.filter(run=run, person=member.person).delete()
    Busy.objects.filter(person=member.person).delete()
    Run.objects.filter(pk=run.pk).update(next_number=NUMBER)
    with statements.recorded() as found:
        answer = client.post(path_of(run), secure=True)
    if answer.status_code != 302:
        raise RuntimeError(f"the application was answered with {answer.status_code}")
    row = Enrolment.objects.get(run=run, person=member.person)
    keys = {"session": member.session, "user": member.user, "person": member.person, "uid": row.uid}
    keys |= {"run": run.pk, "run_uid": run.uid}
    models = (Enrolment, EnrolmentMove, AuditEntry)
    return statements.Recording(found, keys, number=row.number, made=statements.newest(models))


def path_of(run: Run) -> str:
    return f"/kk/courses/{run.uid}/apply/"


def application(member: people.Member, run: Run) -> bytes:
    return web.request(path_of(run), session=member.session, data={"reason": ""})


def replayed(member: people.Member, run: Run, *, where: Path = views.RECORDING) -> bytes:
    keys = {"session": member.session, "user": member.user, "person": member.person, "recording": where.name}
    return web.request("/limit/statements/", data={**keys, "run": run.pk, "run_uid": run.uid})


def measure(clients: int) -> Line:
    for model, first in FIRST_KEYS.items():
        people.number_from(model, first)
    number = sizes.count(80 if clients == 1 else 200, 2 * clients)
    warm, crowd, others = (people.librarians(many) for many in (web.WARM_CLIENTS * 3, number, number))
    offered = runs()
    recording = record(warm[0], next(offered))
    views.RECORDING.write_bytes(pickle.dumps(recording))
    with web.server() as port:

        def go(way: object, members: list[people.Member], many: int, status: int) -> float:
            run = next(offered)
            speed = web.drive(port, [way(one, run) for one in members], clients=many, status=status)
            if (found := Enrolment.objects.filter(run=run, state="confirmed").count()) != len(members):
                raise RuntimeError(f"{found} of {len(members)} applications stand")
            return speed

        go(application, warm[1:], web.WARM_CLIENTS, 302)
        go(replayed, warm[1:], web.WARM_CLIENTS, 200)
        value, limit = web.side_by_side(
            sizes.ROUNDS, lambda: go(application, crowd, clients, 302), lambda: go(replayed, others, clients, 200)
        )
    note = f"{number} people, all for one run; the limit sends the same {len(recording.statements)} statements"
    return more_is_better(f"enrol_{clients}", value, "enrolments/s", limit, note)
