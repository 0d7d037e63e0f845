"""People who are erased, change school or turn out to be one: their seats go on, their numbers stay, in order."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from courses import deciding, enrolling, intakes, queries, requiring, seats, signup_changes, waiting
from courses.models import Enrolment, EnrolmentMove, PrerequisiteWaiver, Run
from courses.states import EnrolmentState as S
from schools import merging, registry, roles
from schools.models import AuditEntry, Busy, Mail
from schools.states import Role
from tests import make
from tests.courses import guests, rows

pytestmark = pytest.mark.django_db


def apply(member, run):
    return enrolling.enrol(person=member.person, run=run, actor=member.actor)


def states(run):
    return list(Enrolment.objects.filter(run=run).order_by("number").values_list("number", "state"))


def erase(person, actor):
    with transaction.atomic():
        registry.erased.tell(person=person, actor=actor)
    for run_id in waiting.runs_to_fill():
        waiting.fill(run_id=run_id)


def test_whoever_is_erased_gives_up_all_that_is_open_and_the_order_is_kept(cast):
    run = rows.run(capacity=1)
    for member in (cast.librarian, cast.colleague, cast.stranger):
        apply(member, run)
    pending = apply(cast.librarian, rows.run(chain=rows.director_chain(), start=rows.START + timedelta(days=9)))
    nominated = enrolling.nominate(
        person=cast.librarian.person, run=rows.run(start=rows.START + timedelta(days=20)), actor=cast.director.actor
    )
    erase(cast.librarian.person, cast.administrator.actor)
    assert states(run) == [(1, S.WITHDRAWN), (2, S.CONFIRMED), (3, S.WAITING)]
    pending.refresh_from_db()
    nominated.refresh_from_db()
    assert (pending.state, nominated.state) == (S.WITHDRAWN, S.REFUSED)
    assert not Busy.objects.filter(person=cast.librarian.person).exists()
    assert not EnrolmentMove.objects.filter(enrolment__person=cast.librarian.person, told_at=None).exists()
    assert seats.verify() == []


def test_results_stay_and_so_does_what_was_called_off(cast):
    [done] = rows.seats(rows.past_run(cast.trainer.person), [cast.librarian.person], state=S.COMPLETED)
    [off] = rows.seats(rows.run(state="cancelled"), [cast.librarian.person], state=S.CANCELLED)
    erase(cast.librarian.person, cast.administrator.actor)
    assert [Enrolment.objects.get(pk=row.pk).state for row in (done, off)] == [S.COMPLETED, S.CANCELLED]


def test_what_a_coordinator_wrote_about_them_goes_too(cast):
    requiring.waive(course=rows.course(), person=cast.librarian.person, reason="Шетелде оқыған", actor=cast.hq.actor)
    erase(cast.librarian.person, cast.administrator.actor)
    assert not PrerequisiteWaiver.objects.exists()


def test_a_guest_who_takes_consent_back_loses_the_place_in_the_other_seminar_too(cast):
    one, other = guests.run(capacity=1), guests.run(capacity=1, start=rows.START + timedelta(days=9))
    signup = guests.confirmed(one, name="Бекова Айгүл", email="aigul@example.kz")
    guests.confirmed(other, name="Бекова Айгүл", email="aigul@example.kz")
    guests.confirmed(other)
    assert guests.states(other) == [(1, S.CONFIRMED), (2, S.WAITING)]
    signup_changes.withdraw_consent(signup=signup)
    for run_id in waiting.runs_to_fill():
        waiting.fill(run_id=run_id)
    assert guests.states(one) == [(1, S.WITHDRAWN)]
    assert guests.states(other) == [(1, S.WITHDRAWN), (2, S.CONFIRMED)]


def transfer(cast, *, on=None):
    roles.transfer(
        person=cast.librarian.person,
        school=cast.other_school,
        on=on or timezone.localdate(),
        actor=cast.hq.actor,
    )


def test_a_pending_application_keeps_its_number_and_goes_to_the_new_director(cast):
    row = apply(cast.librarian, rows.run(chain=rows.director_chain()))
    transfer(cast)
    row.refresh_from_db()
    assert (row.number, row.state, row.school, row.decider) == (1, S.PENDING, cast.other_school, Role.DIRECTOR)
    assert list(queries.to_decide(cast.director.actor)) == []
    assert list(queries.to_decide(cast.other_director.actor)) == [row]
    assert Mail.objects.filter(person=cast.other_director.person).count() == 1
    assert AuditEntry.objects.filter(verb="enrolment.transfer").count() == 1
    deciding.approve(enrolment=row, actor=cast.other_director.actor, seen_step=1)
    row.refresh_from_db()
    assert row.state == S.CONFIRMED


def test_where_nobody_leads_the_new_school_hq_decides(cast):
    row = apply(cast.librarian, rows.run(chain=rows.director_chain()))
    roles.transfer(person=cast.librarian.person, school=make.school(), on=timezone.localdate(), actor=cast.hq.actor)
    row.refresh_from_db()
    assert row.decider == Role.HQ


def test_a_run_before_the_move_stays_with_the_old_school(cast):
    row = apply(cast.librarian, rows.run(chain=rows.director_chain()))
    transfer(cast, on=row.run.starts_on + timedelta(days=1))
    row.refresh_from_db()
    assert row.school == cast.school
    assert list(queries.to_decide(cast.director.actor)) == [row]


def test_who_waits_counts_for_the_new_school_and_a_seat_stays_where_it_was_given(cast):
    run = rows.run(capacity=2, school_limit=1)
    seated = apply(cast.colleague, run)
    waits = apply(cast.librarian, run)
    assert waits.state == S.WAITING
    transfer(cast)
    assert waiting.fill(run_id=run.pk) == 1
    for row in (seated, waits):
        row.refresh_from_db()
    assert [(row.number, row.state, row.school) for row in (seated, waits)] == [
        (1, S.CONFIRMED, cast.school),
        (2, S.CONFIRMED, cast.other_school),
    ]
    roles.transfer(person=cast.colleague.person, school=cast.other_school, on=timezone.localdate(), actor=cast.hq.actor)
    seated.refresh_from_db()
    assert seated.school == cast.school
    assert seats.verify() == []


def test_a_place_that_the_old_school_held_is_no_longer_filled_by_them(cast):
    [row] = rows.seats(rows.run(), [cast.librarian.person], state=S.WAITING, school=cast.school, of_held=True)
    transfer(cast)
    row.refresh_from_db()
    assert (row.school, row.of_held) == (cast.other_school, False)


def merged(cast, own_state, guests_state, *, order="own"):
    """The librarian and a guest stand in one run, in this order of numbers; then they turn out to be one."""
    run, guest = rows.run(capacity=5), make.person()
    first, second = ((cast.librarian.person, own_state), (guest, guests_state))[:: 1 if order == "own" else -1]
    for person, state in (first, second):
        rows.seats(run, [person], state=state)
    merging.merge(kept=cast.librarian.person, gone=guest, actor=cast.librarian.actor)
    return states(run)


@pytest.mark.parametrize(
    ("own", "guests_", "order", "left"),
    [
        (S.WAITING, S.CONFIRMED, "own", [(1, S.WITHDRAWN), (2, S.CONFIRMED)]),
        (S.CONFIRMED, S.WAITING, "own", [(1, S.CONFIRMED), (2, S.WITHDRAWN)]),
        (S.WAITING, S.WAITING, "own", [(1, S.WAITING), (2, S.WITHDRAWN)]),
        (S.WAITING, S.WAITING, "guest", [(1, S.WAITING), (2, S.WITHDRAWN)]),
        (S.POOLED, S.POOLED, "own", [(1, S.POOLED), (2, S.WITHDRAWN)]),
    ],
)
def test_of_two_rows_in_one_run_the_better_stays(cast, own, guests_, order, left):
    assert merged(cast, own, guests_, order=order) == left


def test_of_places_in_parallel_runs_one_stays(cast):
    course, guest = rows.course(), make.person()
    one, other = (rows.run(course=course, start=rows.START + timedelta(days=at)) for at in (0, 7))
    intakes.join(run=one, other=other, actor=cast.hq.actor)
    rows.seats(Run.objects.get(pk=one.pk), [cast.librarian.person])
    rows.seats(Run.objects.get(pk=other.pk), [guest])
    merging.merge(kept=cast.librarian.person, gone=guest, actor=cast.librarian.actor)
    assert sorted(state for run in (one, other) for _number, state in states(run)) == [S.CONFIRMED, S.WITHDRAWN]
    assert seats.verify() == []


def test_places_in_runs_that_are_not_parallel_both_stay(cast):
    one, other = rows.run(), rows.run(start=rows.START + timedelta(days=7))
    guest = make.person()
    rows.seats(one, [cast.librarian.person])
    rows.seats(other, [guest])
    merging.merge(kept=cast.librarian.person, gone=guest, actor=cast.librarian.actor)
    assert [states(run) for run in (one, other)] == [[(1, S.CONFIRMED)], [(1, S.CONFIRMED)]]
