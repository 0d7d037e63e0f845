"""A course opens: 2,000 people apply from 200 clients at once, against the same statements sent by cursor."""

import pickle
from collections.abc import Callable, Iterator, Sequence

from courses import seats
from courses.models import Enrolment, Run
from courses.states import EnrolmentState as S
from tests.bench import enrol, people, sizes, views, web
from tests.bench.measure import Line, more_is_better

PEOPLE, CLIENTS, SEATS = 2000, 200, 300
Asked = Callable[[people.Member, Run, bool], bytes]


def measure(name: str, *, runs: int) -> Line:
    """So many runs share people and seats evenly. Raises RuntimeError unless every number got what it was due."""
    for model, first in enrol.FIRST_KEYS.items():
        people.number_from(model, first)
    number, clients = sizes.count(PEOPLE, 3 * runs), sizes.count(CLIENTS, 4)
    each = max(1, SEATS * number // PEOPLE // runs)
    warm, crowd, others = (people.librarians(many) for many in (3 + web.WARM_CLIENTS, number, number))
    offered, times = enrol.runs(), list[float]()
    lengths = _record(warm[:3], offered)

    def go(way: Asked, members: Sequence[people.Member], status: int) -> tuple[web.Rush, list[Run]]:
        opened = [_limited(next(offered), each) for _ in range(runs)]
        asked = [way(one, opened[at % runs], at // runs < each) for at, one in enumerate(members)]
        done = web.rush(port, asked, clients=clients, status=status)
        if (found := Enrolment.objects.filter(run__in=opened).count()) != len(members):
            raise RuntimeError(f"{found} of {len(members)} applications stand")
        return done, opened

    def real() -> float:
        done, opened = go(lambda member, run, _seat: enrol.application(member, run), crowd, 302)
        times.extend(done.times)
        _check(opened, number // runs)
        return done.speed

    with web.server() as port:
        go(lambda member, run, _seat: enrol.application(member, run), warm[3:], 302)
        value, limit = web.side_by_side(sizes.ROUNDS, real, lambda: go(_replayed, others, 200)[0].speed)
    note = f"{number} people from {clients} clients, runs: {runs} with {each} seats, exact; no errors; "
    note += f"answered within {web.percentile(times, 50) / 1000:.1f} s (p50), {web.percentile(times, 95) / 1000:.1f} s "
    note += f"(p95); {lengths[0]} statements with a seat, {lengths[1]} without"
    return more_is_better(name, value, "applications/s", limit, note)


def _record(members: Sequence[people.Member], offered: Iterator[Run]) -> list[int]:
    """One application that gets a seat and one that finds none; gives the number of statements of each."""
    free, full = next(offered), _limited(next(offered), 1)
    Enrolment.objects.create(run=full, person_id=members[2].person, state=S.CONFIRMED, number=1)
    found = [enrol.record(members[0], free), enrol.record(members[1], full)]
    for where, one in zip((views.RECORDING, views.QUEUED), found, strict=True):
        where.write_bytes(pickle.dumps(one))
    return [len(one.statements) for one in found]


def _replayed(member: people.Member, run: Run, seat: bool) -> bytes:
    return enrol.replayed(member, run, where=views.RECORDING if seat else views.QUEUED)


def _limited(run: Run, capacity: int) -> Run:
    run.capacity = capacity
    run.save(update_fields=["capacity"])
    return run


def _check(runs: Sequence[Run], people_each: int) -> None:
    """The first numbers have the seats, and all others wait in the order in which they came."""
    for run in runs:
        due = [(at, S.CONFIRMED if at <= run.capacity else S.WAITING) for at in range(1, people_each + 1)]
        found = list(Enrolment.objects.filter(run=run).order_by("number").values_list("number", "state"))
        if found != due:
            raise RuntimeError(
                f"run {run.pk}: {len(found)} people, not as due: {[one for one in found if one not in due][:9]}"
            )
    if faults := seats.verify():
        raise RuntimeError("; ".join(faults))
