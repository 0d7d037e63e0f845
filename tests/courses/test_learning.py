"""From the first mark on the list to the certificate: who may, when, and what is kept."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from courses import attendance, certificates, completing, enrolling
from courses.models import Attendance, Certificate, RunTrainer
from courses.states import Assessment, CertificateState, MarkSource, Presence
from courses.states import EnrolmentState as S
from schools.errors import Refused
from schools.models import AuditEntry
from tests.courses import rows

pytestmark = pytest.mark.django_db
START = datetime(2026, 4, 6, 4, 0, tzinfo=UTC)
AFTER = datetime(2026, 4, 8, 12, 0, tzinfo=UTC)
PRESENT, ABSENT, EXCUSED = Presence.PRESENT, Presence.ABSENT, Presence.EXCUSED


@pytest.fixture
def run(cast):
    row = rows.run(start=START, opens_at=None, capacity=5)
    RunTrainer.objects.create(run=row, person=cast.trainer.person)
    return row


@pytest.fixture
def seats(cast, run):
    with time_machine.travel(START - timedelta(days=20)):
        return [enrolling.enrol(person=m.person, run=run, actor=m.actor) for m in (cast.librarian, cast.colleague)]


def attend(run, seats, marks, actor):
    """One presence a person and meeting, in order."""
    for meeting, presences in zip(run.meetings.all(), marks, strict=True):
        attendance.mark(
            meeting=meeting, marks={row.pk: p for row, p in zip(seats, presences, strict=True)}, actor=actor
        )


def test_the_rules_decide_and_say_what_lacked(cast, run, seats):
    with time_machine.travel(AFTER):
        attend(run, seats, [(PRESENT, PRESENT), (PRESENT, EXCUSED)], cast.trainer.actor)
        assert completing.close(run=run, actor=cast.trainer.actor) == (1, 1)
    for row in seats:
        row.refresh_from_db()
    assert [row.state for row in seats] == [S.COMPLETED, S.NOT_COMPLETED]
    assert "8" in seats[1].moves.last().note


def test_a_final_assessment_is_asked_for_where_the_course_has_one(cast, run, seats):
    run.course.final_assessment = True
    run.course.save(update_fields=["final_assessment"])
    with time_machine.travel(AFTER):
        attend(run, seats, [(PRESENT, PRESENT)] * 2, cast.trainer.actor)
        assert completing.assess(run=run, marks={seats[0].pk: Assessment.PASSED}, actor=cast.trainer.actor) == 1
        assert completing.close(run=run, actor=cast.hq.actor) == (1, 1)


@pytest.mark.parametrize("who", ["librarian", "director", "finance", "auditor", "stranger"])
def test_others_neither_mark_nor_close_nor_issue(cast, run, seats, who):
    actor = getattr(cast, who).actor
    with time_machine.travel(AFTER):
        for deed in (
            lambda: attendance.mark(meeting=run.meetings.first(), marks={seats[0].pk: PRESENT}, actor=actor),
            lambda: completing.close(run=run, actor=actor),
            lambda: certificates.issue(enrolment=seats[0], actor=actor),
        ):
            with pytest.raises(Refused):
                deed()
    assert not Attendance.objects.exists()


def test_a_mark_is_corrected_only_with_a_reason_and_stands_in_the_ledger(cast, run, seats):
    meeting = run.meetings.first()
    with time_machine.travel(AFTER):
        attendance.mark(meeting=meeting, marks={seats[0].pk: ABSENT}, actor=cast.trainer.actor)
        with pytest.raises(Refused):
            attendance.mark(meeting=meeting, marks={seats[0].pk: PRESENT}, actor=cast.trainer.actor)
        attendance.mark(meeting=meeting, marks={seats[0].pk: PRESENT}, actor=cast.trainer.actor, reason="Кешігіп келді")
        again = attendance.mark(meeting=meeting, marks={seats[0].pk: PRESENT}, actor=cast.trainer.actor)
    assert again == 0
    assert Attendance.objects.get().presence == PRESENT
    assert list(AuditEntry.objects.filter(verb__startswith="attendance").values_list("verb", flat=True)) == [
        "attendance.mark",
        "attendance.correct",
    ]


def test_marks_of_strangers_and_of_the_future_are_refused(cast, run, seats):
    other = rows.run(start=START + timedelta(days=30), opens_at=None)
    with time_machine.travel(START - timedelta(days=20)):
        foreign = enrolling.enrol(person=cast.stranger.person, run=other, actor=cast.stranger.actor)
        with pytest.raises(Refused):
            attendance.mark(meeting=run.meetings.first(), marks={seats[0].pk: PRESENT}, actor=cast.trainer.actor)
    with time_machine.travel(AFTER):
        for marks in ({foreign.pk: PRESENT}, {seats[0].pk: "flying"}):
            with pytest.raises(Refused):
                attendance.mark(meeting=run.meetings.first(), marks=marks, actor=cast.trainer.actor)
    assert not Attendance.objects.exists()


def test_check_in_by_code_counts_once_and_only_in_time(cast, run, seats):
    meeting = run.meetings.first()
    assert attendance.meeting_of(attendance.check_in_token(meeting)) == meeting
    assert attendance.meeting_of(attendance.check_in_token(meeting) + "x") is None
    for hours, allowed in ((-1, False), (0, True), (7, True), (8, False)):
        with time_machine.travel(START + timedelta(hours=hours)):
            if allowed:
                attendance.check_in(meeting=meeting, actor=cast.librarian.actor)
            else:
                with pytest.raises(Refused):
                    attendance.check_in(meeting=meeting, actor=cast.librarian.actor)
    assert [(row.enrolment, row.source) for row in Attendance.objects.all()] == [(seats[0], MarkSource.CHECK_IN)]


def test_who_has_no_seat_cannot_check_in(cast, run, seats):
    with time_machine.travel(START), pytest.raises(Refused):
        attendance.check_in(meeting=run.meetings.first(), actor=cast.stranger.actor)


def test_results_are_not_decided_before_the_last_day(cast, run, seats):
    with time_machine.travel(START), pytest.raises(Refused):
        completing.close(run=run, actor=cast.trainer.actor)


@pytest.fixture
def completed(cast, run, seats):
    with time_machine.travel(AFTER):
        attend(run, seats, [(PRESENT, PRESENT)] * 2, cast.trainer.actor)
        completing.close(run=run, actor=cast.trainer.actor)
    return seats


def test_a_certificate_freezes_what_it_states(cast, completed):
    with time_machine.travel(AFTER):
        certificate = certificates.issue(enrolment=completed[0], actor=cast.hq.actor)
        assert certificates.issue(enrolment=completed[0], actor=cast.hq.actor) == certificate
    cast.librarian.person.surname = "Жаңа"
    cast.librarian.person.save()
    certificate.refresh_from_db()
    assert (certificate.number, certificate.holder) == ("2026-00001", "Сәрсенова Әлия Қайратқызы")
    assert (certificate.hours, certificate.starts_on, certificate.ends_on) == (16, date(2026, 4, 6), date(2026, 4, 7))
    assert certificate.school_kk == "Семей ФМБ НЗМ (kk)"
    assert len(certificate.code) == 16


def test_numbers_run_without_gaps_and_codes_differ(cast, completed):
    with time_machine.travel(AFTER):
        made = [certificates.issue(enrolment=row, actor=cast.hq.actor) for row in completed]
    assert [row.number for row in made] == ["2026-00001", "2026-00002"]
    assert made[0].code != made[1].code


def test_only_a_completed_course_is_certified(cast, seats):
    with pytest.raises(Refused):
        certificates.issue(enrolment=seats[0], actor=cast.hq.actor)


def test_revoking_and_correcting_keep_the_old_row(cast, completed):
    with time_machine.travel(AFTER):
        first = certificates.issue(enrolment=completed[0], actor=cast.hq.actor)
        with pytest.raises(Refused):
            certificates.revoke(certificate=first, actor=cast.hq.actor, reason=" ")
        cast.librarian.person.surname = "Сарсенова"
        cast.librarian.person.save()
        second = certificates.reissue(certificate=first, actor=cast.hq.actor, reason="Тегі түзетілді")
        with pytest.raises(Refused):
            certificates.reissue(certificate=first, actor=cast.hq.actor, reason="Тағы")
        certificates.revoke(certificate=second, actor=cast.administrator.actor, reason="Қате берілген")
    assert list(Certificate.objects.order_by("id").values_list("number", "state", "holder")) == [
        ("2026-00001", CertificateState.SUPERSEDED, "Сәрсенова Әлия Қайратқызы"),
        ("2026-00002", CertificateState.REVOKED, "Сарсенова Әлия Қайратқызы"),
    ]


def test_the_database_holds_one_valid_certificate_an_enrolment(cast, completed):
    certificate = certificates.issue(enrolment=completed[0], actor=cast.hq.actor)
    certificate.pk, certificate.code, certificate.number = None, "x" * 16, "x"
    with pytest.raises(IntegrityError), transaction.atomic():
        certificate.save(force_insert=True)


def test_a_result_is_opened_again_with_a_reason_and_without_a_standing_certificate(cast, completed):
    certificate = certificates.issue(enrolment=completed[0], actor=cast.hq.actor)
    with pytest.raises(Refused):
        completing.reopen(enrolment=completed[0], actor=cast.trainer.actor, reason="Қате")
    certificates.revoke(certificate=certificate, actor=cast.hq.actor, reason="Қате")
    assert completing.reopen(enrolment=completed[0], actor=cast.trainer.actor, reason="Қате").state == S.CONFIRMED
    with pytest.raises(Refused):
        completing.reopen(enrolment=completed[1], actor=cast.trainer.actor, reason="")
