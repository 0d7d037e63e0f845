"""Runs in the hands of coordinators: drafts, copies, the gate, the clock of the place, the roster."""

from datetime import UTC, date, datetime, timedelta

import pytest

from courses import enrolling, gates, plans, running, seats, waiting, zones
from courses.models import Attendance, Enrolment, Material, Meeting, Run, RunNotice, RunTrainer
from courses.states import EnrolmentState as S
from courses.states import RunState
from schools.errors import Refused, Stale
from schools.models import AuditEntry
from tests.courses import rows

pytestmark = pytest.mark.django_db
NINE = datetime(2030, 4, 8, 4, 0, tzinfo=UTC)


def apply(member, run):
    return enrolling.enrol(person=member.person, run=run, actor=member.actor)


def draft(cast, **fields):
    fields = {"state": RunState.DRAFT, "contact": cast.hq.person, "host": cast.school, **fields}
    return rows.run(**{"closes_at": NINE - timedelta(days=3), "opens_at": NINE - timedelta(days=30), **fields})


def edit(run, cast, *, tell=False, **facts):
    lists = {name: facts.pop(name, None) for name in ("meetings", "trainers", "materials")}
    plan = plans.RunPlan(facts, **lists)
    return running.edit_run(run=run, plan=plan, seen=running.version(run), actor=cast.hq.actor, tell=tell)


def meeting(day, hour=4, hours=8, was=None):
    start = datetime(2030, 4, day, hour, tzinfo=UTC)
    return plans.MeetingPlan(start, start + timedelta(hours=7), hours, was)


def test_a_run_is_made_as_a_draft_with_its_lists(cast):
    facts = {"capacity": 10, "chain": rows.chain(), "starts_on": date(2030, 4, 8), "ends_on": date(2030, 4, 8)}
    plan = plans.RunPlan(
        facts,
        meetings=(meeting(8),),
        trainers=(plans.TrainerPlan(cast.trainer.person), plans.TrainerPlan(name="Қонақ ұстаз")),
        materials=(plans.MaterialPlan("Слайдтар", "https://example.kz/a"),),
    )
    run = running.create_run(course=rows.course(), plan=plan, actor=cast.hq.actor)
    assert (run.state, [str(t) for t in run.trainers.order_by("id")]) == (
        RunState.DRAFT,
        [cast.trainer.person.full_name, "Қонақ ұстаз"],
    )
    entry = AuditEntry.objects.get(verb="run.create")
    assert entry.values.values["materials"] == [None, ["Слайдтар <https://example.kz/a>"]]


def test_meetings_keep_their_rows_and_their_attendance(cast):
    run = draft(cast)
    enrolment = Enrolment.objects.create(run=run, person=cast.librarian.person, number=1, state=S.CONFIRMED)
    first, second = run.meetings.order_by("starts_at")
    Attendance.objects.create(meeting=first, enrolment=enrolment, presence="present", source="trainer")
    edit(run, cast, ends_on=date(2030, 4, 10), meetings=(meeting(9, was=1), meeting(8, was=2), meeting(10)))
    assert list(run.meetings.order_by("starts_at").values_list("pk", flat=True))[:2] == [second.pk, first.pk]
    with pytest.raises(Refused):
        edit(run, cast, meetings=(meeting(8, was=1),))
    assert Meeting.objects.filter(run=run).count() == 3


def test_two_meetings_at_one_time_are_refused(cast):
    run = draft(cast)
    with pytest.raises(Refused):
        edit(run, cast, meetings=(meeting(8), meeting(8)))


def test_what_somebody_else_saved_is_not_overwritten(cast):
    run = draft(cast)
    seen = running.version(run)
    Material.objects.create(run=run, title="Жаңа", url="https://example.kz/")
    with pytest.raises(Stale):
        running.edit_run(run=run, plan=plans.RunPlan({"capacity": 3}), seen=seen, actor=cast.hq.actor)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"ends_on": None}, "ends_on"),
        ({"starts_on": None}, "starts_on"),
        ({"ends_on": date(2030, 4, 7)}, "ends_on"),
        ({"closes_at": NINE + timedelta(days=9)}, "closes_at"),
        ({"cancel_until": NINE + timedelta(days=9)}, "cancel_until"),
        ({"opens_at": NINE - timedelta(days=3)}, "closes_at"),
    ],
)
def test_dates_that_contradict_each_other_are_refused_even_for_a_draft(cast, facts, field):
    run = draft(cast)
    with pytest.raises(gates.Incomplete) as refusal:
        edit(run, cast, **facts)
    assert [name for name, _ in refusal.value.faults] == [field]
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({}, []),
        ({"start": None, "closes_at": None}, []),
        ({"contact": None}, ["contact"]),
        ({"closes_at": None}, ["closes_at"]),
        ({"days": 0, "ends_on": date(2030, 4, 9)}, ["meetings"]),
        ({"ends_on": date(2030, 4, 8)}, ["meetings"]),
        ({"host": None}, ["place_kk"]),
        ({"host": None, "place_kk": "Қонақүй"}, ["place_ru"]),
    ],
)
def test_the_gate_of_publication(cast, fields, faulty):
    run = draft(cast, **fields)
    assert [field for field, _ in gates.run_faults(run)] == faulty
    if not faulty:
        assert running.publish_run(run=run, actor=cast.hq.actor).state == RunState.PUBLISHED
        return
    with pytest.raises(gates.Incomplete):
        running.publish_run(run=run, actor=cast.hq.actor)


def test_the_course_is_published_first(cast):
    run = draft(cast, course=rows.course(state="draft"))
    assert [field for field, _ in gates.run_faults(run)] == [""]


def test_hours_that_do_not_sum_up_are_a_warning_and_no_fault(cast):
    run = draft(cast, course=rows.course(hours=40))
    assert (len(gates.run_warnings(run)), gates.run_faults(run)) == (1, [])
    assert gates.run_warnings(draft(cast)) == []


def test_dates_and_places_of_a_published_run_are_not_edited(cast):
    run = draft(cast, state=RunState.PUBLISHED)
    edit(run, cast, starts_on=date(2031, 1, 1), capacity=99, meetings=(), join_link="https://example.kz/room")
    run.refresh_from_db()
    assert (run.starts_on, run.capacity, run.meetings.count(), run.join_link) == (
        date(2030, 4, 8),
        2,
        2,
        "https://example.kz/room",
    )


@pytest.mark.parametrize(("tell", "notices"), [(True, 1), (False, 0)])
def test_a_new_venue_is_told_if_the_organiser_wants(cast, tell, notices):
    run = draft(cast, state=RunState.PUBLISHED)
    edit(run, cast, tell=tell, place_kk="Жаңа ғимарат", place_ru="Новое здание")
    run.refresh_from_db()
    assert (RunNotice.objects.filter(kind="changed").count(), run.sequence) == (notices, notices)


def test_a_copy_moves_everything_by_as_many_days_and_takes_nobody_along(cast):
    run = draft(cast, state=RunState.PUBLISHED, cancel_until=NINE - timedelta(days=1))
    RunTrainer.objects.create(run=run, name="Қонақ ұстаз")
    Material.objects.create(run=run, title="Слайдтар", url="https://example.kz/a")
    Enrolment.objects.create(run=run, person=cast.librarian.person, number=1, state=S.CONFIRMED)
    copy = running.copy_run(run=run, starts_on=date(2031, 4, 7), actor=cast.hq.actor)
    year = timedelta(days=364)
    assert (copy.state, copy.starts_on, copy.ends_on, copy.next_number) == (
        RunState.DRAFT,
        date(2031, 4, 7),
        date(2031, 4, 8),
        1,
    )
    assert (copy.opens_at, copy.closes_at, copy.cancel_until) == (
        run.opens_at + year,
        run.closes_at + year,
        run.cancel_until + year,
    )
    assert list(copy.meetings.values_list("starts_at", "day", "hours")) == [
        (NINE + year, date(2031, 4, 7), 8),
        (NINE + year + timedelta(days=1), date(2031, 4, 8), 8),
    ]
    assert ([str(t) for t in copy.trainers.all()], copy.materials.count()) == (["Қонақ ұстаз"], 1)
    assert not Enrolment.objects.filter(run=copy).exists()


def test_a_copy_keeps_the_clock_across_a_change_of_the_clock(cast):
    start = datetime(2030, 3, 25, 8, 0, tzinfo=UTC)
    run = rows.run(start=start, days=1, zone="Europe/Berlin")
    copy = running.copy_run(run=run, starts_on=date(2030, 4, 8), actor=cast.hq.actor)
    assert zones.wall_clock(copy.meetings.get().starts_at, "Europe/Berlin") == datetime(2030, 4, 8, 9, 0)


def test_a_copy_without_a_day_is_to_be_announced(cast):
    copy = running.copy_run(run=draft(cast), starts_on=None, actor=cast.hq.actor)
    assert (copy.starts_on, copy.closes_at, copy.meetings.count()) == (None, None, 0)


def test_only_drafts_are_thrown_away(cast):
    run = draft(cast)
    running.discard_run(run=run, actor=cast.hq.actor)
    assert not Run.objects.filter(pk=run.pk).exists()
    with pytest.raises(Refused):
        running.discard_run(run=draft(cast, state=RunState.PUBLISHED), actor=cast.hq.actor)


@pytest.mark.parametrize(
    ("zone", "local"),
    [
        ("Asia/Almaty", datetime(2024, 2, 29, 23, 30)),
        ("Europe/Berlin", datetime(2030, 10, 27, 2, 30)),
        ("Europe/Berlin", datetime(2030, 3, 31, 2, 30)),
    ],
)
def test_a_time_that_comes_twice_or_never_is_refused(zone, local):
    with pytest.raises(Refused, match=f"{local:%H:%M}"):
        zones.instant(local, zone)


def test_every_other_time_has_one_instant():
    assert zones.instant(datetime(2024, 2, 29, 22, 59), "Asia/Almaty") == datetime(2024, 2, 29, 16, 59, tzinfo=UTC)
    assert zones.instant(datetime(2024, 3, 1, 0, 0), "Asia/Almaty") == datetime(2024, 2, 29, 19, 0, tzinfo=UTC)


def test_a_place_out_of_turn_has_a_reason_and_never_exceeds_the_capacity(cast):
    run = rows.run(capacity=1)
    for member in (cast.librarian, cast.colleague):
        apply(member, run)
    last = apply(cast.stranger, run)
    with pytest.raises(Refused):
        waiting.override(enrolment=last, actor=cast.hq.actor, reason=" ", add_place=True)
    with pytest.raises(Refused):
        waiting.override(enrolment=last, actor=cast.hq.actor, reason="Баяндамашы")
    with pytest.raises(Refused):
        waiting.override(enrolment=last, actor=cast.director.actor, reason="Баяндамашы", add_place=True)
    assert waiting.override(enrolment=last, actor=cast.hq.actor, reason="Баяндамашы", add_place=True).state == (
        S.CONFIRMED
    )
    run.refresh_from_db()
    assert (run.capacity, seats.free(run)) == (2, 0)
    assert list(Enrolment.objects.order_by("number").values_list("state", flat=True)) == [
        S.CONFIRMED,
        S.WAITING,
        S.CONFIRMED,
    ]
    entry = AuditEntry.objects.get(verb="enrolment.override")
    assert (entry.values.values, entry.values.note) == ({"people_passed": [None, 1]}, "Баяндамашы")
    with pytest.raises(Stale):
        waiting.override(enrolment=last, actor=cast.hq.actor, reason="Баяндамашы")
    assert seats.verify() == []


def test_nobody_gets_a_place_out_of_turn_while_taken_elsewhere(cast):
    run = rows.run(capacity=1)
    apply(cast.colleague, run)
    last = apply(cast.librarian, run)
    apply(cast.librarian, rows.run())
    with pytest.raises(Refused, match=r"08\.04\.2030"):
        waiting.override(enrolment=last, actor=cast.hq.actor, reason="Баяндамашы", add_place=True)
    run.refresh_from_db()
    assert run.capacity == 1
