"""Whoever no longer works in the network when a run begins is offered and given no seat in it; the order is kept."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from courses import allocation_letters, at_work, deciding, enrolling, offers, publishing, seats, waiting
from courses.allocation_telling import told
from courses.models import AllocationOutcome, Enrolment
from courses.states import EnrolmentState as S
from courses.states import Hindrance
from schools.errors import Refused
from schools.models import Mail, Membership, Person
from schools.states import Role
from tests import make
from tests.courses import guests, intakes, rows
from tests.courses.reminding import plain_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = timezone.localdate


def leave(person: Person, *, days: int = -1) -> None:
    """Every role of the person ends so many days from today."""
    Membership.objects.filter(person=person).update(valid_to=TODAY() + timedelta(days=days))


def waits(cast, **fields: object):
    """A run with a free place, for which the librarian and then the colleague wait."""
    run = rows.run(capacity=1, **fields)
    rows.seats(run, [cast.librarian.person, cast.colleague.person], state=S.WAITING)
    return run


def states(run) -> list[tuple[int, str]]:
    return list(Enrolment.objects.filter(run=run).order_by("number").values_list("number", "state"))


@pytest.mark.parametrize("days", [-1, 7])
def test_a_freed_seat_passes_over_whoever_leaves_before_the_run_begins(cast, days):
    run = waits(cast)
    leave(cast.librarian.person, days=days)
    assert waiting.fill(run_id=run.pk) == 1
    assert states(run) == [(1, S.WAITING), (2, S.CONFIRMED)]
    assert (seats.verify(), waiting.runs_to_fill()) == ([], [])


def test_it_would_go_to_them_if_roles_were_not_looked_at(cast, monkeypatch):
    """The twin."""
    monkeypatch.setattr(at_work, "works", lambda _today: ~Q(pk=None))
    run = waits(cast)
    leave(cast.librarian.person)
    waiting.fill(run_id=run.pk)
    assert states(run) == [(1, S.CONFIRMED), (2, S.WAITING)]


def test_nobody_is_left_who_could_sit_where_all_have_gone(cast):
    run = waits(cast, offer_hours=24)
    leave(cast.librarian.person)
    leave(cast.colleague.person, days=3)
    assert (waiting.runs_to_fill(), waiting.fill(run_id=run.pk), seats.could_sit(run)) == ([], 0, False)


def test_a_role_at_another_school_that_begins_in_time_counts(cast):
    run = waits(cast)
    leave(cast.librarian.person)
    make.role(cast.librarian.person, Role.LIBRARIAN, cast.other_school, valid_from=run.starts_on)
    waiting.fill(run_id=run.pk)
    assert states(run) == [(1, S.CONFIRMED), (2, S.WAITING)]


def test_one_that_begins_later_does_not(cast):
    run = waits(cast)
    leave(cast.librarian.person)
    make.role(cast.librarian.person, Role.LIBRARIAN, cast.other_school, valid_from=run.starts_on + timedelta(days=1))
    waiting.fill(run_id=run.pk)
    assert states(run) == [(1, S.WAITING), (2, S.CONFIRMED)]


def test_without_a_day_today_counts(cast):
    run = waits(cast, start=None)
    leave(cast.librarian.person, days=0)
    waiting.fill(run_id=run.pk)
    assert states(run) == [(1, S.CONFIRMED), (2, S.WAITING)]


def test_where_staff_of_any_school_come_former_staff_come_too(cast):
    run = guests.run(capacity=1)
    rows.seats(run, [cast.librarian.person, cast.colleague.person], state=S.WAITING)
    leave(cast.librarian.person)
    assert waiting.fill(run_id=run.pk) == 1
    assert states(run) == [(1, S.CONFIRMED), (2, S.WAITING)]
    later = guests.run(start=rows.START + timedelta(days=7))
    own = enrolling.enrol(person=cast.librarian.person, run=later, actor=cast.librarian.actor)
    assert (own.state, seats.verify()) == (S.CONFIRMED, [])


def test_they_can_neither_apply_nor_be_named_nor_accept(cast):
    leave(cast.librarian.person, days=7)
    run = rows.run()
    [named] = rows.seats(rows.run(), [cast.librarian.person], state=S.NOMINATED)
    person, actor = cast.librarian.person, cast.librarian.actor
    for deed in (
        lambda: enrolling.enrol(person=person, run=run, actor=actor),
        lambda: enrolling.nominate(person=person, run=run, actor=cast.director.actor),
        lambda: enrolling.accept_nomination(enrolment=named, actor=actor),
    ):
        with pytest.raises(Refused, match="dates of the roles"):
            deed()


def test_nobody_gives_them_a_place_and_they_take_none(cast):
    pending = enrolling.enrol(
        person=cast.librarian.person, run=rows.run(chain=rows.director_chain()), actor=cast.librarian.actor
    )
    [row] = rows.seats(rows.run(), [cast.librarian.person], state=S.WAITING)
    [offered] = rows.seats(rows.run(offer_hours=24), [cast.librarian.person], state=S.OFFERED)
    leave(cast.librarian.person, days=7)
    for deed in (
        lambda: deciding.approve(enrolment=pending, actor=cast.director.actor, seen_step=1),
        lambda: waiting.override(enrolment=row, actor=cast.hq.actor, reason="Қажет"),
        lambda: offers.take(enrolment=offered, actor=cast.librarian.actor),
    ):
        with pytest.raises(Refused, match="dates of the roles"):
            deed()


@pytest.fixture
def two(cast):
    """Two librarians await the allocation of one place; the first and the second of the proposal."""
    [run] = intakes.runs(1)
    people = [make.librarian(make.school(), language="en") for _ in range(2)]
    intakes.pool(people, run)
    return run, people


def says_why(person: Person) -> bool:
    """The one letter is true for somebody whose role ends, and promises no list on which nobody is reached."""
    letter = plain_text(Mail.objects.get(person=person, kind="allocation"))
    return "no longer works in the network when the run begins" in letter and "on the waiting list" not in letter


def test_whoever_left_after_the_proposal_gets_no_place_and_hears_why(cast, two):
    run, people = two
    allocation = intakes.propose(run.intake, cast.hq.actor)
    best = Person.objects.get(pk=Enrolment.objects.get(uid=_placed(allocation)).person_id)
    leave(best, days=7)
    publishing.publish(allocation=allocation, actor=cast.hq.actor)
    [other] = [one for one in people if one != best]
    assert [Enrolment.objects.get(run=run, person=one).state for one in (best, other)] == [S.WAITING, S.CONFIRMED]
    outcome = AllocationOutcome.objects.get(enrolment__person=best)
    assert (outcome.run, outcome.hindrance) == (None, Hindrance.LEFT)
    allocation_letters.tell_untold()
    assert says_why(best)
    assert seats.verify() == []


def test_whoever_left_before_it_has_no_part_in_it_and_hears_why(cast, two):
    run, (gone, other) = two
    leave(gone, days=7)
    publishing.publish(allocation=intakes.propose(run.intake, cast.hq.actor), actor=cast.hq.actor)
    assert [Enrolment.objects.get(run=run, person=one).state for one in (gone, other)] == [S.WAITING, S.CONFIRMED]
    outcome = AllocationOutcome.objects.get(enrolment__person=gone)
    assert (outcome.hindrance, outcome.told, len(told(outcome).lines)) == (Hindrance.LEFT, "", 1)
    allocation_letters.tell_untold()
    assert says_why(gone)


def _placed(allocation) -> str:
    from courses.allocation_standing import standing

    [uid] = standing(allocation).places
    return uid


@pytest.mark.parametrize(("leaves", "said"), [(True, 1), (False, 0)])
def test_the_page_of_who_waits_says_why_they_are_passed_over(cast, leaves, said):
    run = waits(cast)
    if leaves:
        leave(cast.librarian.person, days=7)
    row = Enrolment.objects.get(run=run, person=cast.librarian.person)
    page = cast.librarian.client().get(f"/en/applications/{row.uid}/").text
    assert page.count("the work in the network ends before this course begins") == said
