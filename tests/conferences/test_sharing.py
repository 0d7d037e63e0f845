"""Saying what came of a trip, and how promises are found to be kept, lost again and excused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from conferences import keeping, lineage, sharing, tasks
from conferences.models import Promise, TripDerivation
from conferences.promise_moves import make
from conferences.sharing_states import PROMISE_MOVES
from conferences.trip_states import PromiseState
from courses.models import Attendance, RunTrainer
from schools.errors import Refused, Stale
from schools.models import AuditEntry
from tests.cast import Member
from tests.conferences.trips import gone_trip, promise
from tests.courses import rows

pytestmark = pytest.mark.django_db
P = PromiseState


def held(trainer: Member, *came, kind="seminar", **fields):
    """A seminar of last week, taught by this member; these members came."""
    run = rows.past_run(trainer.person, course=rows.course(kind=kind), **fields)
    rows.attend(rows.seats(run, [member.person for member in came]))
    return run


def stands(row: Promise) -> tuple[str, int | None]:
    row.refresh_from_db()
    return row.state, row.run_id


def test_a_seminar_that_was_held_keeps_the_promise_as_soon_as_it_names_the_trip(cast):
    trip = gone_trip(cast.librarian)
    row, run = promise(trip, cast.librarian), held(cast.librarian, cast.colleague)
    for _again in range(2):
        sharing.derive_from_trip(run=run, trip=trip, actor=cast.librarian.actor)
    assert TripDerivation.objects.get().run == run
    assert stands(row) == (P.KEPT, run.pk)
    verbs = AuditEntry.objects.filter(verb__regex=r"^(run\.|promise\.)").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["run.derive_from_trip", "promise.keep"]
    assert keeping.keep_due() == 0


def test_taking_the_word_back_opens_the_promise_again(cast):
    trip = gone_trip(cast.librarian)
    row, run = promise(trip, cast.librarian), held(cast.librarian, cast.colleague)
    sharing.derive_from_trip(run=run, trip=trip, actor=cast.hq.actor)
    for _again in range(2):
        sharing.forget(run=run, trip=trip, actor=cast.librarian.actor)
    assert stands(row) == (P.OPEN, None)
    assert AuditEntry.objects.filter(verb="promise.lose").count() == 1


@pytest.mark.parametrize("why", ["called off", "nobody came", "not over", "another kind", "another's", "not derived"])
def test_what_is_no_seminar_of_the_traveller_keeps_nothing(cast, why):
    trip = gone_trip(cast.librarian)
    row = promise(trip, cast.librarian)
    run = held(cast.librarian, cast.colleague)
    TripDerivation.objects.create(trip=trip, run=run)
    {
        "called off": lambda: (setattr(run, "state", "cancelled"), run.save()),
        "nobody came": lambda: Attendance.objects.all().delete(),
        "not over": lambda: (setattr(run, "ends_on", timezone.localdate() + timedelta(days=1)), run.save()),
        "another kind": lambda: (setattr(run.course, "kind", "course"), run.course.save()),
        "another's": lambda: RunTrainer.objects.update(person=cast.colleague.person),
        "not derived": lambda: TripDerivation.objects.all().delete(),
    }[why]()
    assert keeping.keep_due() == 0
    assert stands(row) == (P.OPEN, None)


def test_the_same_seminar_without_any_of_these_faults_keeps_it_and_a_called_off_one_loses_it(cast):
    trip = gone_trip(cast.librarian)
    row, run = promise(trip, cast.librarian), held(cast.librarian, cast.colleague)
    TripDerivation.objects.create(trip=trip, run=run)
    assert [keeping.keep_due(), stands(row)] == [1, (P.KEPT, run.pk)]
    run.state = "cancelled"
    run.save()
    assert [keeping.keep_due(), stands(row)] == [1, (P.OPEN, None)]


def test_one_run_keeps_one_promise_of_a_person_and_the_earliest_due_comes_first(cast):
    trip = gone_trip(cast.librarian, cast.stranger)
    late = promise(trip, cast.librarian, due_on=timezone.localdate() + timedelta(days=60))
    early = promise(trip, cast.librarian)
    other = promise(trip, cast.stranger)
    run = held(cast.librarian, cast.colleague)
    RunTrainer.objects.create(run=run, person=cast.stranger.person)
    TripDerivation.objects.create(trip=trip, run=run)
    assert keeping.keep_due() == 2
    assert [stands(row) for row in (early, late, other)] == [(P.KEPT, run.pk), (P.OPEN, None), (P.KEPT, run.pk)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.filter(pk=late.pk).update(state="kept", run=run, settled_at=timezone.now())
    second = held(cast.librarian, cast.colleague)
    rows.source(second, run)
    assert keeping.keep_due() == 1
    assert stands(late) == (P.KEPT, second.pk)


def test_descent_goes_over_the_visited_run_its_course_and_generations(cast):
    visited = rows.past_run(cast.trainer.person, start=timezone.now() - timedelta(days=40))
    trip = gone_trip(cast.librarian, run=visited)
    first, second, third, named = (rows.run(course=rows.course(kind="seminar")) for _ in range(4))
    rows.source(first, visited)
    rows.source(second, visited.course)
    rows.source(third, second)
    TripDerivation.objects.create(trip=trip, run=named)
    TripDerivation.objects.create(trip=trip, run=third)
    found = lineage.of_trips([trip.pk])[trip.pk]
    assert found.generation == {third.pk: 1, named.pk: 1, first.pk: 1, second.pk: 1}
    rows.source(first, third)
    assert lineage.of_trips([trip.pk])[trip.pk].parent[first.pk] is None


@pytest.mark.parametrize("name", ["librarian", "trainer", "hq", "administrator", "stranger", "director", "finance"])
def test_who_says_that_a_run_passes_on_a_trip(cast, name):
    trip, member = gone_trip(cast.librarian, cast.stranger), getattr(cast, name)
    run = held(cast.librarian, cast.colleague)
    RunTrainer.objects.create(run=run, person=cast.trainer.person)
    if name in ("librarian", "trainer", "hq", "administrator"):
        assert sharing.derive_from_trip(run=run, trip=trip, actor=member.actor).run == run
        return
    with pytest.raises(Refused):
        sharing.derive_from_trip(run=run, trip=trip, actor=member.actor)
    with pytest.raises(Refused):
        sharing.forget(run=run, trip=trip, actor=member.actor)
    assert TripDerivation.objects.count() == 0


@pytest.mark.parametrize("kind", ["draft trip", "declined trip", "called off", "before the trip", "visited", "circle"])
def test_what_cannot_have_come_from_the_trip_is_refused(cast, kind):
    run = held(cast.librarian, cast.colleague)
    trip = gone_trip(cast.librarian)
    if kind in ("draft trip", "declined trip"):
        trip.state = kind.split()[0]
    elif kind == "called off":
        run.state = "cancelled"
    elif kind == "before the trip":
        trip.starts_on = trip.ends_on = run.starts_on + timedelta(days=1)
    elif kind == "visited":
        trip.run = run
    else:
        trip.run = rows.past_run(cast.trainer.person)
        rows.source(trip.run, run)
    trip.save()
    run.save()
    with pytest.raises(Refused):
        sharing.derive_from_trip(run=run, trip=trip, actor=cast.hq.actor)
    assert TripDerivation.objects.count() == 0


def test_a_circle_over_a_second_trip_is_refused(cast):
    run, visited = held(cast.librarian, cast.colleague), rows.past_run(cast.trainer.person)
    between, trip = gone_trip(cast.librarian, run=run), gone_trip(cast.librarian, run=visited)
    sharing.derive_from_trip(run=visited, trip=between, actor=cast.hq.actor)
    with pytest.raises(Refused):
        sharing.derive_from_trip(run=run, trip=trip, actor=cast.hq.actor)


def test_hq_excuses_with_a_reason_and_takes_it_back_and_nobody_excuses_themselves(cast):
    trip = gone_trip(cast.librarian, cast.hq)
    row, own = promise(trip, cast.librarian), promise(trip, cast.hq)
    for actor, about, reason in (
        (cast.hq.actor, row, "  "),
        (cast.hq.actor, own, "Ауырып қалды"),
        (cast.librarian.actor, row, "Ауырып қалды"),
        (cast.director.actor, row, "Ауырып қалды"),
    ):
        with pytest.raises(Refused):
            sharing.excuse(promise=about, actor=actor, reason=reason)
    sharing.excuse(promise=row, actor=cast.hq.actor, reason="Ауырып қалды")
    row.refresh_from_db()
    assert (row.state, row.note) == (P.EXCUSED, "Ауырып қалды")
    with pytest.raises(Stale):
        sharing.excuse(promise=row, actor=cast.administrator.actor, reason="Тағы")
    with pytest.raises(Refused):
        sharing.insist(promise=row, actor=cast.librarian.actor)
    sharing.insist(promise=row, actor=cast.administrator.actor)
    row.refresh_from_db()
    assert (row.state, row.note, row.settled_at) == (P.OPEN, "", None)
    assert sorted(AuditEntry.objects.filter(verb__startswith="promise.").values_list("verb", flat=True)) == [
        "promise.excuse",
        "promise.insist",
    ]


@pytest.mark.parametrize("name", PROMISE_MOVES)
@pytest.mark.parametrize("state", P.values)
def test_every_move_that_is_not_in_the_table_is_refused(cast, name, state):
    trip, run = gone_trip(cast.librarian), held(cast.librarian, cast.colleague)
    facts = {"kept": {"run": run, "settled_at": timezone.now()}, "excused": {"note": "x", "settled_at": timezone.now()}}
    row = promise(trip, cast.librarian, state=state, **facts.get(state, {}))
    target = PROMISE_MOVES[name].target
    deed = {"run_id": run.pk if target == P.KEPT else None, "note": "x" if target == P.EXCUSED else ""}
    if PROMISE_MOVES[name].source == state:
        make(row, name, actor=cast.hq.actor, **deed)
        assert stands(row)[0] == target
        return
    with pytest.raises(Stale):
        make(row, name, actor=cast.hq.actor, **deed)
    assert stands(row)[0] == state


@pytest.mark.parametrize("count", [1, 12])
def test_looking_at_many_trips_costs_the_same_as_looking_at_one(cast, django_assert_num_queries, count):
    for _at in range(count):
        promise(gone_trip(cast.librarian), cast.librarian)
    with django_assert_num_queries(5):
        assert keeping.keep_due() == 0


def test_the_worker_finds_what_was_held_meanwhile(cast):
    row, run = promise(gone_trip(cast.librarian), cast.librarian), held(cast.librarian, cast.colleague)
    TripDerivation.objects.create(trip=row.trip, run=run)
    tasks.keep_promises()
    assert stands(row) == (P.KEPT, run.pk)
