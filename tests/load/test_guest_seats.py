"""Groups of guests at the door at the same moment, through HTTP, a real server and PostgreSQL."""

import os
import time

import pytest
import time_machine

from courses import guest_links, seats
from courses.forms import guarded
from courses.models import Signup
from courses.states import EnrolmentState as S
from schools.models import School
from tests import make
from tests.courses import guests
from tests.load import crowd

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 50 if os.environ.get("STRESS") else 3
CAPACITY, GROUP = 8, 5
LETTERS = "абвгдежзик"


def typed(contact: str, colleagues: list[str], school: School) -> dict[str, str]:
    with time_machine.travel(time.time() - 10):
        shown = guarded.now_signed()
    return {
        "name": f"Бекова {contact}",
        "school": school.uid,
        "post": "subject_teacher",
        "email": f"{contact.lower()}@example.kz",
        "phone": "",
        "comes": "on",
        "colleagues": "\n".join(colleagues),
        "website": "",
        "shown_at": shown,
        "consent": "on",
    }


def rush_of_two_groups(url: str) -> list[str]:
    """Two groups of five for eight seats; returns what stands against the promise."""
    run = guests.run(capacity=CAPACITY)
    people = [f"Дәулетов{letter} Асан" for letter in LETTERS]
    school = make.general_school()
    forms = [typed("Асыл", people[: GROUP - 1], school), typed("Гүл", people[GROUP - 1 : 2 * GROUP - 2], school)]
    for form, name in zip(forms, ("asyl", "gul"), strict=True):
        form["email"] = f"{name}-{run.uid}@example.kz"
    statuses = crowd.rush(url, [(f"/kk/seminars/{run.uid}/sign-up/", "", form) for form in forms])
    faults = [] if statuses == [302, 302] else [f"answers {statuses}"]
    states = guests.states(run)
    if states != [(n, S.OFFERED if n <= CAPACITY else S.WAITING) for n in range(1, 2 * GROUP + 1)]:
        faults.append(f"states {states}")
    for signup in Signup.objects.filter(run=run):
        numbers = list(signup.enrolments.order_by("number").values_list("number", flat=True))
        if numbers not in ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]):
            faults.append(f"a group was torn apart: {numbers}")
    return faults + seats.verify()


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_two_groups_at_once_for_the_last_seats(server, round_number):
    assert rush_of_two_groups(server) == []


def test_without_the_lock_the_same_rush_breaks_the_promise(stack):
    stack.web(workers=2, threads=8, DJANGO_SETTINGS_MODULE="tests.load.unlocked.settings")
    assert any(rush_of_two_groups(stack.url) for _ in range(20))


def test_a_link_that_is_pressed_many_times_at_once_confirms_once(server):
    run = guests.run(capacity=3)
    signup = guests.sign_up(run, 2)
    path = f"/s/{guest_links.token(signup)}/confirm/"
    assert set(crowd.rush(server, [(path, "", {})] * 8)) == {302}
    assert guests.states(run) == [(1, S.CONFIRMED), (2, S.CONFIRMED)]
    assert [row.moves.count() for row in run.enrolments.all()] == [2, 2]
    assert seats.verify() == []


def test_cancelling_and_confirming_at_once_waste_and_oversell_nothing(server):
    run = guests.run(capacity=4)
    groups = [guests.sign_up(run, 2) for _ in range(4)]
    paths = [f"/s/{guest_links.token(group)}" for group in groups]
    requests = [(f"{path}/confirm/", "", {}) for path in paths]
    requests += [(f"{paths[0]}/cancel/", "", {}), (f"{paths[1]}/cancel/", "", {})]
    assert max(crowd.rush(server, requests)) < 500
    assert seats.verify() == []
    gone = {S.WITHDRAWN}
    assert {state for number, state in guests.states(run) if number <= 4} == gone
    assert {state for number, state in guests.states(run) if number > 4} == {S.CONFIRMED}
