"""Publishing an allocation: places, waiting lists, credits, and who hears what."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from courses import (
    allocating,
    allocation_job,
    allocation_letters,
    allocation_standing,
    allocation_words,
    guest_letters,
    letters,
    publishing,
    seats,
)
from courses.allocation_telling import told
from courses.models import Allocation, AllocationOutcome, Enrolment, Intake, SchoolCredit, SeatShare
from courses.states import EnrolmentState, Hindrance
from schools import agenda, jobs
from schools.errors import Refused, Stale
from schools.models import Busy, Mail, Person
from tests import make
from tests.cast import Cast
from tests.courses import guests, intakes, rows
from tests.courses.reminding import plain_text

S = EnrolmentState


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def states(person: Person) -> list[str]:
    return list(Enrolment.objects.filter(person=person).order_by("run").values_list("state", flat=True))


def persons(allocation: Allocation) -> list[Person]:
    """All applicants, the best first."""
    people = {row.uid: row.person for row in Enrolment.objects.select_related("person")}
    return [people[key] for key in allocation_standing.standing(allocation).ranked]


@pytest.fixture
def four(cast: Cast) -> Allocation:
    """Four librarians of four schools ask for two parallel runs with a place each; all prefer the first."""
    first, second = intakes.runs(1, 1)
    intakes.pool([make.librarian(make.school()) for _ in range(4)], first, second)
    return intakes.propose(first.intake, cast.hq.actor)


def test_places_waiting_lists_and_what_is_out(cast: Cast, four: Allocation) -> None:
    best, second, third, last = persons(four)
    publishing.publish(allocation=four, actor=cast.hq.actor)
    assert [states(person) for person in (best, second, third, last)] == [
        [S.CONFIRMED, S.WITHDRAWN],
        [S.WITHDRAWN, S.CONFIRMED],
        [S.WAITING, S.WAITING],
        [S.WAITING, S.WAITING],
    ]
    for run in four.intake.runs.all():
        waiting = run.enrolments.filter(state=S.WAITING).order_by("number")
        assert [(row.person, row.number) for row in waiting] == [(third, 5), (last, 6)]
    four.refresh_from_db()
    four.intake.refresh_from_db()
    assert (four.state, four.intake.gathers) == ("published", False)
    assert seats.verify() == []
    assert Busy.objects.filter(person__in=[best, second]).count() == 4


def test_publishing_twice_changes_nothing(cast: Cast, four: Allocation) -> None:
    publishing.publish(allocation=four, actor=cast.hq.actor)
    before = list(Enrolment.objects.order_by("pk").values())
    publishing.publish(allocation=four, actor=cast.hq.actor)
    assert list(Enrolment.objects.order_by("pk").values()) == before
    assert AllocationOutcome.objects.count() == 4


def test_everybody_hears_once_and_why(cast: Cast, four: Allocation) -> None:
    publishing.publish(allocation=four, actor=cast.hq.actor)
    assert allocation_letters.tell_allocation(allocation_id=four.pk) == 4
    assert allocation_letters.tell_untold() == 0
    AllocationOutcome.objects.update(told_at=None)
    allocation_letters.tell_untold()
    sent = Mail.objects.filter(kind="allocation")
    assert sorted(sent.values_list("person", flat=True)) == sorted(person.pk for person in persons(four))
    with translation.override("kk"):
        for row in AllocationOutcome.objects.select_related("enrolment", "edit"):
            letter = sent.get(person=row.enrolment.person_id)
            text = plain_text(letter)
            assert all(line in text for line in told(row).lines)


def test_letters_are_written_in_their_readers_language(cast: Cast) -> None:
    (run,) = intakes.runs(1)
    person = make.librarian(cast.school, language="ru")
    intakes.pool([person], run)
    publishing.publish(allocation=intakes.propose(run.intake, cast.hq.actor), actor=cast.hq.actor)
    allocation_letters.tell_untold()
    with translation.override("ru"):
        assert Mail.objects.get(kind="allocation").subject.startswith(str(allocation_letters.PLACE.subject))


def test_whose_time_is_taken_meanwhile_waits_in_order(cast: Cast, four: Allocation) -> None:
    best, second, third, _last = persons(four)
    first = four.intake.runs.order_by("pk").first()
    meeting = first.meetings.first()
    agenda.take(person=best, spans=[(meeting.starts_at, meeting.ends_at)], source="trip:1")
    publishing.publish(allocation=four, actor=cast.hq.actor)
    assert AllocationOutcome.objects.get(enrolment__person=best).hindrance == Hindrance.TIME
    # The second run's place was the second's by the proposal; the free seat of the first goes to the next in line.
    assert (states(best), states(second), states(third)) == (
        [S.WAITING, S.WAITING],
        [S.WITHDRAWN, S.CONFIRMED],
        [S.CONFIRMED, S.WAITING],
    )
    assert seats.verify() == []


def test_who_has_left_is_passed_over(cast: Cast, four: Allocation) -> None:
    best = persons(four)[0]
    Person.objects.filter(pk=best.pk).update(archived_at=timezone.now())
    publishing.publish(allocation=four, actor=cast.hq.actor)
    assert states(best) == [S.WAITING, S.WAITING]
    assert AllocationOutcome.objects.get(enrolment__person=best).hindrance == Hindrance.LEFT
    assert seats.verify() == []
    allocation_letters.tell_untold()
    assert not Mail.objects.filter(kind="allocation", person=best).exists()


def test_who_has_withdrawn_meanwhile_is_passed_over_and_gets_no_letter(cast: Cast, four: Allocation) -> None:
    best, second, _third, _last = persons(four)
    Enrolment.objects.filter(person=best).update(state=S.WITHDRAWN)
    publishing.publish(allocation=four, actor=cast.hq.actor)
    assert (states(best), states(second)) == ([S.WITHDRAWN, S.WITHDRAWN], [S.WITHDRAWN, S.CONFIRMED])
    assert allocation_letters.tell_untold() == 3
    assert not Mail.objects.filter(kind="allocation", person=best).exists()


def test_fewer_places_than_proposed(cast: Cast) -> None:
    (run,) = intakes.runs(2)
    intakes.pool([make.librarian(make.school()) for _ in range(3)], run)
    allocation = intakes.propose(run.intake, cast.hq.actor)
    run.capacity = 1
    run.save(update_fields=["capacity"])
    _best, second, _third = persons(allocation)
    publishing.publish(allocation=allocation, actor=cast.hq.actor)
    assert AllocationOutcome.objects.get(enrolment__person=second).hindrance == Hindrance.FULL
    assert run.enrolments.filter(state=S.CONFIRMED).count() == 1
    assert run.enrolments.filter(state=S.WAITING).order_by("number").first().person == second


def test_an_application_that_was_approved_later_asks_for_a_new_proposal(cast: Cast, four: Allocation) -> None:
    late = make.librarian(make.school())
    intakes.pool([late], four.intake.runs.first())
    with pytest.raises(Stale, match="Make a new proposal"):
        publishing.publish(allocation=four, actor=cast.hq.actor)
    assert states(late) == [S.POOLED]
    again = allocating.propose(intake=four.intake, rules=four.rules, actor=cast.hq.actor)
    publishing.publish(allocation=again, actor=cast.hq.actor)
    assert not Enrolment.objects.filter(state=S.POOLED).exists()


def test_held_places_are_filled_by_their_names(cast: Cast) -> None:
    (run,) = intakes.runs(1)
    SeatShare.objects.create(run=run, school=cast.school, held=1)
    intakes.pool([make.librarian(make.school())], run)
    rows.seats(run, [cast.librarian.person], state="pooled", school=cast.school, of_held=True)
    allocation = intakes.propose(run.intake, cast.hq.actor)
    publishing.publish(allocation=allocation, actor=cast.hq.actor)
    assert states(cast.librarian.person) == [S.CONFIRMED]
    assert AllocationOutcome.objects.get(enrolment__person=cast.librarian.person).told == ""
    assert seats.verify() == []


def test_an_edit_decides(cast: Cast, four: Allocation) -> None:
    best, _second, third, _last = persons(four)
    first = four.intake.runs.order_by("pk").first()
    mine = {row.person_id: row for row in first.enrolments.all()}
    for person, run in ((best, None), (third, first)):
        allocating.edit(allocation=four, enrolment=mine[person.pk], run=run, reason="Ұсынылды", actor=cast.hq.actor)
    publishing.publish(allocation=four, actor=cast.hq.actor)
    assert (states(best), states(third)) == ([S.WAITING, S.WAITING], [S.CONFIRMED, S.WITHDRAWN])
    assert first.enrolments.get(person=best).number == 6, "left out on purpose: the last in line"
    four.refresh_from_db()
    assert allocation_standing.repeat(four) == []


def test_an_unlucky_school_carries_credit(cast: Cast) -> None:
    (run,) = intakes.runs(2)
    intakes.pool([*make.librarians(cast.school, 2), *make.librarians(cast.other_school, 2)], run)
    allocation = intakes.propose(run.intake, cast.hq.actor)
    given = allocation_standing.standing(allocation).places
    for row in run.enrolments.filter(uid__in=given, school=cast.school):
        other = run.enrolments.filter(school=cast.other_school).exclude(uid__in=given).first()
        for one, to in ((row, None), (other, run)):
            allocating.edit(allocation=allocation, enrolment=one, run=to, reason="Солай", actor=cast.hq.actor)
        given = allocation_standing.standing(allocation).places
    publishing.publish(allocation=allocation, actor=cast.hq.actor)
    assert list(SchoolCredit.objects.values_list("school", "change")) == [(cast.school.pk, 1000)]


def test_only_coordinators_publish(cast: Cast, four: Allocation) -> None:
    for actor in (cast.director.actor, cast.auditor.actor):
        with pytest.raises(Refused):
            publishing.publish(allocation=four, actor=actor)
        with pytest.raises(Refused):
            allocation_job.start(allocation=four, actor=actor)


def test_publishing_is_a_job_of_its_owner(cast: Cast, four: Allocation) -> None:
    job = allocation_job.start(allocation=four, actor=cast.hq.actor)
    with pytest.raises(Stale):
        allocation_job.start(allocation=four, actor=cast.hq.actor)
    jobs.run(job.pk)
    job.refresh_from_db()
    four.refresh_from_db()
    assert (job.state, four.state, four.published_by) == ("done", "published", cast.hq.person)


def test_a_refusal_ends_the_job_with_its_sentence(cast: Cast, four: Allocation) -> None:
    job = allocation_job.start(allocation=four, actor=cast.hq.actor)
    intakes.pool([make.librarian(make.school())], four.intake.runs.first())
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error != "") == ("failed", True)


def test_as_many_queries_for_thirty_as_for_four(cast: Cast, four: Allocation, django_assert_max_num_queries) -> None:
    first, second = four.intake.runs.order_by("pk")
    intakes.pool([make.librarian(make.school()) for _ in range(30)], first, second)
    again = allocating.propose(intake=four.intake, rules=four.rules, actor=cast.hq.actor)
    with django_assert_max_num_queries(75):
        publishing.publish(allocation=again, actor=cast.hq.actor)


def test_deadlines_of_runs_that_were_called_off_do_not_count(cast: Cast) -> None:
    first, second = intakes.runs(1, 1)
    intakes.pool([cast.librarian.person], first)
    first.intake.runs.filter(pk=first.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    second.state = "cancelled"
    second.save(update_fields=["state"])
    allocation = allocating.propose(intake=first.intake, rules=intakes.rules(), actor=cast.hq.actor)
    publishing.publish(allocation=allocation, actor=cast.hq.actor)
    assert states(cast.librarian.person) == [S.CONFIRMED]


def test_guests_hear_by_the_letter_of_their_sign_up(cast: Cast) -> None:
    run = guests.run(capacity=1, intake=Intake.objects.create(by_allocation=True), closes_at=rows.START)
    signup, unproved = guests.confirmed(run, 2), guests.sign_up(run)
    allocation = intakes.propose(run.intake, cast.hq.actor)
    assert len(allocation_standing.standing(allocation).applicants) == 2
    publishing.publish(allocation=allocation, actor=cast.hq.actor)
    guest_letters.tell_untold()
    letter = Mail.objects.filter(kind="signup", subject_id=signup.pk).order_by("pk").last()
    text = plain_text(letter)
    with translation.override("kk"):
        outcomes = AllocationOutcome.objects.select_related("edit")
        lines = [line for row in outcomes for line in told(row, voice=allocation_words.COORDINATOR).lines]
    assert len(lines) == 2
    assert all(line in text for line in lines)
    assert list(unproved.enrolments.values_list("state", flat=True)) == [S.WAITING]
    assert seats.verify() == []


def test_nobody_edits_their_own_outcome(cast: Cast) -> None:
    (run,) = intakes.runs(1)
    intakes.pool([cast.hq.person, *make.librarians(cast.school, 2)], run)
    allocation = intakes.propose(run.intake, cast.hq.actor)
    mine = run.enrolments.get(person=cast.hq.person)
    given = mine.uid in allocation_standing.standing(allocation).places
    with pytest.raises(Refused, match="themselves"):
        allocating.edit(
            allocation=allocation, enrolment=mine, run=None if given else run, reason="Мен", actor=cast.hq.actor
        )


def test_a_proposal_is_out_of_date_once_applications_come_in_again(cast: Cast, four: Allocation) -> None:
    four.intake.runs.update(closes_at=timezone.now() + timedelta(days=1))
    with pytest.raises(Stale):
        publishing.publish(allocation=four, actor=cast.hq.actor)
    assert not Enrolment.objects.filter(state=S.CONFIRMED).exists()


def test_a_wish_that_came_in_later_makes_a_proposal_out_of_date(cast: Cast) -> None:
    first, second = intakes.runs(1, 1)
    person = make.librarian(cast.school)
    intakes.pool([person], second)
    allocation = intakes.propose(first.intake, cast.hq.actor)
    intakes.pool([person], first)
    with pytest.raises(Stale):
        publishing.publish(allocation=allocation, actor=cast.hq.actor)


def test_an_edit_that_was_taken_back_is_none(cast: Cast, four: Allocation) -> None:
    best = persons(four)[0]
    row = Enrolment.objects.filter(person=best).order_by("wish").first()
    for run in (None, row.run):
        allocating.edit(allocation=four, enrolment=row, run=run, reason="Қателестім", actor=cast.hq.actor)
    assert allocation_standing.standing(four).edits == {}
    publishing.publish(allocation=four, actor=cast.hq.actor)
    assert not AllocationOutcome.objects.exclude(edit=None, beside_edit=False).exists()


def test_others_read_that_an_edit_stands_beside_their_points(cast: Cast, four: Allocation) -> None:
    best, _second, third, _last = persons(four)
    first = four.intake.runs.order_by("pk").first()
    mine = {row.person_id: row for row in first.enrolments.all()}
    for person, run in ((best, None), (third, first)):
        allocating.edit(allocation=four, enrolment=mine[person.pk], run=run, reason="Ұсынылды", actor=cast.hq.actor)
    publishing.publish(allocation=four, actor=cast.hq.actor)
    other = AllocationOutcome.objects.get(enrolment__person=persons(four)[3])
    assert told(other).lines[:2] == [
        "A coordinator has changed places of this run, with reasons that are kept.",
        "By the points alone it would be:",
    ]


def test_credit_that_was_spent_since_the_proposal_is_not_spent_twice(cast: Cast) -> None:
    first, second = intakes.runs(1)[0], intakes.runs(1)[0]
    kept = []
    for run in (first, second):
        intakes.pool([*make.librarians(cast.school, 1), *make.librarians(cast.other_school, 1)], run)
        kept.append(intakes.propose(run.intake, cast.hq.actor))
    for allocation in kept:
        publishing.publish(allocation=allocation, actor=cast.hq.actor)
    for school in (cast.school, cast.other_school):
        assert sum(SchoolCredit.objects.filter(school=school).values_list("change", flat=True)) >= 0


def test_a_place_that_comes_free_after_publishing_keeps_its_own_letter(cast: Cast, four: Allocation) -> None:
    _best, _second, third, _last = persons(four)
    first = four.intake.runs.order_by("pk").first()
    type(first).objects.filter(pk=first.pk).update(capacity=2, offer_hours=48)
    publishing.publish(allocation=four, actor=cast.hq.actor)
    assert S.OFFERED in states(third)
    letters.tell_untold()
    allocation_letters.tell_untold()
    kinds = Mail.objects.filter(person=third, state="queued").order_by("kind")
    assert [mail.kind for mail in kinds] == ["allocation", "enrolment"]
    assert kinds[0].subject.startswith("Орындар бөлінді")
