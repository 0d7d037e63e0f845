"""Parallel runs: joined and taken apart by coordinators; one person takes one seat among them."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from courses import enrolling, intakes, requiring, seats, waiting
from courses.models import Enrolment, Intake, Run, SeatShare
from courses.states import EnrolmentState as S
from schools.errors import Refused
from schools.models import AuditEntry
from tests.courses import guests, rows
from tests.courses import intakes as shared

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def hq(cast):
    return cast.hq.actor


def two(**fields):
    """Two runs of one course, a week apart."""
    course = rows.course()
    return [rows.run(course=course, start=rows.START + timedelta(days=7 * at), **fields) for at in range(2)]


def joined(hq, **fields):
    one, other = two(**fields)
    intakes.join(run=one, other=other, actor=hq)
    return Run.objects.get(pk=one.pk), Run.objects.get(pk=other.pk)


def apply(member, run):
    return enrolling.enrol(person=member.person, run=run, actor=member.actor)


def states(run):
    return list(Enrolment.objects.filter(run=run).order_by("number").values_list("number", "state"))


def test_who_has_a_place_in_one_is_told_where_and_gets_none_in_the_other(cast, hq):
    one, other = joined(hq)
    apply(cast.librarian, one)
    for deed in (
        lambda: apply(cast.librarian, other),
        lambda: enrolling.nominate(person=cast.librarian.person, run=other, actor=cast.director.actor),
    ):
        with pytest.raises(Refused, match=f"place in a parallel run already: {one.course}, 8–9 April 2030"):
            deed()
    assert apply(cast.colleague, other).state == S.CONFIRMED
    assert seats.verify() == []


def test_runs_that_are_not_joined_give_two_places(cast):
    one, other = two()
    assert [apply(cast.librarian, run).state for run in (one, other)] == [S.CONFIRMED, S.CONFIRMED]


def test_a_nomination_is_not_accepted_beside_a_place(cast, hq):
    one, other = joined(hq)
    row = enrolling.nominate(person=cast.librarian.person, run=other, actor=cast.director.actor)
    apply(cast.librarian, one)
    with pytest.raises(Refused, match="parallel run"):
        enrolling.accept_nomination(enrolment=row, actor=cast.librarian.actor)


def test_who_waits_in_both_gets_one_and_is_passed_over_in_the_other(cast, hq):
    one, other = joined(hq, capacity=1)
    first, second = apply(cast.stranger, one), apply(cast.other_director, other)
    apply(cast.librarian, one)
    apply(cast.librarian, other)
    apply(cast.colleague, other)
    enrolling.withdraw(enrolment=first, actor=cast.stranger.actor)
    enrolling.withdraw(enrolment=second, actor=cast.other_director.actor)
    assert states(one) == [(1, S.WITHDRAWN), (2, S.CONFIRMED)]
    assert states(other) == [(1, S.WITHDRAWN), (2, S.WAITING), (3, S.CONFIRMED)]


def test_guests_with_a_place_beside_wait_and_nobody_is_told(cast, hq):
    course = rows.course(kind="seminar", hours=6)
    one, other = (guests.run(course=course, start=rows.START + timedelta(days=at)) for at in (0, 7))
    intakes.join(run=one, other=other, actor=hq)
    name = "Бекова Айгүл"
    guests.confirmed(one, name=name, email="aigul@example.kz")
    guests.confirmed(other, 2, name=name, email="aigul@example.kz")
    assert guests.states(other) == [(1, S.WAITING), (2, S.CONFIRMED)]
    assert seats.verify() == []


def test_joining_is_refused_while_somebody_has_two_places(cast, hq):
    one, other = two()
    apply(cast.librarian, one)
    row = apply(cast.librarian, other)
    with pytest.raises(Refused, match="Сәрсенова"):
        intakes.join(run=one, other=other, actor=hq)
    assert not Intake.objects.exists()
    enrolling.withdraw(enrolment=row, actor=cast.librarian.actor)
    intakes.join(run=one, other=other, actor=hq)
    assert AuditEntry.objects.filter(verb="run.join").count() == 2


def test_only_the_same_course_or_what_counts_as_the_same_joins(hq):
    one, other = rows.run(), rows.run(start=rows.START + timedelta(days=7))
    with pytest.raises(Refused, match="same course"):
        intakes.join(run=one, other=other, actor=hq)
    requiring.equate(course=one.course, other=other.course, actor=hq)
    intake = intakes.join(run=one, other=other, actor=hq)
    assert set(intake.runs.all()) == {one, other}


def test_a_third_run_joins_whichever_of_the_two_is_named(hq):
    one, other = joined(hq)
    third = rows.run(course=one.course, start=rows.START + timedelta(days=30))
    assert intakes.join(run=other, other=third, actor=hq) == one.intake
    assert intakes.join(run=one, other=third, actor=hq) == one.intake
    assert one.intake.runs.count() == 3


@pytest.mark.parametrize("fields", [{"state": "cancelled"}, {"start": timezone.now() - timedelta(days=9)}])
def test_what_is_called_off_or_over_does_not_join(hq, fields):
    one = rows.run()
    with pytest.raises(Refused, match="planned or open"):
        intakes.join(run=one, other=rows.run(course=one.course, **fields), actor=hq)


def test_a_run_of_another_intake_is_taken_out_there_first(hq):
    one, _other = joined(hq)
    further = rows.run(course=one.course, start=rows.START + timedelta(days=60))
    last = rows.run(course=one.course, start=rows.START + timedelta(days=90))
    intakes.join(run=further, other=last, actor=hq)
    with pytest.raises(Refused, match="of its own"):
        intakes.join(run=one, other=last, actor=hq)


def test_only_coordinators_join_and_take_apart(cast, hq):
    one, other = two()
    with pytest.raises(Refused, match="Only coordinators"):
        intakes.join(run=one, other=other, actor=cast.director.actor)
    with pytest.raises(Refused, match="Only coordinators"):
        intakes.leave(run=one, actor=cast.director.actor)


def test_who_was_passed_over_is_served_once_a_run_leaves(cast, hq):
    one, other = joined(hq)
    apply(cast.librarian, one)
    [waits] = rows.seats(other, [cast.librarian.person], state=S.WAITING)
    assert waiting.fill(run_id=other.pk) == 0
    intakes.leave(run=one, actor=hq)
    waits.refresh_from_db()
    assert waits.state == S.CONFIRMED
    assert (Intake.objects.count(), Run.objects.filter(intake=None).count()) == (0, 2)


def test_of_three_two_stay_together(hq):
    one, other = joined(hq)
    third = rows.run(course=one.course, start=rows.START + timedelta(days=30))
    intakes.join(run=one, other=third, actor=hq)
    intakes.leave(run=third, actor=hq)
    assert set(Intake.objects.get().runs.all()) == {one, other}


def test_while_places_are_allocated_nothing_is_taken_apart_and_no_application_slips_in(cast, hq):
    one, other = joined(hq)
    Intake.objects.update(by_allocation=True)
    with pytest.raises(Refused, match="none of them can leave"):
        intakes.leave(run=one, actor=hq)
    third = rows.run(course=one.course, start=rows.START + timedelta(days=30))
    rows.seats(third, [cast.librarian.person])
    with pytest.raises(Refused, match="has applications"):
        intakes.join(run=other, other=third, actor=hq)


def test_the_page_of_a_run_shows_the_others_and_where_the_reader_stands(cast, hq):
    one, other = joined(hq)
    row = apply(cast.librarian, other)
    client, page = cast.librarian.client(), f"/en/courses/{one.uid}/"
    shown = client.get(page).content.decode()
    assert f"/en/courses/{other.uid}/" in shown
    assert f"/en/applications/{row.uid}/" in shown
    assert "You have a place in a parallel run" in shown
    assert f"{page}apply/" not in shown
    answer = client.post(f"{page}apply/", {})
    assert answer.status_code == 409
    assert "There is a place in a parallel run already" in answer.content.decode()
    assert f"{page}apply/" in cast.colleague.client().get(page).content.decode()


def test_coordinators_join_and_take_out_in_the_browser(cast):
    one, other = two()
    client = cast.hq.client()
    page = f"/en/organise/runs/{one.uid}/parallel/"
    assert other.uid in client.get(page).content.decode()
    assert client.post(f"{page}join/", {"run": "nowhere"}).status_code == 422
    assert client.post(f"{page}join/", {"run": rows.run().uid}).status_code == 422
    made = client.post(f"{page}join/", {"run": other.uid})
    intake = Intake.objects.get()
    assert made.url == f"/en/organise/intakes/{intake.uid}/"
    assert client.get(page).url == made.url
    assert client.get(made.url).status_code == 200
    client.post(f"/en/organise/runs/{other.uid}/parallel/leave/")
    assert not Intake.objects.exists()


@pytest.mark.parametrize("many", [2, 12])
def test_the_page_costs_the_same_for_two_and_for_twelve(cast, hq, many, django_assert_num_queries):
    course = rows.course()
    first, *others = (rows.run(course=course, start=rows.START + timedelta(days=7 * at)) for at in range(many))
    for other in others:
        intakes.join(run=first, other=other, actor=hq)
    client = cast.hq.client()
    uid = Intake.objects.get().uid
    with django_assert_num_queries(9):
        client.get(f"/en/organise/intakes/{uid}/")
    reader, page = cast.librarian.client(), f"/en/courses/{first.uid}/"
    with django_assert_num_queries(16):
        shown = reader.get(page)
    assert shown.status_code == 200


def allocated_pair(**fields):
    """A run whose places are allocated, and another of the same course beside it, with these facts."""
    [run] = shared.runs(1)
    other = rows.run(
        **{"course": run.course, "closes_at": run.closes_at, "start": rows.START + timedelta(days=7), **fields}
    )
    return run, other


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"hold_limit": 2}, "schools can hold"), ({"closes_at": None}, "set one for the run that joins")],
)
def test_a_run_that_could_not_be_allocated_does_not_join_those_that_are(cast, fields, why):
    run, other = allocated_pair(**fields)
    with pytest.raises(Refused, match=why):
        intakes.join(run=run, other=other, actor=cast.hq.actor)


def test_a_run_with_held_places_does_not_either(cast):
    run, other = allocated_pair()
    SeatShare.objects.create(run=other, school=cast.school, held=1)
    with pytest.raises(Refused, match="schools can hold"):
        intakes.join(run=run, other=other, actor=cast.hq.actor)


def test_nothing_joins_once_places_have_been_allocated(cast):
    run, other = allocated_pair()
    Intake.objects.filter(pk=run.intake_id).update(published_at=timezone.now())
    with pytest.raises(Refused, match="allocated already"):
        intakes.join(run=run, other=other, actor=cast.hq.actor)


def test_before_that_a_run_like_the_others_joins(cast):
    """The twin."""
    run, other = allocated_pair()
    assert intakes.join(run=run, other=other, actor=cast.hq.actor) == run.intake
