"""Scans of trainers' phones: each counts once, whatever is sent, and however often."""

from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.utils import timezone

from courses import attendance, scanning
from courses.models import Attendance, Scan
from courses.scanning import Scanned
from courses.states import EnrolmentState as S
from schools.errors import Refused
from schools.models import AuditEntry
from tests import make
from tests.courses import guests, rows
from tests.courses.at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast):
    return guests.on_now(cast.trainer.person, capacity=600)


@pytest.fixture
def meeting(run):
    return run.meetings.get()


def nonce(number):
    return f"{number:032x}"


def scans(*codes, at=None, first=1):
    return [Scanned(nonce(number), code, at or timezone.now()) for number, code in enumerate(codes, start=first)]


def seats(run, many):
    return rows.seats(run, make.librarians(make.school(), many))


def standing():
    return {row.enrolment_id: row.marked_at for row in Attendance.objects.filter(presence="present", source="scan")}


def test_each_scan_has_its_own_answer(cast, run, meeting):
    came, again, absent, gone, decided = seats(run, 5)
    elsewhere = seats(guests.on_now(cast.trainer.person), 1)[0]
    attendance.mark(meeting=meeting, marks={again.pk: "present", absent.pk: "absent"}, actor=cast.trainer.actor)
    for row, state in ((gone, S.WITHDRAWN), (decided, S.COMPLETED)):
        row.state = state
        row.save(update_fields=["state"])
    codes = [row.uid for row in (came, again, absent, gone, decided, elsewhere)]
    told = scanning.take_in(meeting=meeting, scans=scans(*codes, "abcdefgh23", ""), actor=cast.trainer.actor)
    assert list(told.values()) == [
        "marked",
        "already",
        "absent",
        "no_seat",
        "closed",
        "elsewhere",
        "unknown",
        "unknown",
    ]
    assert set(standing()) == {came.pk}
    kept = dict(Scan.objects.values_list("nonce", "enrolment"))
    assert [kept[nonce(n)] for n in range(1, 9)] == [
        came.pk,
        again.pk,
        absent.pk,
        gone.pk,
        decided.pk,
        None,
        None,
        None,
    ]


def test_a_scan_that_is_sent_again_has_the_answer_of_then(cast, run, meeting):
    row = seats(run, 1)[0]
    sent = scans(row.uid)
    told = [scanning.take_in(meeting=meeting, scans=sent, actor=cast.trainer.actor) for _ in range(3)]
    assert told == [{nonce(1): "marked"}] * 3
    assert Scan.objects.count() == 1
    assert AuditEntry.objects.filter(verb="attendance.mark").count() == 1


def test_two_phones_that_scan_one_person_make_one_mark_at_the_earlier_time(cast, run, meeting):
    row, now = seats(run, 1)[0], timezone.now()
    late, early = Scanned(nonce(1), row.uid, now), Scanned(nonce(2), row.uid, now - timedelta(minutes=4))
    told = scanning.take_in(meeting=meeting, scans=[late, early], actor=cast.trainer.actor)
    assert told == {nonce(2): "marked", nonce(1): "already"}
    assert standing() == {row.pk: early.at}


def test_the_clock_of_the_phone_is_held_to_what_can_be(cast, run, meeting):
    before, after = seats(run, 2)
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        now = timezone.now()
        sent = [
            Scanned(nonce(1), before.uid, now - timedelta(days=4000)),
            Scanned(nonce(2), after.uid, now + timedelta(days=4000)),
        ]
        scanning.take_in(meeting=meeting, scans=sent, actor=cast.trainer.actor)
    assert standing() == {before.pk: meeting.starts_at - attendance.DOORS_OPEN, after.pk: now}
    assert [row.scanned_at for row in Scan.objects.order_by("nonce")] == list(standing().values())


def test_others_are_refused_and_nothing_is_kept(cast, run, meeting):
    row = seats(run, 1)[0]
    for who in (cast.librarian, cast.auditor, cast.director):
        with pytest.raises(Refused):
            scanning.take_in(meeting=meeting, scans=scans(row.uid), actor=who.actor)
    assert (Scan.objects.count(), standing()) == (0, {})


def test_a_nonce_of_another_meeting_tells_nothing(cast, run, meeting):
    row = seats(run, 1)[0]
    scanning.take_in(meeting=meeting, scans=scans(row.uid), actor=cast.trainer.actor)
    other = guests.on_now(cast.trainer.person).meetings.get()
    told = scanning.take_in(meeting=other, scans=scans(row.uid), actor=cast.trainer.actor)
    assert told == {nonce(1): "elsewhere"}


def test_before_the_doors_open_scans_are_kept_by_the_phone(cast, run, meeting):
    row = seats(run, 1)[0]
    with time_machine.travel(meeting.starts_at - timedelta(minutes=31)), pytest.raises(scanning.TooEarly):
        scanning.take_in(meeting=meeting, scans=scans(row.uid), actor=cast.trainer.actor)
    with time_machine.travel(meeting.starts_at - timedelta(minutes=29)):
        told = scanning.take_in(meeting=meeting, scans=scans(row.uid), actor=cast.trainer.actor)
    assert told == {nonce(1): "marked"}


def test_too_many_at_a_time_are_refused(cast, run, meeting):
    with pytest.raises(Refused):
        scanning.take_in(meeting=meeting, scans=scans(*["x"] * (scanning.MOST_SCANS + 1)), actor=cast.trainer.actor)


@pytest.mark.postgres
@pytest.mark.parametrize("many", [1, 30, 500])
def test_five_hundred_scans_are_as_few_statements_as_one(cast, run, meeting, many, django_assert_num_queries):
    sent = scans(*(row.uid for row in seats(run, many)))
    with django_assert_num_queries(11):
        told = scanning.take_in(meeting=meeting, scans=sent, actor=cast.trainer.actor)
    assert set(told.values()) == {"marked"}
    assert len(standing()) == many


def the_hall(run):
    """Twenty people, and their codes in another order for the second phone."""
    people = seats(run, 20)
    return people, [row.uid for row in people], [row.uid for row in reversed(people)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_trainers_and_the_list_at_once_mark_everybody_once(cast, run, meeting):
    people, there, back = the_hall(run)
    errors = at_once(
        lambda: scanning.take_in(meeting=meeting, scans=scans(*there), actor=cast.trainer.actor),
        lambda: scanning.take_in(meeting=meeting, scans=scans(*back, first=100), actor=cast.hq.actor),
        lambda: scanning.take_in(meeting=meeting, scans=scans(*there), actor=cast.trainer.actor),
        lambda: attendance.mark(
            meeting=meeting, marks={row.pk: "present" for row in people[:5]}, actor=cast.administrator.actor
        ),
    )
    assert errors == []
    assert Attendance.objects.filter(presence="present").count() == 20
    assert AuditEntry.objects.filter(verb="attendance.mark").count() == 20
    assert Scan.objects.count() == 40
    assert Scan.objects.filter(outcome="marked").count() + Attendance.objects.filter(source="trainer").count() == 20


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_phones_would_collide(cast, run, meeting, monkeypatch):
    """The twin: the same two phones, and nobody waits for the other."""
    gate = Barrier(2)

    def unlocked(pk):
        row = type(run).objects.select_related("course").get(pk=pk)
        return row

    looked = scanning._found

    def found(*args):
        result = looked(*args)
        gate.wait(20)
        return result

    monkeypatch.setattr(scanning.seats, "lock_run", unlocked)
    monkeypatch.setattr(scanning, "_found", found)
    _people, there, back = the_hall(run)
    errors = at_once(
        lambda: scanning.take_in(meeting=meeting, scans=scans(*there), actor=cast.trainer.actor),
        lambda: scanning.take_in(meeting=meeting, scans=scans(*back, first=100), actor=cast.hq.actor),
    )
    assert errors, "both marked the same people"
