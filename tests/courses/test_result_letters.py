"""Who did not complete a course hears it once: what was missing, in the own language, and whom to ask."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from courses import attendance, completing, enrolling, guest_letters, letters, signing_up
from courses.models import EnrolmentMove, RunTrainer
from courses.states import Assessment, Presence
from schools import mailing, outbox
from schools.models import Mail, Person
from schools.states import MailState
from tests.courses import guests, rows

pytestmark = pytest.mark.django_db
START = datetime(2026, 4, 6, 4, 0, tzinfo=UTC)
AFTER = datetime(2026, 4, 8, 12, 0, tzinfo=UTC)


@pytest.fixture
def run(cast):
    course = rows.course(final_assessment=True)
    row = rows.run(course=course, start=START, opens_at=None, capacity=5, contact=cast.hq.person)
    RunTrainer.objects.create(run=row, person=cast.trainer.person)
    return row


@pytest.fixture
def seats(cast, run):
    """Both have places; the librarian came on one day of two, the colleague on both and passed."""
    Person.objects.filter(pk=cast.librarian.person.pk).update(language="ru")
    with time_machine.travel(START - timedelta(days=20)):
        seats = [enrolling.enrol(person=m.person, run=run, actor=m.actor) for m in (cast.librarian, cast.colleague)]
    with time_machine.travel(AFTER):
        for meeting, first in zip(run.meetings.all(), (Presence.PRESENT, Presence.ABSENT), strict=True):
            marks = {seats[0].pk: first, seats[1].pk: Presence.PRESENT}
            attendance.mark(meeting=meeting, marks=marks, actor=cast.trainer.actor)
        marks = {seats[0].pk: Assessment.NOT_PASSED, seats[1].pk: Assessment.PASSED}
        completing.assess(run=run, marks=marks, actor=cast.trainer.actor)
    letters.tell_untold()
    Mail.objects.all().delete()
    return seats


def close(cast, run) -> None:
    with time_machine.travel(AFTER):
        assert completing.close(run=run, actor=cast.trainer.actor) == (1, 1)


def reopen(cast, row) -> None:
    with time_machine.travel(AFTER):
        completing.reopen(enrolment=row, actor=cast.trainer.actor, reason="Қате белгі")


def told() -> list[tuple[str, str, str]]:
    letters.tell_untold()
    rows = Mail.objects.order_by("id").values_list("address", "subject", "state")
    return [(address, subject.partition(":")[0], state) for address, subject, state in rows]


SUBJECT = "Ваш результат по курсу"
QUEUED, SUPERSEDED, SENT = MailState.QUEUED, MailState.SUPERSEDED, MailState.SENT


def test_the_letter_says_what_was_missing_and_whom_to_ask_in_the_readers_language(cast, run, seats):
    close(cast, run)
    assert told() == [("librarian@example.kz", SUBJECT, QUEUED)]
    parts = mailing.parts_of(bytes(Mail.objects.get().message))
    assert parts.calendar == ""
    for said in (
        "посещено часов: 8 из 16; итоговое оценивание не пройдено",
        "не менее 80% часов; пройденное итоговое оценивание",
        f"{cast.hq.person.full_name}, hq@example.kz",
        f"/ru/applications/{seats[0].uid}/",
        "ошибк",
    ):
        assert said in parts.text, said
        assert said in parts.html, said
    assert "Қате" not in parts.text
    assert "Комментарий" not in parts.text


def test_it_is_told_once(cast, run, seats):
    close(cast, run)
    move = EnrolmentMove.objects.get(enrolment=seats[0], verb="fail")
    for _ in range(2):
        letters.tell_move(move_id=move.pk)
    assert told() == [("librarian@example.kz", SUBJECT, QUEUED)]


def test_without_a_contact_person_it_still_says_what_can_be_done(cast, run, seats):
    run.contact = None
    run.save(update_fields=["contact"])
    close(cast, run)
    told()
    text = mailing.parts_of(bytes(Mail.objects.get().message)).text
    assert "Контактное лицо" not in text
    assert "организатор" in text


def test_opening_the_result_takes_back_an_unsent_letter_and_promises_no_new_place(cast, run, seats):
    close(cast, run)
    told()
    reopen(cast, seats[0])
    assert told() == [("librarian@example.kz", SUBJECT, SUPERSEDED)]


def test_a_result_that_was_opened_before_anybody_was_told_is_not_told(cast, run, seats):
    close(cast, run)
    reopen(cast, seats[0])
    assert told() == []


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_in_which_workers_come_by_does_not_matter(cast, run, seats, order):
    close(cast, run)
    reopen(cast, seats[0])
    for pk in list(EnrolmentMove.objects.filter(told_at=None).values_list("pk", flat=True))[::order]:
        letters.tell_move(move_id=pk)
    assert told() == []


def test_a_sent_letter_stays_and_the_next_result_is_told_anew(cast, run, seats):
    close(cast, run)
    told()
    Mail.objects.update(state=SENT, sent_at=AFTER)
    reopen(cast, seats[0])
    with time_machine.travel(AFTER):
        assert completing.close(run=run, actor=cast.trainer.actor) == (0, 1)
    assert [(address, state) for address, _subject, state in told()] == [
        ("librarian@example.kz", SENT),
        ("librarian@example.kz", QUEUED),
    ]


def test_other_letters_about_the_place_are_left_alone(cast, run, seats):
    outbox.enqueue(
        kind="reminder",
        dedupe_key="feedback",
        language="ru",
        person=cast.librarian.person,
        about=seats[0],
        context={"words": letters.NOT_COMPLETED, "rows": [], "run": run, "link": "", "choices_link": ""},
    )
    close(cast, run)
    assert [state for _address, _subject, state in told()] == [QUEUED, QUEUED]


def test_results_of_guests_write_no_letter_that_their_sign_up_is_cancelled(cast):
    with time_machine.travel(START - timedelta(days=20)):
        seminar = guests.run(start=START, opens_at=None, contact=cast.hq.person)
        signing_up.confirm(signup=guests.sign_up(seminar, 2))
        guest_letters.tell_untold()
    before = Mail.objects.count()
    with time_machine.travel(AFTER):
        assert completing.close(run=seminar, actor=cast.hq.actor) == (0, 2)
        assert guest_letters.tell_untold() == 1
    told()
    assert Mail.objects.count() == before
    assert not EnrolmentMove.objects.filter(told_at=None).exists()
