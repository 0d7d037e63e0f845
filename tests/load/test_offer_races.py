"""Seats that are given, freed, offered, taken and lost at the same moment, through HTTP, a real server and PostgreSQL.

Each race ends in exactly what one of the orders of its deeds would have led to. Twins take the locks away.
"""

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from courses import letters, offers, seats
from courses.models import Enrolment, EnrolmentMove, Intake
from courses.states import EnrolmentState as S
from courses.states import Verb
from schools.models import AuditEntry
from tests.courses import rows
from tests.courses.at_once import at_once
from tests.load import crowd
from tests.services.process import wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 50 if os.environ.get("STRESS") else 2
in_rounds = pytest.mark.parametrize("round_number", range(ROUNDS))
GONE, FULL = 409, 422
"""Refused because it had changed in the meantime; because all places were taken."""


class Scene:
    """A run, people with sessions, and their applications, by number."""

    def __init__(self, url, cast, *, people, **fields):
        self.url, self.run = url, rows.run(**fields)
        self.sessions = crowd.librarians(cast.school, people)
        self.hq = cast.hq.client().cookies["sessionid"].value

    def apply(self, *indices):
        """These people apply one after another; numbers follow the order."""
        for index in indices:
            assert crowd.post(self.url, f"/kk/courses/{self.run.uid}/apply/", self.sessions[index], {}) == 302

    def row(self, number):
        return Enrolment.objects.get(run=self.run, number=number)

    def applies(self, index):
        return f"/kk/courses/{self.run.uid}/apply/", self.sessions[index], {}

    def own(self, number, deed):
        """What the person with this number does; people applied in the order of their sessions."""
        return f"/kk/applications/{self.row(number).uid}/{deed}/", self.sessions[number - 1], {"note": ""}

    def overrides(self, number):
        path = f"/kk/organise/applications/{self.row(number).uid}/override/"
        return path, self.hq, {"reason": "Мектеп сұрады"}

    def capacity(self, number):
        return f"/kk/organise/runs/{self.run.uid}/capacity/", self.hq, {"capacity": str(number)}

    def rush(self, *requests):
        """Send all at once; gives the answers in the order of the requests."""
        answers = {}
        deeds = [
            lambda at=at, request=request: answers.__setitem__(at, crowd.post(self.url, *request))
            for at, request in enumerate(requests)
        ]
        assert at_once(*deeds) == []
        return [answers[at] for at in range(len(requests))]

    def numbers(self, *states):
        found = Enrolment.objects.filter(run=self.run, state__in=states).order_by("number")
        return list(found.values_list("number", flat=True))

    def faults(self, expected, found, *, cut=False):
        """What is not as expected, and what `verify_seats` tells; places that were `cut` take nobody's seat away."""
        wrong = [] if expected == found else [f"expected {expected}, found {found}"]
        return wrong + [fault for fault in seats.verify() if not (cut and "seats given" in fault)]


def last_seat_and_freed_seats(url, cast):
    """Of five seats four are taken; six more people apply while two give theirs back. Three get one, in order."""
    scene = Scene(url, cast, people=10, capacity=5)
    scene.apply(*range(4))
    answers = scene.rush(*(scene.applies(index) for index in range(4, 10)), *(scene.own(n, "withdraw") for n in (1, 2)))
    found = (set(answers), scene.numbers(S.CONFIRMED), scene.numbers(S.WAITING), scene.numbers(S.WITHDRAWN))
    return scene.faults(({302}, [3, 4, 5, 6, 7], [8, 9, 10], [1, 2]), found)


@in_rounds
def test_the_last_seat_and_freed_seats_go_to_newcomers_in_the_order_of_numbers(cast, server, round_number):
    assert last_seat_and_freed_seats(server, cast) == []


def test_without_the_lock_the_last_seat_is_given_twice_or_wasted(cast, stack):
    stack.web(workers=2, threads=8, DJANGO_SETTINGS_MODULE="tests.load.unlocked.settings")
    assert any(last_seat_and_freed_seats(stack.url, cast) for _ in range(10))


def by_turn_and_by_hand(url, cast):
    """Four seats are taken and five people wait. Two give theirs back while the coordinator seats the 5th and 8th."""
    scene = Scene(url, cast, people=9, capacity=4)
    scene.apply(*range(9))
    leave = [scene.own(number, "withdraw") for number in (1, 2)]
    *left, fifth, eighth = scene.rush(*leave, scene.overrides(5), scene.overrides(8))
    by_hand = [number for number, answer in ((5, fifth), (8, eighth)) if answer == 302]
    by_turn = [number for number in (5, 6, 7, 8, 9) if number not in by_hand][: 2 - len(by_hand)]
    seated = EnrolmentMove.objects.filter(enrolment__run=scene.run, verb=Verb.CONFIRM)
    found = (left, {fifth, eighth} <= {302, GONE, FULL}, scene.numbers(S.CONFIRMED), seated.count())
    return scene.faults(([302, 302], True, sorted([3, 4, *by_hand, *by_turn]), 2), found)


@in_rounds
def test_a_freed_seat_is_given_once_by_turn_or_by_hand(cast, server, round_number):
    assert by_turn_and_by_hand(server, cast) == []


def test_without_the_lock_a_freed_seat_is_given_by_turn_and_by_hand(cast, stack):
    stack.web(workers=2, threads=8, DJANGO_SETTINGS_MODULE="tests.load.unlocked.settings")
    assert any(by_turn_and_by_hand(stack.url, cast) for _ in range(20))


def offered(url, cast, *, people=3):
    """One seat that the first gave back; it is offered to the second, and the clock has run out just now."""
    scene = Scene(url, cast, people=people, capacity=1, offer_hours=24)
    scene.apply(*range(people))
    assert crowd.post(url, *scene.own(1, "withdraw")) == 302
    letters.tell_untold()
    late = timezone.now() - timedelta(seconds=1)
    assert Enrolment.objects.filter(pk=scene.row(2).pk, state=S.OFFERED).update(offer_until=late) == 1
    return scene


def answer_against_the_clock(url, cast, deed, state):
    """The second answers while three workers look for offers that have lapsed."""
    scene, answers = offered(url, cast), []
    lapse = [offers.expire_due] * 3
    assert at_once(lambda: answers.append(crowd.post(url, *scene.own(2, deed))), *lapse) == []
    in_time = answers == [302]
    second = state if in_time else S.EXPIRED
    third = S.WAITING if second == S.CONFIRMED else S.OFFERED
    made = EnrolmentMove.objects.filter(enrolment__run=scene.run, verb__in=(Verb.OFFER, Verb.CONFIRM, Verb.EXPIRE))
    offers_made = 1 + (third == S.OFFERED)
    expected = (True, second, third, offers_made + (second != S.WITHDRAWN))
    return scene.faults(expected, (answers[0] in (302, GONE), scene.row(2).state, scene.row(3).state, made.count()))


@in_rounds
@pytest.mark.parametrize(("deed", "state"), [("take", S.CONFIRMED), ("decline", S.WITHDRAWN)])
def test_an_answer_and_the_end_of_its_clock_leave_one_outcome(cast, server, deed, state, round_number):
    assert answer_against_the_clock(server, cast, deed, state) == []


def test_an_offer_that_lapses_in_a_real_worker_moves_on_once(cast, stack):
    """Two workers and a beat that rings every second; the page is answered all the while."""
    stack.web()
    scene = offered(stack.url, cast, people=4)
    for _ in range(2):
        stack.worker()
    stack.beat(every=1)
    wait_until(lambda: scene.row(3).state == S.OFFERED, what="the next offer", seconds=180)
    assert scene.numbers(S.EXPIRED, S.OFFERED, S.WAITING) == [2, 3, 4]
    assert crowd.post(stack.url, *scene.own(2, "take")) == GONE
    assert crowd.post(stack.url, *scene.own(3, "take")) == 302
    assert (scene.numbers(S.CONFIRMED), scene.numbers(S.WAITING), seats.verify()) == ([3], [4], [])


def cut_against_sign_ups(url, cast, capacity):
    """Of six seats four are taken. Four people apply while the coordinator sets another number of places."""
    scene = Scene(url, cast, people=8, capacity=6)
    scene.apply(*range(4))
    first = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True)[0]
    answers = scene.rush(*(scene.applies(index) for index in range(4, 8)), scene.capacity(capacity))
    deeds = AuditEntry.objects.filter(pk__gt=first, verb__in=("enrolment.apply", "run.capacity")).order_by("pk")
    places, held = 6, [1, 2, 3, 4]
    line, number = [], 4
    for verb in deeds.values_list("verb", flat=True):
        if verb == "run.capacity":
            places = capacity
        else:
            number += 1
            line.append(number)
        while line and len(held) < places:
            held.append(line.pop(0))
    found = (set(answers), scene.numbers(S.CONFIRMED), scene.numbers(S.WAITING))
    return scene.faults(({302}, held, line), found, cut=len(held) > capacity)


@in_rounds
@pytest.mark.parametrize("capacity", [3, 5, 7])
def test_a_new_number_of_places_and_applications_end_as_one_order_of_them(cast, server, capacity, round_number):
    assert cut_against_sign_ups(server, cast, capacity) == []


def test_without_the_lock_a_cut_and_applications_end_as_no_order_of_them(cast, stack):
    stack.web(workers=2, threads=8, DJANGO_SETTINGS_MODULE="tests.load.unlocked.settings")
    assert any(cut_against_sign_ups(stack.url, cast, 5) for _ in range(20))


@in_rounds
def test_one_person_gets_one_of_two_parallel_runs(cast, server, round_number):
    """Two browsers of one person, for runs at other hours that are taken together: one seat, and a clear no."""
    intake = Intake.objects.create()
    scenes = [rows.run(intake=intake), rows.run(intake=intake, start=rows.START + timedelta(days=30))]
    session = crowd.librarians(cast.school, 1)[0]
    statuses = crowd.rush(server, [(f"/kk/courses/{run.uid}/apply/", session, {}) for run in scenes])
    states = sorted(Enrolment.objects.filter(run__in=scenes).values_list("state", flat=True))
    assert (sorted(statuses), states, seats.verify()) == ([302, 409], [S.CONFIRMED], [])
