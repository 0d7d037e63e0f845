"""A place that is handed to a colleague while something else happens to it, through HTTP, a real server and PostgreSQL.

At every moment one of the two has the place, and those who wait get it only once it was given up. Twins take the
locks away.
"""

import pytest

from courses import handing_over, taking_over
from courses.models import EnrolmentMove, HandOver
from courses.states import EnrolmentState as S
from courses.states import HandOverState as H
from courses.states import Verb
from schools.access import Actor
from schools.models import Person
from tests.courses import rows
from tests.load import crowd
from tests.load.test_offer_races import FULL, GONE, Scene, in_rounds
from tests.services.process import wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
GIVER, TAKER, NEXT, FOURTH = range(4)


class Handing(Scene):
    """The first of four has a place and hands it to the second; the third waits in line."""

    def __init__(self, url, cast, *, ask=True, **fields):
        super().__init__(url, cast, people=4, **{"capacity": 1, **fields})
        self.people = list(Person.objects.order_by("-pk")[:4])[::-1]
        rows.seats(self.run, [self.people[GIVER]], school=cast.school)
        rows.seats(self.run, [self.people[NEXT]], state=S.WAITING, school=cast.school)
        if ask:
            me, to = self.actor(GIVER), self.people[TAKER]
            self.handed = handing_over.ask(enrolment=self.row(1), to=to, actor=me)

    def actor(self, index):
        return Actor(self.people[index].pk, is_authenticated=True)

    def says(self, deed, index=TAKER):
        return f"/kk/hand-overs/{self.handed.uid}/{deed}/", self.sessions[index], {}

    def asks(self, to, *, giver=GIVER, number=1):
        path = f"/kk/applications/{self.row(number).uid}/hand-over/"
        return path, self.sessions[giver], {"to": self.people[to].pk, "reason": ""}

    def leaves(self):
        return f"/kk/applications/{self.row(1).uid}/withdraw/", self.sessions[GIVER], {"note": ""}

    def seated(self):
        """Who has a place, by their order in the scene."""
        found = self.run.enrolments.filter(state__in=(S.CONFIRMED, S.OFFERED)).values_list("person", flat=True)
        return sorted(one for one, person in enumerate(self.people) if person.pk in set(found)), len(found)

    def passed(self):
        return EnrolmentMove.objects.filter(enrolment__run=self.run, verb=Verb.HAND_OVER).count()


def yes_and_withdrawal(url, cast):
    """The colleague says yes while the other withdraws: the place passes, or goes to the next in line."""
    scene = Handing(url, cast)
    answers = scene.rush(scene.says("agree"), scene.leaves())
    expected = {(302, FULL): (([TAKER], 1), 1), (GONE, 302): (([NEXT], 1), 0)}
    return scene.faults(expected.get(tuple(answers), answers), (scene.seated(), scene.passed()))


@in_rounds
def test_the_yes_and_a_withdrawal_leave_one_outcome(cast, server, round_number):
    assert yes_and_withdrawal(server, cast) == []


def test_without_locks_a_place_passes_and_is_given_up_as_well(cast, stack):
    stack.web(workers=2, threads=8, DJANGO_SETTINGS_MODULE="tests.load.lockless.settings")
    assert any(yes_and_withdrawal(stack.url, cast) for _ in range(20))


def yes_and_taking_back(url, cast):
    scene = Handing(url, cast)
    answers = scene.rush(scene.says("agree"), scene.says("take_back", GIVER))
    expected = {(302, GONE): (([TAKER], 1), 1, H.DONE), (GONE, 302): (([GIVER], 1), 0, H.TAKEN_BACK)}
    state = HandOver.objects.get(pk=scene.handed.pk).state
    return scene.faults(expected.get(tuple(answers), answers), (scene.seated(), scene.passed(), state))


@in_rounds
def test_the_yes_and_taking_it_back_leave_one_outcome(cast, server, round_number):
    assert yes_and_taking_back(server, cast) == []


def test_without_locks_a_place_passes_though_it_was_taken_back(cast, stack):
    stack.web(workers=2, threads=8, DJANGO_SETTINGS_MODULE="tests.load.lockless.settings")
    assert any(yes_and_taking_back(stack.url, cast) for _ in range(20))


@in_rounds
@pytest.mark.parametrize("capacity", [1, 3])
def test_the_yes_and_another_number_of_places_are_both_done(cast, server, capacity, round_number):
    """Two places are taken. A cut drops nobody and gives nobody a place; one place more goes to the line alone."""
    scene = Handing(server, cast, capacity=2)
    rows.seats(scene.run, [scene.people[FOURTH]], school=cast.school)
    assert scene.rush(scene.says("agree"), scene.capacity(capacity)) == [302, 302]
    seated = [TAKER, FOURTH] if capacity == 1 else [TAKER, NEXT, FOURTH]
    assert scene.faults((seated, len(seated)), scene.seated(), cut=capacity == 1) == []


@in_rounds
def test_of_two_windows_one_asks_a_colleague(cast, server, round_number):
    scene = Handing(server, cast, ask=False)
    answers = scene.rush(scene.asks(TAKER), scene.asks(FOURTH))
    asked = HandOver.objects.filter(run=scene.run)
    assert (sorted(answers), [row.state for row in asked]) == ([302, FULL], [H.ASKED])


@in_rounds
def test_of_two_with_places_one_asks_the_same_colleague(cast, server, round_number):
    scene = Handing(server, cast, ask=False, capacity=2)
    rows.seats(scene.run, [scene.people[FOURTH]], school=cast.school)
    answers = scene.rush(scene.asks(TAKER), scene.asks(TAKER, giver=FOURTH, number=3))
    assert (sorted(answers), HandOver.objects.filter(run=scene.run).count()) == ([302, FULL], 1)


@in_rounds
def test_a_yes_that_is_sent_twice_counts_once(cast, server, round_number):
    scene = Handing(server, cast)
    answers = scene.rush(scene.says("agree"), scene.says("agree"), scene.says("leave"))
    taken = 302 if HandOver.objects.get(pk=scene.handed.pk).state == H.DONE else GONE
    seated = ([TAKER], 1) if taken == 302 else ([GIVER], 1)
    assert (sorted(answers), scene.faults(seated, scene.seated())) == ([302, GONE, GONE], [])


@in_rounds
def test_the_last_approval_and_a_withdrawal_leave_one_outcome(cast, server, round_number):
    scene = Handing(server, cast, chain=rows.director_chain())
    taking_over.agree(hand_over=scene.handed, actor=scene.actor(TAKER))
    taker = scene.run.enrolments.get(person=scene.people[TAKER])
    session = cast.director.client().cookies["sessionid"].value
    approval = f"/kk/applications/{taker.uid}/decide/", session, {"verdict": "approve", "step": "1", "note": ""}
    answers = scene.rush(approval, scene.leaves())
    expected = {(302, FULL): (([TAKER], 1), 1), (GONE, 302): (([NEXT], 1), 0)}
    assert scene.faults(expected.get(tuple(answers), answers), (scene.seated(), scene.passed())) == []


@in_rounds
def test_the_yes_and_a_place_in_another_run_at_the_same_time_are_not_both_given(cast, server, round_number):
    """The colleague says yes here and applies there in one moment: the person's lock lets one of them be first."""
    scene, other = Handing(server, cast), rows.run()
    apply = f"/kk/courses/{other.uid}/apply/", scene.sessions[TAKER], {}
    answers = scene.rush(scene.says("agree"), apply)
    here = scene.seated() == ([TAKER], 1)
    there = other.enrolments.filter(state=S.CONFIRMED).exists()
    assert (here, there) in ((True, False), (False, True))
    assert answers == ([302, GONE] if here else [FULL, 302])


def test_the_clock_of_an_answer_runs_out_in_a_real_worker(cast, stack):
    """Two workers and a beat that rings every second: it ends once, and the place stays."""
    stack.web()
    scene = Handing(stack.url, cast)
    HandOver.objects.filter(pk=scene.handed.pk).update(until=scene.handed.created_at)
    for _ in range(2):
        stack.worker()
    stack.beat(every=1)
    wait_until(lambda: HandOver.objects.get(pk=scene.handed.pk).state == H.LAPSED, what="the end of it", seconds=60)
    assert crowd.post(stack.url, *scene.says("agree")) == GONE
    assert scene.faults(([GIVER], 1), scene.seated()) == []
