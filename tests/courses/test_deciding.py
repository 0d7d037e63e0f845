"""The approver's word: whose it is, what it needs, what it leads to."""

import pytest

from courses import deciding, enrolling, queries
from courses.states import EnrolmentState as S
from schools.errors import Refused, Stale
from schools.states import Role
from tests.courses import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def pending(cast):
    run = rows.run(chain=rows.two_step_chain(), capacity=1)
    return enrolling.enrol(person=cast.librarian.person, run=run, actor=cast.librarian.actor)


def test_director_then_hq_then_the_seat(cast, pending):
    assert (pending.step, pending.decider) == (1, Role.DIRECTOR)
    once = deciding.approve(enrolment=pending, actor=cast.director.actor, seen_step=1)
    assert (once.state, once.step, once.decider) == (S.PENDING, 2, Role.HQ)
    twice = deciding.approve(enrolment=once, actor=cast.hq.actor, seen_step=2)
    assert (twice.state, twice.step, twice.decider, twice.step_due) == (S.CONFIRMED, 0, "", None)


@pytest.mark.parametrize(
    "who", ["librarian", "colleague", "stranger", "other_director", "hq", "finance", "trainer", "auditor"]
)
def test_the_first_step_is_for_the_own_school_alone(cast, pending, who):
    with pytest.raises(Refused):
        deciding.approve(enrolment=pending, actor=getattr(cast, who).actor, seen_step=1)


def test_the_deputy_decides_like_the_director(cast, pending):
    assert deciding.approve(enrolment=pending, actor=cast.deputy.actor, seen_step=1).step == 2


def test_nobody_decides_on_the_own_request(cast):
    run = rows.run(chain=rows.chain(Role.HQ))
    own = enrolling.enrol(person=cast.hq.person, run=run, actor=cast.hq.actor)
    with pytest.raises(Refused):
        deciding.approve(enrolment=own, actor=cast.hq.actor, seen_step=1)
    assert list(queries.to_decide(cast.hq.actor)) == []


def test_a_director_who_applies_is_decided_by_hq_and_not_by_the_deputy(cast):
    run = rows.run(chain=rows.director_chain())
    own = enrolling.enrol(person=cast.director.person, run=run, actor=cast.director.actor)
    assert own.decider == Role.HQ
    for member in (cast.director, cast.deputy):
        with pytest.raises(Refused):
            deciding.approve(enrolment=own, actor=member.actor, seen_step=1)
    assert deciding.approve(enrolment=own, actor=cast.hq.actor, seen_step=1).state == S.CONFIRMED


def test_a_step_is_decided_once(cast, pending):
    deciding.approve(enrolment=pending, actor=cast.director.actor, seen_step=1)
    with pytest.raises(Stale):
        deciding.decline(enrolment=pending, actor=cast.deputy.actor, seen_step=1, note="Жоқ")


@pytest.mark.parametrize("deed", [deciding.decline, deciding.send_back])
def test_a_no_needs_a_word(cast, pending, deed):
    with pytest.raises(Refused):
        deed(enrolment=pending, actor=cast.director.actor, seen_step=1, note="  ")


def test_declined_gives_way_to_a_new_application(cast, pending):
    deciding.decline(enrolment=pending, actor=cast.director.actor, seen_step=1, note="Келесі жылы")
    again = enrolling.enrol(person=cast.librarian.person, run=pending.run, actor=cast.librarian.actor)
    assert (again.state, again.number) == (S.PENDING, 2)


def test_a_returned_application_is_sent_again_with_its_number(cast, pending):
    deciding.approve(enrolment=pending, actor=cast.director.actor, seen_step=1)
    deciding.send_back(enrolment=pending, actor=cast.hq.actor, seen_step=2, note="Себебін жазыңыз")
    again = enrolling.resubmit(enrolment=pending, actor=cast.librarian.actor, reason="Оқырман клубы үшін")
    assert (again.state, again.step, again.number, again.reason) == (S.PENDING, 1, 1, "Оқырман клубы үшін")


def test_an_approved_one_does_not_overtake_a_lower_number_that_waits(cast):
    run = rows.run(capacity=1, chain=rows.director_chain())
    one, two = (
        enrolling.enrol(person=member.person, run=run, actor=member.actor)
        for member in (cast.librarian, cast.colleague)
    )
    deciding.approve(enrolment=two, actor=cast.director.actor, seen_step=1)
    late = deciding.approve(enrolment=one, actor=cast.director.actor, seen_step=1)
    assert late.state == S.WAITING
    third = enrolling.enrol(person=cast.stranger.person, run=run, actor=cast.stranger.actor)
    enrolling.withdraw(enrolment=two, actor=cast.colleague.actor)
    one.refresh_from_db()
    assert one.state == S.CONFIRMED
    assert deciding.approve(enrolment=third, actor=cast.other_director.actor, seen_step=1).state == S.WAITING


def test_the_list_holds_the_own_school_only(cast, pending):
    other = enrolling.enrol(person=cast.stranger.person, run=pending.run, actor=cast.stranger.actor)
    assert list(queries.to_decide(cast.director.actor)) == [pending]
    assert list(queries.to_decide(cast.other_director.actor)) == [other]
    assert list(queries.to_decide(cast.hq.actor)) == []
