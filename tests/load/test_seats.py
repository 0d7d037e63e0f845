"""The rush for seats, through HTTP, a real server and PostgreSQL. Each promise has a twin that breaks it."""

import os

import pytest

from courses import enrolling, seats
from courses.models import Enrolment
from courses.states import EnrolmentState as S
from schools.models import Busy
from tests.courses import rows
from tests.load import crowd

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 50 if os.environ.get("STRESS") else 2
CAPACITY, PEOPLE = 30, 100


def rush_for_seats(url, cast):
    """100 people, 30 seats; returns what stands against the promise."""
    run = rows.run(capacity=CAPACITY)
    sessions = crowd.librarians(cast.school, PEOPLE)
    statuses = crowd.rush(url, [(f"/kk/courses/{run.uid}/apply/", session, {}) for session in sessions])
    numbers = {
        state: list(Enrolment.objects.filter(run=run, state=state).order_by("number").values_list("number", flat=True))
        for state in (S.CONFIRMED, S.WAITING)
    }
    faults = [] if set(statuses) == {302} else [f"answers {sorted(set(statuses))}"]
    if numbers[S.CONFIRMED] != list(range(1, CAPACITY + 1)):
        faults.append(f"confirmed {numbers[S.CONFIRMED]}")
    if numbers[S.WAITING] != list(range(CAPACITY + 1, PEOPLE + 1)):
        faults.append(f"waiting {numbers[S.WAITING]}")
    return faults + seats.verify()


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_a_hundred_at_once_for_thirty_seats(cast, server, round_number):
    assert rush_for_seats(server, cast) == []


def test_without_the_lock_the_same_rush_breaks_the_promise(cast, stack):
    stack.web(workers=2, threads=8, DJANGO_SETTINGS_MODULE="tests.load.unlocked.settings")
    assert any(rush_for_seats(stack.url, cast) for _ in range(5))


def rush_for_two_runs(url, cast):
    """One person in two browsers applies for two runs at the same hours; returns the seats got."""
    session = crowd.librarians(cast.school, 1)[0]
    runs = [rows.run(), rows.run()]
    statuses = crowd.rush(url, [(f"/kk/courses/{run.uid}/apply/", session, {}) for run in runs])
    assert max(statuses) < 500
    return Enrolment.objects.filter(run__in=runs, state=S.CONFIRMED).count()


def test_two_runs_at_the_same_hours_never_confirm_the_same_person(cast, server):
    assert [rush_for_two_runs(server, cast) for _ in range(5 * ROUNDS)] == [1] * 5 * ROUNDS


def test_seats_freed_in_a_rush_all_go_to_the_list_in_order(cast, server):
    run = rows.run(capacity=10)
    sessions = crowd.librarians(cast.school, 25)
    for session in sessions:
        crowd.post(server, f"/kk/courses/{run.uid}/apply/", session, {})
    confirmed = list(Enrolment.objects.filter(run=run, state=S.CONFIRMED).order_by("number"))
    statuses = crowd.rush(
        server,
        [(f"/kk/applications/{row.uid}/withdraw/", sessions[row.number - 1], {}) for row in confirmed[:8]],
    )
    assert set(statuses) == {302}
    held = Enrolment.objects.filter(run=run, state=S.CONFIRMED).order_by("number").values_list("number", flat=True)
    assert list(held) == list(range(9, 19))
    assert seats.verify() == []
    assert Busy.objects.count() == 2 * 10


def test_two_approvers_at_once_leave_one_decision(cast, server):
    run = rows.run(chain=rows.director_chain())
    row = enrolling.enrol(person=cast.librarian.person, run=run, actor=cast.librarian.actor)
    sessions = [member.client().cookies["sessionid"].value for member in (cast.director, cast.deputy)]
    data = {"verdict": "approve", "step": "1", "note": ""}
    statuses = crowd.rush(server, [(f"/kk/applications/{row.uid}/decide/", session, data) for session in sessions])
    assert sorted(statuses) == [302, 409]
    assert list(row.moves.values_list("verb", flat=True)) == ["apply", "approve"]
