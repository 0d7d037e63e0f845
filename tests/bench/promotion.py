"""200 people give their seats back at once; the first 200 of 500 who wait get them, against the same statements."""

import pickle
from collections.abc import Sequence

from django.conf import settings
from django.test import Client

from courses import seats
from courses.models import Enrolment, EnrolmentMove, Run
from courses.queries import busy_source, spans_of
from courses.states import EnrolmentState as S
from courses.states import Verb
from schools import agenda
from schools.models import AuditEntry, Person
from tests import make
from tests.bench import enrol, people, sizes, statements, views, web
from tests.bench.measure import Line, more_is_better
from tests.courses import rows

SEATS, WAITING, LEAVING, CLIENTS = 300, 500, 200, 200
NUMBER = 7_000_000
Leaver = tuple[people.Member, Enrolment]
"""Somebody who gives the seat of this row back."""


def measure() -> Line:
    for model, first in {**enrol.FIRST_KEYS, Person: 8_000_000}.items():
        people.number_from(model, first)
    many, staying, queued = (sizes.count(number, number // 50) for number in (LEAVING, SEATS - LEAVING, WAITING))
    leaving, others = people.librarians(many), make.librarians(people.school(), staying + queued)
    offered, times = enrol.runs(), list[float]()
    found = _record(leaving[0], others[:3], next(offered))
    views.PROMOTION.write_bytes(pickle.dumps(found))

    def opened() -> tuple[Run, list[Leaver], list[Enrolment]]:
        return _full(next(offered), leaving, others[:staying], others[staying:])

    def real() -> float:
        run, going, waiting = opened()
        done = web.rush(port, [_withdrawal(*one) for one in going], clients=clients, status=302)
        times.extend(done.times)
        _check(run, waiting[:many], waiting[many:])
        return done.speed

    def bare() -> float:
        run, going, waiting = opened()
        asked = [_replayed(leaver, taker) for leaver, taker in zip(going, waiting[:many], strict=True)]
        speed = web.drive(port, asked, clients=clients, status=200)
        if (found := Enrolment.objects.filter(run=run, state=S.CONFIRMED).count()) != many + staying:
            raise RuntimeError(f"the limit gave {found} seats")
        return speed

    clients = sizes.count(CLIENTS, many)
    with web.server() as port:
        _run, going, _waiting = opened()
        web.drive(port, [_withdrawal(*one) for one in going[: web.WARM_CLIENTS]], clients=4, status=302)
        value, limit = web.side_by_side(sizes.ROUNDS, real, bare)
    note = (
        f"{many} of {many + staying} give their seats back at once and {queued} wait; all {many} seats given in order "
    )
    note += f"after {many / value:.1f} s; answered within {web.percentile(times, 50) / 1000:.1f} s (p50), "
    note += f"{web.percentile(times, 95) / 1000:.1f} s (p95); {len(found.statements)} statements each"
    return more_is_better("promotion", value, "seats/s", limit, note)


def _full(
    run: Run, leaving: Sequence[people.Member], staying: Sequence[Person], queued: Sequence[Person]
) -> tuple[Run, list[Leaver], list[Enrolment]]:
    """A run whose seats are all taken and whose list is long; gives those who leave, and the list."""
    run.capacity = len(leaving) + len(staying)
    run.save(update_fields=["capacity"])
    seated = rows.seats(run, [Person(pk=one.person) for one in leaving] + list(staying), school=people.school())
    agenda.retake(takers={busy_source(row.pk): row.person_id for row in seated}, spans=spans_of(run))
    waiting = rows.seats(run, queued, state=S.WAITING, school=people.school())
    return run, list(zip(leaving, seated[: len(leaving)], strict=True)), waiting


def _record(member: people.Member, others: Sequence[Person], run: Run) -> statements.Recording:
    """One real withdrawal and what it leads to, statement by statement."""
    client = Client(headers={"host": settings.SITE_HOST})
    client.cookies[settings.SESSION_COOKIE_NAME] = member.session
    _run, going, waiting = _full(run, [member], others[:1], others[1:])
    Run.objects.filter(pk=run.pk).update(next_number=NUMBER)
    client.get(_path(going[0][1]), secure=True)  # templates and such are read once
    with statements.recorded() as found:
        answer = client.post(f"{_path(going[0][1])}withdraw/", secure=True)
    if answer.status_code != 302:
        raise RuntimeError(f"the withdrawal was answered with {answer.status_code}")
    made = statements.newest((EnrolmentMove, AuditEntry), 2)
    return statements.Recording(found, _keys(going[0], waiting[0]), number=NUMBER, made=made)


def _path(row: Enrolment) -> str:
    return f"/kk/applications/{row.uid}/"


def _keys(leaver: Leaver, taker: Enrolment) -> dict[str, object]:
    """What stands in the statements and is another's each time."""
    member, row = leaver
    keys = {"session": member.session, "user": member.user, "person": member.person, "row": row.pk, "row_uid": row.uid}
    keys |= {"row_source": busy_source(row.pk), "run": row.run_id, "run_uid": row.run.uid}
    return keys | {"taker": taker.pk, "taker_source": busy_source(taker.pk), "taker_person": taker.person_id}


def _withdrawal(member: people.Member, row: Enrolment) -> bytes:
    return web.request(f"{_path(row)}withdraw/", session=member.session, data={"note": ""})


def _replayed(leaver: Leaver, taker: Enrolment) -> bytes:
    return web.request("/limit/promotion/", session=leaver[0].session, data=_keys(leaver, taker))


def _check(run: Run, due: Sequence[Enrolment], left: Sequence[Enrolment]) -> None:
    """The first of the list have the seats, given in order, and the rest still wait."""
    given = EnrolmentMove.objects.filter(enrolment__run=run, verb=Verb.CONFIRM).order_by("pk")
    waiting = Enrolment.objects.filter(run=run, state=S.WAITING).order_by("number")
    if list(given.values_list("enrolment", flat=True)) != [row.pk for row in due]:
        raise RuntimeError(f"run {run.pk}: {given.count()} seats given, not as due")
    if list(waiting.values_list("pk", flat=True)) != [row.pk for row in left]:
        raise RuntimeError(f"run {run.pk}: {waiting.count()} people wait, not as due")
    if faults := seats.verify():
        raise RuntimeError("; ".join(faults))
