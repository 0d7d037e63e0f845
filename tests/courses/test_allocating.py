"""Proposals: what they are told, that they can be repeated, and how they are edited."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from courses import allocating, allocation_standing, enrolling
from courses.allocation import inputs_from_json
from courses.gathering import gather
from courses.models import Allocation, AllocationEdit, AllocationRules, SchoolCredit, SeatShare
from courses.states import AllocationState, EnrolmentState, Verb
from schools.errors import Refused, Stale
from schools.models import AuditEntry
from tests import make
from tests.cast import Cast
from tests.courses import intakes, rows


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def told(allocation: Allocation) -> dict[str, dict[str, object]]:
    return {one["key"]: one for one in json.loads(allocation.inputs)["applicants"]}


def place_of(allocation: Allocation, uid: str) -> str | None:
    return allocation_standing.standing(allocation).places.get(uid)


@pytest.fixture
def three(cast: Cast) -> tuple[Allocation, list[str]]:
    """Three librarians of three schools for one place; who of them has it, first."""
    (run,) = intakes.runs(1)
    people = [make.librarian(make.school()) for _ in range(3)]
    mine = [intakes.apply(person, run)[0] for person in people]
    allocation = intakes.propose(run.intake, cast.hq.actor)
    ranked = allocation_standing.standing(allocation).ranked
    assert set(ranked) == {row.uid for row in mine}
    return allocation, ranked


def test_who_applies_waits_for_the_allocation(cast: Cast) -> None:
    (run,) = intakes.runs(5)
    (row,) = intakes.apply(cast.librarian.person, run)
    assert row.state == EnrolmentState.POOLED


def test_an_intake_is_opened_before_anybody_applies(cast: Cast) -> None:
    run = rows.run(closes_at=timezone.now() + timedelta(days=1))
    intake = allocating.open_intake(run=run, actor=cast.hq.actor)
    run.refresh_from_db()
    assert (run.intake, intake.gathers) == (intake, True)
    allocating.close_intake(run=run, actor=cast.hq.actor)
    intakes.apply(cast.librarian.person, run)
    with pytest.raises(Refused, match="Somebody has applied already"):
        allocating.open_intake(run=run, actor=cast.hq.actor)


def test_an_intake_needs_deadlines_and_a_coordinator(cast: Cast) -> None:
    run = rows.run()
    with pytest.raises(Refused, match="Set an application deadline"):
        allocating.open_intake(run=run, actor=cast.hq.actor)
    with pytest.raises(Refused, match="Only coordinators"):
        allocating.open_intake(run=run, actor=cast.director.actor)
    run.refresh_from_db()
    assert run.intake is None


def test_a_proposal_waits_for_every_deadline(cast: Cast) -> None:
    first, second = intakes.runs(1, 1)
    intakes.apply(cast.librarian.person, first)
    first.closes_at = timezone.now() - timedelta(minutes=1)
    first.save(update_fields=["closes_at"])
    with pytest.raises(Refused, match="Applications are still coming in"):
        allocating.propose(intake=first.intake, rules=intakes.rules(), actor=cast.hq.actor)
    intakes.close(second.intake)
    assert allocating.propose(intake=first.intake, rules=intakes.rules(), actor=cast.hq.actor).state == "draft"


def test_the_inputs_tell_what_the_tables_say(cast: Cast) -> None:
    before = rows.run(start=timezone.now() - timedelta(days=400), course=rows.course(hours=30))
    rows.seats(before, [cast.librarian.person], state="completed", school=cast.school)
    first, second = intakes.runs(4, 1, school_limit=2)
    SeatShare.objects.create(run=first, school=cast.other_school, floor=1, held=1)
    SeatShare.objects.create(run=second, region=cast.school.region, floor=1)
    mine = intakes.apply(cast.librarian.person, first, second)
    mine[1].wish = 2
    mine[1].save(update_fields=["wish"])
    earlier = intakes.propose(first.intake, cast.hq.actor)
    SchoolCredit.objects.create(school=cast.school, allocation=earlier, change=700)
    first.refresh_from_db()
    rows.seats(first, [cast.stranger.person], school=cast.other_school, of_held=True)
    allocation = intakes.propose(first.intake, cast.hq.actor)
    assert told(allocation)[mine[0].uid] == {
        "key": mine[0].uid,
        "school": cast.school.uid,
        "region": "KZ-10",
        "wishes": [first.uid, second.uid],
        "hours_missing": 50,
        "months_since_last": 13,
        "credit": 700,
        "school_places": 1,
        "school_people": 2,
        "kept": 1,
        "broken": 0,
        "committee": None,
    }
    seats = {one.key: one for one in inputs_from_json(allocation.inputs).seats}
    other = (cast.other_school.uid, "KZ-75")
    assert seats[first.uid].taken == (other,)
    assert [(one.kind, one.key, one.floor) for one in seats[first.uid].shares] == [("school", other[0], 2)]
    assert [(one.kind, one.key, one.floor) for one in seats[second.uid].shares] == [("region", "KZ-10", 1)]


def test_a_held_place_without_a_name_counts_as_the_schools_until_the_merge_date(cast: Cast) -> None:
    (run,) = intakes.runs(4)
    SeatShare.objects.create(run=run, school=cast.other_school, held=2)
    intakes.apply(cast.librarian.person, run)
    (seats,) = inputs_from_json(intakes.propose(run.intake, cast.hq.actor).inputs).seats
    assert len(seats.taken) == 2
    run.merge_at = timezone.now() - timedelta(minutes=1)
    run.save(update_fields=["merge_at"])
    (seats,) = inputs_from_json(intakes.propose(run.intake, cast.hq.actor).inputs).seats
    assert (seats.taken, [one.floor for one in seats.shares]) == ((), [0])


def test_as_many_queries_for_thirty_as_for_one(cast: Cast) -> None:
    first, second = intakes.runs(4, 4)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            gather(first.intake, rules=intakes_rules.values(), seed="a", now=timezone.now())
        return len(asked)

    intakes_rules = intakes.rules()
    intakes.pool([make.librarian(cast.school)], first, second)
    alone = count()
    intakes.pool([make.librarian(make.school()) for _ in range(30)], first, second)
    assert (alone, count()) == (20, 20)


def test_a_proposal_repeats_byte_for_byte(three: tuple[Allocation, list[str]]) -> None:
    allocation, _ranked = three
    assert allocation_standing.repeat(allocation) == []
    call_command("verify_allocations")


@pytest.mark.parametrize("field", ["inputs", "result", "seed"])
def test_a_proposal_that_somebody_touched_is_found(three: tuple[Allocation, list[str]], field: str) -> None:
    allocation, ranked = three
    touched = {
        "inputs": allocation.inputs.replace('"hours_missing":80', '"hours_missing":79', 1),
        "result": allocation.result.replace(ranked[0], ranked[1]),
        "seed": "0" * 32,
    }
    Allocation.objects.filter(pk=allocation.pk).update(**{field: touched[field]})
    allocation.refresh_from_db()
    assert allocation_standing.repeat(allocation) != []
    with pytest.raises(CommandError):
        call_command("verify_allocations")


def test_nobody_draws_again_until_it_suits(cast: Cast, three: tuple[Allocation, list[str]]) -> None:
    first, _ranked = three
    second = allocating.propose(intake=first.intake, rules=first.rules, actor=cast.hq.actor)
    first.refresh_from_db()
    assert (second.seed, second.result) == (first.seed, first.result)
    assert (first.state, second.state) == (AllocationState.DROPPED, AllocationState.DRAFT)


def test_an_edit_needs_a_reason_and_keeps_the_result(cast: Cast, three: tuple[Allocation, list[str]]) -> None:
    allocation, (winner, second, _third) = three
    run = allocation.intake.runs.get()
    mine = {row.uid: row for row in run.enrolments.all()}
    before = allocation.result

    def edit(uid: str, to: object, reason: str = "Ауырып қалды") -> AllocationEdit:
        return allocating.edit(allocation=allocation, enrolment=mine[uid], run=to, reason=reason, actor=cast.hq.actor)

    with pytest.raises(Refused, match="Write a word of reason"):
        edit(winner, None, "  ")
    with pytest.raises(Refused, match="All places of this run are given"):
        edit(second, run)
    edit(winner, None)
    edit(second, run)
    allocation.refresh_from_db()
    assert (place_of(allocation, winner), place_of(allocation, second)) == (None, run.uid)
    assert (allocation.result, allocation_standing.repeat(allocation)) == (before, [])
    assert AuditEntry.objects.filter(verb="allocation.edit").count() == 2


def test_an_edit_never_breaks_a_promise_but_may_pass_over_a_cap(cast: Cast) -> None:
    (run,) = intakes.runs(3, school_limit=1)
    SeatShare.objects.create(run=run, school=cast.other_school, floor=1)
    own = make.librarians(cast.school, 3)
    intakes.pool([*own, cast.stranger.person], run)
    allocation = intakes.propose(run.intake, cast.hq.actor)
    mine = {row.person_id: row for row in run.enrolments.all()}
    given = allocation_standing.standing(allocation).places
    assert len(given) == 2

    def edit(person: object, to: object) -> None:
        allocating.edit(allocation=allocation, enrolment=mine[person.pk], run=to, reason="Солай", actor=cast.hq.actor)

    one, other = [person for person in own if mine[person.pk].uid not in given]
    edit(cast.stranger.person, None)
    edit(one, run)
    with pytest.raises(Refused, match="promised to other schools"):
        edit(other, run)
    edit(cast.stranger.person, run)
    assert set(allocation_standing.standing(allocation).places) == {
        mine[person.pk].uid for person in [*own, cast.stranger.person] if person != other
    }


def test_a_run_that_nobody_asked_for_is_refused(cast: Cast) -> None:
    first, second = intakes.runs(1, 1)
    (row,) = intakes.apply(cast.librarian.person, first)
    allocation = intakes.propose(first.intake, cast.hq.actor)
    with pytest.raises(Refused, match="has not applied"):
        allocating.edit(allocation=allocation, enrolment=row, run=second, reason="Солай", actor=cast.hq.actor)


def test_a_dropped_proposal_is_no_more(cast: Cast, three: tuple[Allocation, list[str]]) -> None:
    allocation, (winner, *_) = three
    allocating.drop(allocation=allocation, actor=cast.hq.actor)
    with pytest.raises(Stale):
        allocating.drop(allocation=allocation, actor=cast.hq.actor)
    row = allocation.intake.runs.get().enrolments.get(uid=winner)
    with pytest.raises(Stale):
        allocating.edit(allocation=allocation, enrolment=row, run=None, reason="Солай", actor=cast.hq.actor)
    assert row.state == EnrolmentState.POOLED


def test_only_coordinators_share_places(cast: Cast, three: tuple[Allocation, list[str]]) -> None:
    allocation, _ranked = three
    row = allocation.intake.runs.get().enrolments.first()
    for actor in (cast.director.actor, cast.auditor.actor, cast.librarian.actor):
        with pytest.raises(Refused):
            allocating.propose(intake=allocation.intake, rules=allocation.rules, actor=actor)
        with pytest.raises(Refused):
            allocating.edit(allocation=allocation, enrolment=row, run=None, reason="Солай", actor=actor)
        with pytest.raises(Refused):
            allocating.drop(allocation=allocation, actor=actor)


def test_a_late_withdrawal_counts(cast: Cast) -> None:
    run = rows.run(start=timezone.now() + timedelta(days=3), cancel_until=timezone.now() - timedelta(days=1))
    enrolled = enrolling.enrol(person=cast.librarian.person, run=run, actor=cast.librarian.actor)
    enrolled.moves.create(verb=Verb.LATE, state=EnrolmentState.WITHDRAWN, actor=cast.librarian.person)
    run.enrolments.update(state=EnrolmentState.WITHDRAWN)
    (next_run,) = intakes.runs(1)
    (row,) = intakes.apply(cast.librarian.person, next_run)
    assert told(intakes.propose(next_run.intake, cast.hq.actor))[row.uid]["broken"] == 1


def test_the_tables_hold_what_the_verbs_promise(cast: Cast, three: tuple[Allocation, list[str]]) -> None:
    allocation, _ranked = three
    row = allocation.intake.runs.get().enrolments.first()
    wrong = [
        lambda: Allocation.objects.filter(pk=allocation.pk).update(state="nonsense"),
        lambda: Allocation.objects.filter(pk=allocation.pk).update(state="published"),
        lambda: AllocationEdit.objects.create(allocation=allocation, enrolment=row, reason=""),
        lambda: AllocationEdit.objects.create(allocation=allocation, enrolment=row, reason="Солай"),
        lambda: AllocationRules.objects.create(
            version=2, need=50, gap=50, share=50, kept=0, target_hours=80, gap_months=36
        ),
        lambda: SchoolCredit.objects.create(school=cast.school, allocation=allocation, change=0),
    ]
    for write in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
