"""Applying, being nominated, withdrawing: who gets a seat, who waits, and who is told no."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses import deciding, enrolling, seats, waiting
from courses.models import Enrolment, EnrolmentMove
from courses.states import EnrolmentState as S
from schools.errors import Refused, Stale
from schools.models import AuditEntry, Busy
from schools.states import Role
from tests import make
from tests.courses import rows

pytestmark = pytest.mark.django_db


def apply(member, run):
    return enrolling.enrol(person=member.person, run=run, actor=member.actor)


def states(run):
    return list(Enrolment.objects.filter(run=run).order_by("number").values_list("number", "state"))


def test_without_steps_seats_go_in_order_and_the_rest_wait(cast):
    run = rows.run(capacity=2)
    for member in (cast.librarian, cast.colleague, cast.stranger):
        apply(member, run)
    assert states(run) == [(1, S.CONFIRMED), (2, S.CONFIRMED), (3, S.WAITING)]
    assert seats.verify() == []


def test_a_freed_seat_goes_to_the_next_in_line_at_once(cast):
    run = rows.run(capacity=1)
    first = apply(cast.librarian, run)
    apply(cast.colleague, run)
    apply(cast.stranger, run)
    enrolling.withdraw(enrolment=first, actor=cast.librarian.actor)
    assert states(run) == [(1, S.WITHDRAWN), (2, S.CONFIRMED), (3, S.WAITING)]


def test_a_confirmed_seat_takes_time_and_a_withdrawn_one_gives_it_back(cast):
    run = rows.run()
    enrolment = apply(cast.librarian, run)
    taken = Busy.objects.filter(person=cast.librarian.person).order_by("start")
    assert [(row.start, row.source) for row in taken] == [
        (rows.START, f"enrolment:{enrolment.pk}"),
        (rows.START + timedelta(days=1), f"enrolment:{enrolment.pk}"),
    ]
    enrolling.withdraw(enrolment=enrolment, actor=cast.librarian.actor)
    assert not Busy.objects.exists()


def test_a_clash_with_own_confirmed_dates_is_refused(cast):
    apply(cast.librarian, rows.run())
    with pytest.raises(Refused, match=r"08\.04\.2030"):
        apply(cast.librarian, rows.run())


def test_neighbouring_hours_are_no_clash(cast):
    apply(cast.librarian, rows.run(days=1))
    evening = rows.run(days=1, start=rows.START + timedelta(hours=7))
    assert apply(cast.librarian, evening).state == S.CONFIRMED


def test_one_live_enrolment_a_person_and_run(cast):
    run = rows.run()
    first = apply(cast.librarian, run)
    with pytest.raises(Refused):
        apply(cast.librarian, run)
    enrolling.withdraw(enrolment=first, actor=cast.librarian.actor)
    assert apply(cast.librarian, run).number == 2


def test_the_database_refuses_a_second_live_row(cast):
    run = rows.run()
    apply(cast.librarian, run)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(run=run, person=cast.librarian.person, number=9, state=S.WAITING)


@pytest.mark.parametrize(
    "window",
    [
        {"closes_at": -timedelta(minutes=1), "opens_at": -timedelta(days=2)},
        {"opens_at": timedelta(minutes=1)},
    ],
)
def test_outside_the_registration_window_nobody_applies(cast, window):
    now = timezone.now()
    run = rows.run(**{name: now + offset for name, offset in window.items()})
    with pytest.raises(Refused):
        apply(cast.librarian, run)
    assert not Enrolment.objects.exists()


def test_a_run_that_is_over_takes_nobody(cast):
    over = rows.run(start=timezone.now() - timedelta(days=9))
    with pytest.raises(Refused):
        apply(cast.librarian, over)


def test_without_a_deadline_one_withdraws_until_the_first_day(cast):
    run = rows.run(start=timezone.now() - timedelta(hours=1))
    enrolment = apply(cast.librarian, run)
    with pytest.raises(Refused):
        enrolling.withdraw(enrolment=enrolment, actor=cast.librarian.actor)
    assert enrolling.withdraw(enrolment=enrolment, actor=cast.hq.actor).state == S.WITHDRAWN


def test_nobody_applies_for_another(cast):
    with pytest.raises(Refused):
        enrolling.enrol(person=cast.colleague.person, run=rows.run(), actor=cast.librarian.actor)


def test_after_the_deadline_only_the_organiser_withdraws(cast):
    run = rows.run(cancel_until=timezone.now() - timedelta(hours=1))
    enrolment = apply(cast.librarian, run)
    with pytest.raises(Refused):
        enrolling.withdraw(enrolment=enrolment, actor=cast.librarian.actor)
    enrolling.withdraw(enrolment=enrolment, actor=cast.hq.actor)
    assert Enrolment.objects.get().state == S.WITHDRAWN


def test_a_nominated_colleague_accepts_and_takes_the_usual_way(cast):
    run = rows.run(chain=rows.director_chain())
    enrolment = enrolling.nominate(person=cast.librarian.person, run=run, actor=cast.director.actor)
    assert enrolment.state == S.NOMINATED
    with pytest.raises(Refused):
        enrolling.accept_nomination(enrolment=enrolment, actor=cast.colleague.actor)
    accepted = enrolling.accept_nomination(enrolment=enrolment, actor=cast.librarian.actor)
    assert (accepted.state, accepted.decider) == (S.PENDING, Role.DIRECTOR)


def test_a_refused_nomination_leaves_the_way_open(cast):
    run = rows.run()
    enrolment = enrolling.nominate(person=cast.librarian.person, run=run, actor=cast.director.actor)
    enrolling.refuse_nomination(enrolment=enrolment, actor=cast.librarian.actor, note="Басқа жоспарым бар")
    assert apply(cast.librarian, run).state == S.CONFIRMED


def test_a_director_nominates_only_the_own_school(cast):
    with pytest.raises(Refused):
        enrolling.nominate(person=cast.stranger.person, run=rows.run(), actor=cast.director.actor)


def test_a_person_whose_dates_came_to_clash_is_passed_over_and_keeps_the_number(cast):
    full = rows.run(capacity=1)
    first = apply(cast.stranger, full)
    apply(cast.librarian, full)
    apply(cast.colleague, full)
    apply(cast.librarian, rows.run())
    enrolling.withdraw(enrolment=first, actor=cast.stranger.actor)
    assert states(full) == [(1, S.WITHDRAWN), (2, S.WAITING), (3, S.CONFIRMED)]
    assert seats.verify() == []


def test_capacity_up_fills_and_down_drops_nobody(cast):
    run = rows.run(capacity=1)
    for member in (cast.librarian, cast.colleague, cast.stranger):
        apply(member, run)
    waiting.set_capacity(run=run, capacity=3, actor=cast.hq.actor)
    assert states(run) == [(1, S.CONFIRMED), (2, S.CONFIRMED), (3, S.CONFIRMED)]
    run = waiting.set_capacity(run=run, capacity=1, actor=cast.hq.actor)
    assert states(run) == [(1, S.CONFIRMED), (2, S.CONFIRMED), (3, S.CONFIRMED)]
    assert seats.free(run) == 0


def test_verify_names_what_is_wrong(cast):
    run = rows.run(capacity=1)
    apply(cast.librarian, run)
    other = apply(cast.colleague, run)
    Enrolment.objects.filter(pk=other.pk).update(state=S.CONFIRMED, number=99)
    assert seats.verify() == [
        f"run {run.uid}: 2 seats given, 1 exist",
        f"run {run.uid}: number 99 given, the next would be 3",
    ]


def test_every_move_is_on_the_timeline_and_in_the_audit_ledger(cast):
    run = rows.run()
    enrolment = apply(cast.librarian, run)
    enrolling.withdraw(enrolment=enrolment, actor=cast.librarian.actor, note="Ауырып қалдым")
    moves = EnrolmentMove.objects.filter(enrolment=enrolment)
    assert [(move.verb, move.state, move.actor, move.note) for move in moves] == [
        ("apply", S.CONFIRMED, cast.librarian.person, ""),
        ("withdraw", S.WITHDRAWN, cast.librarian.person, "Ауырып қалдым"),
    ]
    entries = AuditEntry.objects.filter(subject_type="courses.enrolment", subject_id=enrolment.pk)
    assert list(entries.values_list("verb", flat=True)) == ["enrolment.apply", "enrolment.withdraw"]


def test_a_move_from_the_wrong_state_is_refused_and_writes_nothing(cast):
    run = rows.run(chain=rows.director_chain())
    enrolment = apply(cast.librarian, run)
    deciding.approve(enrolment=enrolment, actor=cast.director.actor, seen_step=1)
    before = EnrolmentMove.objects.count()
    with pytest.raises(Stale):
        enrolling.accept_nomination(enrolment=enrolment, actor=cast.librarian.actor)
    assert EnrolmentMove.objects.count() == before


def test_a_person_without_a_school_goes_to_hq(cast):
    person = make.person()
    user = make.account(person)
    make.role(person, Role.TRAINER)
    run = rows.run(chain=rows.director_chain())
    client = make.client_of(user)
    assert client.post(f"/kk/courses/{run.uid}/apply/").status_code == 302
    assert Enrolment.objects.get().decider == Role.HQ
