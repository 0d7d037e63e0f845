"""Letters about reports of trips: moves told once, each person reminded once of each occasion and not too long."""

from datetime import date

import pytest
from django.utils import timezone

from conferences import advance, closing, coming_back_letters, written_reports
from conferences.models import AdvanceMove, AdvanceReport, Trip, TripHand, WrittenReport
from schools.models import Mail
from tests.cast import Cast
from tests.conferences import coming_back as rows

NOON = "T12:00:00+05:00"
SOON, DUE, LATE, LEADERS = "2027-08-12", "2027-08-16", "2027-08-17", "2027-08-19"


@pytest.fixture
def trip(cast: Cast) -> Trip:
    """Over on Monday the 9th; the reports are due on the 16th."""
    return rows.approved(cast.librarian, cast.stranger)


def written_on(day: str, time_machine) -> list[tuple[str, str]]:
    """The letters that were written on that day: occasion and reader."""
    time_machine.move_to(f"{day}{NOON}", tick=False)
    before = set(Mail.objects.values_list("pk", flat=True))
    first, second = coming_back_letters.remind(), coming_back_letters.remind()
    fresh = Mail.objects.exclude(pk__in=before).order_by("id")
    assert (first, second) == (len(fresh), 0), "a second tick adds nothing"
    return [(mail.dedupe_key.split(":")[1], mail.person.email.split("@")[0]) for mail in fresh]


def test_each_person_hears_once_of_each_occasion(cast, trip, time_machine):
    travellers = ("librarian", "stranger")
    assert written_on("2027-08-11", time_machine) == []
    assert written_on(SOON, time_machine) == [("soon", name) for name in travellers]
    assert written_on("2027-08-13", time_machine) == []
    assert written_on(DUE, time_machine) == [("due", name) for name in travellers]
    assert written_on(LATE, time_machine) == [("late", name) for name in travellers]
    leaders = ("director", "deputy", "other_director", "hq")
    assert written_on(LEADERS, time_machine) == [("lead", name) for name in leaders]
    assert written_on("2027-09-20", time_machine) == []


def test_what_an_outage_missed_is_said_while_it_is_true(cast, trip, time_machine):
    assert {name for name, _who in written_on(LEADERS, time_machine)} == {"late", "lead"}


def test_what_is_very_old_is_left_alone(cast, trip, time_machine):
    assert written_on("2027-12-20", time_machine) == []


def test_letters_are_written_in_their_readers_language(cast, trip, time_machine):
    cast.stranger.person.language = "ru"
    cast.stranger.person.save()
    written_on(DUE, time_machine)
    found = dict(Mail.objects.values_list("person__email", "language"))
    assert found == {"librarian@example.kz": "kk", "stranger@example.kz": "ru"}
    subjects = set(Mail.objects.values_list("subject", flat=True))
    assert len(subjects) == 2
    assert all("Лонг-Бич" in subject for subject in subjects)


def send_both(trip: Trip, who) -> None:
    report = rows.account(trip)
    advance.submit(report=report, actor=who.actor)
    written_reports.publish(report=rows.written(trip, who), actor=who.actor)


def test_reminders_stop_and_waiting_ones_are_taken_back_once_nothing_is_owed(cast, trip, time_machine):
    written_on(DUE, time_machine)
    Mail.objects.update(state="queued")
    send_both(trip, cast.librarian)
    assert set(Mail.objects.filter(kind=closing.REMINDER).values_list("state", flat=True)) == {"superseded"}
    assert written_on(LATE, time_machine) == []


def test_half_of_it_is_not_enough(cast, trip, time_machine):
    time_machine.move_to(f"{DUE}{NOON}", tick=False)
    rows.account(trip, state="submitted", version=1)
    assert len(written_on(LATE, time_machine)) == 2


@pytest.mark.parametrize("state", ["cancelled", "closed", "submitted"])
def test_trips_that_are_not_approved_owe_nothing(cast, trip, time_machine, state):
    Trip.objects.filter(pk=trip.pk).update(state=state)
    assert written_on(LATE, time_machine) == []


def test_readers_sleep_at_night(cast, trip, time_machine, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    time_machine.move_to(f"{DUE}T23:00:00+05:00", tick=False)
    assert coming_back_letters.remind() == 0
    time_machine.move_to(f"{LATE}T09:00:00+05:00", tick=False)
    assert coming_back_letters.remind() == 2


def told(verb: str) -> list[str]:
    move = AdvanceMove.objects.get(verb=verb)
    coming_back_letters.tell_advance(move_id=move.pk)
    coming_back_letters.tell_advance(move_id=move.pk)
    mails = Mail.objects.filter(dedupe_key__startswith=f"advance:{move.pk}:").order_by("id")
    return [mail.person.email.split("@")[0] for mail in mails]


def test_each_move_is_told_once_to_whom_it_concerns(cast, trip, time_machine):
    time_machine.move_to(f"{DUE}{NOON}", tick=False)
    report = advance.start(trip=trip, actor=cast.librarian.actor)
    advance.submit(report=report, actor=cast.librarian.actor)
    assert (told("start"), told("submit")) == ([], ["finance"])
    advance.send_back(report=report, actor=cast.finance.actor, seen=1, note="Чек оқылмайды")
    assert told("return") == ["librarian", "stranger"]
    mail = Mail.objects.filter(person=cast.librarian.person).get()
    message = bytes(mail.message)
    assert "Чек оқылмайды".encode() in message or b"base64" in message
    AdvanceReport.objects.update(state="submitted")
    advance.accept(report=report, actor=cast.finance.actor, seen=1)
    assert coming_back_letters.tell_untold() == 1
    assert AdvanceMove.objects.filter(told_at=None).count() == 0


def test_finance_hears_nothing_of_an_own_trip(cast, trip, time_machine):
    time_machine.move_to(f"{DUE}{NOON}", tick=False)
    TripHand.objects.create(trip=trip, person=cast.finance.person)
    report = advance.start(trip=trip, actor=cast.librarian.actor)
    advance.submit(report=report, actor=cast.librarian.actor)
    assert told("submit") == []


def test_a_report_that_was_taken_back_is_not_announced(cast, trip, time_machine):
    time_machine.move_to(f"{DUE}{NOON}", tick=False)
    report = advance.start(trip=trip, actor=cast.librarian.actor)
    advance.submit(report=report, actor=cast.librarian.actor)
    advance.take_back(report=report, actor=cast.librarian.actor)
    assert told("submit") == []
    assert (WrittenReport.objects.count(), timezone.localdate()) == (0, date(2027, 8, 16))
