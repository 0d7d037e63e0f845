"""Coordinators set how seats are shared: every rule that cannot be kept is refused, and what is set free is given."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from courses import enrolling, gates, moving, plans, running, seats, sharing_seats, tasks, waiting
from courses.models import Enrolment, Intake, Run, SeatShare
from courses.sharing_seats import SeatPlan, SharePlan
from courses.states import EnrolmentState as S
from courses.states import RunState
from schools.errors import Refused, Stale
from schools.models import AuditEntry
from tests import make
from tests.courses import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MERGE = datetime(2030, 3, 20, 13, 0, tzinfo=UTC)


def share(whose, **numbers):
    return SharePlan(whose, **numbers)


def plan(*shares, **facts):
    usual = {"school_limit": None, "region_limit": None, "offer_hours": 0, "merge_at": None, "hold_limit": 0}
    return SeatPlan(**{**usual, **facts}, shares=shares)


def set_rules(cast, run, *shares, by=None, seen=None, **facts):
    return sharing_seats.set_rules(
        run=run,
        plan=plan(*shares, **facts),
        seen=sharing_seats.version(Run.objects.get(pk=run.pk)) if seen is None else seen,
        actor=(by or cast.hq).actor,
    )


def faults(cast, run, *shares, **facts):
    with pytest.raises(gates.Incomplete) as refusal:
        set_rules(cast, run, *shares, **facts)
    return refusal.value.faults


def shares_of(run):
    return sorted(plans.share_line(row) for row in run.shares.select_related("school", "region"))


def wait(run, people, **fields):
    return rows.seats(run, people, state=S.WAITING, **fields)


def states(enrolments):
    found = dict(Enrolment.objects.values_list("pk", "state"))
    return [found[row.pk] for row in enrolments]


def test_the_rules_are_written_with_old_and_new_values(cast):
    run = rows.run(capacity=20)
    set_rules(cast, run, share(cast.school, floor=2), school_limit=5)
    set_rules(
        cast,
        run,
        share(cast.school, floor=2, held=1),
        share(cast.other_school, cap=3),
        share(make.region(), floor=6),
        school_limit=5,
        region_limit=9,
        offer_hours=48,
        merge_at=MERGE,
        hold_limit=2,
    )
    run.refresh_from_db()
    assert [getattr(run, name) for name in sharing_seats.FACTS] == [5, 9, 48, MERGE, 2]
    lines = [f"{cast.school.code}: 2 · – · 1", f"{cast.other_school.code}: 0 · 3 · 0", "KZ-10: 6 · – · 0"]
    assert shares_of(run) == sorted(lines)
    first, second = AuditEntry.objects.filter(verb="run.seats").order_by("id")
    assert first.values.values == {"school_limit": [None, 5], "shares": [[], [f"{cast.school.code}: 2 · – · 0"]]}
    assert second.values.values["hold_limit"] == [0, 2]
    assert second.values.values["shares"] == [[f"{cast.school.code}: 2 · – · 0"], lines]


def test_a_row_that_says_nothing_is_no_row_and_nothing_changed_is_not_written_down(cast):
    run = rows.run()
    set_rules(cast, run, share(cast.school))
    set_rules(cast, run)
    assert (SeatShare.objects.count(), AuditEntry.objects.filter(verb="run.seats").count()) == (0, 0)


def test_a_row_that_stays_keeps_its_key_and_one_that_is_gone_goes(cast):
    run = rows.run(capacity=9)
    set_rules(cast, run, share(cast.school, floor=1), share(cast.other_school, floor=1))
    kept = run.shares.get(school=cast.school).pk
    set_rules(cast, run, share(cast.school, floor=2))
    assert [(row.pk, row.floor) for row in run.shares.all()] == [(kept, 2)]


@pytest.mark.parametrize("who", ["director", "trainer", "auditor", "finance", "librarian"])
def test_only_coordinators_share_seats(cast, who):
    with pytest.raises(Refused):
        set_rules(cast, rows.run(), by=getattr(cast, who))


def test_whoever_saw_other_rules_is_told_so(cast):
    run = rows.run()
    seen = sharing_seats.version(run)
    set_rules(cast, run, share(cast.school, floor=1))
    with pytest.raises(Stale):
        set_rules(cast, run, seen=seen)
    assert run.shares.count() == 1


@pytest.mark.parametrize("state", [RunState.CANCELLED, RunState.CLOSED])
def test_a_run_that_is_over_keeps_its_rules(cast, state):
    with pytest.raises(Refused):
        set_rules(cast, rows.run(state=state), hold_limit=1)


def test_no_more_is_promised_and_held_than_there_are_places(cast):
    run, neighbour = rows.run(capacity=5), make.school()
    ours, theirs = share(cast.school, floor=2, held=1), share(neighbour, floor=2)
    set_rules(cast, run, ours, theirs, share(make.region(), floor=5))
    assert faults(cast, run, ours, share(neighbour, floor=3)) == [
        ("", "Promised and held are 6 places in all, but the run has 5.")
    ]
    assert faults(cast, run, share(make.region(), floor=5), share(cast.other_school, floor=1))[0][0] == ""


def test_the_most_is_never_under_what_is_promised_and_held(cast):
    run, name = rows.run(capacity=9), cast.school.short_name()
    text = "{}: promised and held are {} places, the most is {}."
    assert faults(cast, run, share(cast.school, floor=2, held=1, cap=2)) == [("schools", text.format(name, 3, 2))]
    assert faults(cast, run, share(cast.school, floor=3), school_limit=2) == [("schools", text.format(name, 3, 2))]
    region = make.region()
    both = share(cast.school, floor=2), share(make.school(), held=2)
    assert faults(cast, run, *both, region_limit=3) == [("regions", text.format(region.name, 4, 3))]
    assert faults(cast, run, *both, share(region, cap=3)) == [("regions", text.format(region.name, 4, 3))]
    set_rules(cast, run, *both, share(region, cap=4), region_limit=3)


def test_seats_with_names_stay_held(cast):
    run = rows.run(capacity=9)
    set_rules(cast, run, share(cast.school, held=2))
    rows.seats(run, [cast.librarian.person], state=S.NOMINATED, school=cast.school, of_held=True)
    rows.seats(run, [cast.colleague.person], state=S.REFUSED, school=cast.school, of_held=True)
    assert faults(cast, run)[0][0] == "schools"
    set_rules(cast, run, share(cast.school, held=1))


@pytest.mark.parametrize(
    ("merge_at", "fine"),
    [
        (datetime(2030, 4, 7, 18, 59, tzinfo=UTC), True),  # the last minute before the first day, in Almaty
        (datetime(2030, 4, 7, 19, 0, tzinfo=UTC), False),
        (datetime(2020, 1, 1, tzinfo=UTC), False),  # registration was not open yet
    ],
)
def test_held_seats_go_to_all_between_opening_and_start(cast, merge_at, fine):
    run = rows.run(opens_at=datetime(2026, 1, 1, tzinfo=UTC))
    if fine:
        set_rules(cast, run, merge_at=merge_at)
    else:
        assert [name for name, _text in faults(cast, run, merge_at=merge_at)] == ["merge_at"]


def test_an_edit_cannot_put_the_opening_after_the_merge(cast):
    run = rows.run(state=RunState.DRAFT, merge_at=MERGE)
    edit = plans.RunPlan({"opens_at": MERGE + timedelta(days=1)})
    with pytest.raises(gates.Incomplete):
        running.edit_run(run=run, plan=edit, seen=running.version(run), actor=cast.hq.actor)


def test_where_places_are_allocated_none_are_held(cast):
    run = rows.run(capacity=9, intake=Intake.objects.create(by_allocation=True))
    assert [name for name, _text in faults(cast, run, hold_limit=1)] == ["hold_limit"]
    set_rules(cast, run, share(cast.school, floor=1))


def test_what_the_rules_set_free_goes_to_those_who_wait_in_their_order(cast):
    run = rows.run(capacity=4)
    theirs = share(cast.other_school, floor=2, cap=2)
    set_rules(cast, run, theirs, school_limit=1)
    people = make.librarians(cast.school, 4)
    line = wait(run, people, school=cast.school)
    set_rules(cast, run, theirs, school_limit=3)
    assert states(line) == [S.CONFIRMED, S.CONFIRMED, S.WAITING, S.WAITING]
    set_rules(cast, run, share(cast.other_school, floor=1), school_limit=3)
    assert states(line) == [S.CONFIRMED, S.CONFIRMED, S.CONFIRMED, S.WAITING]
    assert seats.verify() == []


def test_when_the_day_comes_held_and_promised_seats_go_to_all(cast, time_machine):
    run = rows.run(capacity=3, merge_at=MERGE)
    SeatShare.objects.create(run=run, school=cast.other_school, floor=1, held=1)
    line = wait(run, make.librarians(cast.school, 3), school=cast.school)
    time_machine.move_to(MERGE - timedelta(minutes=1), tick=False)
    tasks.fill_waiting()
    assert states(line) == [S.CONFIRMED, S.WAITING, S.WAITING]
    time_machine.move_to(MERGE, tick=False)
    assert seats.verify() == [f"run {run.uid}: a seat is free while somebody who could take it waits"]
    tasks.fill_waiting()
    assert states(line) == [S.CONFIRMED] * 3
    assert seats.verify() == []


def test_a_later_day_keeps_anew_what_is_still_free(cast, time_machine):
    run = rows.run(capacity=2)
    time_machine.move_to(MERGE, tick=False)
    set_rules(cast, run, share(cast.other_school, floor=1), merge_at=MERGE)
    set_rules(cast, run, share(cast.other_school, floor=1), merge_at=MERGE + timedelta(days=1))
    line = wait(run, make.librarians(cast.school, 2), school=cast.school)
    waiting.fill(run_id=run.pk)
    assert states(line) == [S.CONFIRMED, S.WAITING]


def test_fewer_places_than_are_promised_drop_nobody_and_are_pointed_out(cast):
    run = rows.run(capacity=4)
    set_rules(cast, run, share(cast.other_school, floor=2))
    seated = rows.seats(run, make.librarians(cast.school, 2), school=cast.school)
    assert sharing_seats.warnings(run, seats.tally(run, now=timezone.now())) == [
        "Nothing says when the places that are kept go to all: set a day under “Places”."
    ]
    run = waiting.set_capacity(run=run, capacity=3, actor=cast.hq.actor)
    assert states(seated) == [S.CONFIRMED, S.CONFIRMED]
    first, _second = sharing_seats.warnings(run, seats.tally(run, now=timezone.now()))
    assert first == "Kept for schools and regions: 2. Free: 1. Nobody loses a place: what becomes free is kept."
    page = cast.hq.client().get(f"/en/organise/runs/{run.uid}/").text
    assert first in page


def test_a_copy_takes_the_rules_along_and_holds_nothing(cast):
    run = rows.run(capacity=9)
    region = make.region()
    both = share(cast.school, floor=1, held=2, cap=4), share(cast.other_school, held=1)
    set_rules(cast, run, *both, share(region, cap=8), region_limit=5, offer_hours=24, merge_at=MERGE, hold_limit=2)
    run.refresh_from_db()
    copy = running.copy_run(run=run, starts_on=run.starts_on + timedelta(days=364), actor=cast.hq.actor)
    assert (copy.region_limit, copy.offer_hours, copy.hold_limit) == (5, 24, 2)
    assert copy.merge_at == MERGE + timedelta(days=364)
    assert shares_of(copy) == sorted([f"{cast.school.code}: 1 · 4 · 0", "KZ-10: 0 · 8 · 0"])
    undated = running.copy_run(run=run, starts_on=None, actor=cast.hq.actor)
    assert (undated.merge_at, undated.hold_limit) == (None, 2)


@pytest.mark.parametrize(("now", "moves"), [(MERGE - timedelta(days=9), True), (MERGE, False)])
def test_the_day_moves_with_the_run_until_it_has_come(cast, time_machine, now, moves):
    run = rows.run(contact=cast.hq.person, host=cast.school, closes_at=rows.START, merge_at=MERGE)
    time_machine.move_to(now, tick=False)
    week = timedelta(days=7)
    meetings = tuple(plans.MeetingPlan(m.starts_at + week, m.ends_at + week, m.hours) for m in run.meetings.all())
    schedule = plans.Schedule(run.starts_on + week, run.ends_on + week, run.zone, meetings, rows.START + week)
    moving.move_run(run=run, schedule=schedule, actor=cast.hq.actor, reason="Жөндеу", seen=running.version(run))
    run.refresh_from_db()
    assert run.merge_at == (MERGE + week if moves else MERGE)


def test_a_place_out_of_turn_breaks_a_cap_and_says_so_but_never_takes_what_is_kept(cast):
    run = rows.run(capacity=3)
    set_rules(cast, run, share(cast.other_school, floor=1), school_limit=1)
    rows.seats(run, [cast.colleague.person], school=cast.school)
    first, second = wait(run, make.librarians(cast.school, 2), school=cast.school)
    page = cast.hq.client().get(f"/en/organise/applications/{first.uid}/").text
    assert "This school has its most places already: the place goes beyond this rule." in page
    assert "1 kept for schools" in page
    waiting.override(enrolment=first, actor=cast.hq.actor, reason="Жалғыз кітапханашы")
    entry = AuditEntry.objects.get(verb="enrolment.override")
    assert entry.values.values["rule"] == [None, "school_cap"]
    page = cast.hq.client().get(f"/en/organise/applications/{second.uid}/").text
    assert "The places that are free are kept for other schools." in page
    with pytest.raises(Refused):
        waiting.override(enrolment=second, actor=cast.hq.actor, reason="Тағы біреуі")


def test_a_newcomer_gets_no_seat_that_is_kept_and_one_of_the_school_does(cast):
    run = rows.run(capacity=1)
    set_rules(cast, run, share(cast.other_school, floor=1))
    ours = enrolling.enrol(person=cast.librarian.person, run=run, actor=cast.librarian.actor)
    theirs = enrolling.enrol(person=cast.stranger.person, run=run, actor=cast.stranger.actor)
    assert (ours.state, theirs.state) == (S.WAITING, S.CONFIRMED)
