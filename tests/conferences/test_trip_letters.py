"""Letters about trips: who hears what, once, in the own language; reminders, and HQ where nobody answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conferences import approving, sending, trip_letters
from conferences.models import StandIn, TripApproval, TripMove
from conferences.trip_queries import words_to_give
from schools import norms
from schools.models import Mail, Person
from tests.cast import Cast, Member
from tests.conferences import asking
from tests.conferences.asking import sent, word
from tests.conferences.trips import route

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(cast: Cast) -> None:
    route()
    asking.budgets(cast)


def told(kind: str = "trip") -> set[str]:
    """To whom letters of this kind stand in the outbox, by the local part of the address."""
    trip_letters.tell_untold()
    rows = Mail.objects.filter(kind=kind, state="queued").values_list("address", flat=True)
    return {address.split("@")[0] for address in rows}


def yes(trip, member: Member) -> None:
    row = words_to_give(member.actor).get(trip=trip)
    approving.approve(approval=row, actor=member.actor, seen_version=trip.version)


def test_who_is_asked_hears_of_it_and_the_travellers_too(cast: Cast) -> None:
    trip = sent(cast.librarian, cast.stranger)
    assert told() == {"librarian", "stranger", "director", "deputy", "other_director"}
    assert trip_letters.tell_untold() == 0
    yes(trip, cast.director)
    yes(trip, cast.other_director)
    assert told() == {"hq"}
    yes(trip, cast.hq)
    yes(trip, cast.finance)
    assert told() == {"librarian", "stranger"}


def test_a_stand_in_hears_too(cast: Cast) -> None:
    today = timezone.localdate()
    days = {"valid_from": today, "valid_to": today, "named_by": cast.hq.person}
    StandIn.objects.create(holder=cast.hq.person, deputy=cast.trainer.person, **days)
    trip = sent(cast.librarian)
    yes(trip, cast.director)
    assert told() == {"hq", "trainer"}


def test_a_request_that_was_taken_back_takes_its_letters_back(cast: Cast) -> None:
    trip = sent(cast.librarian)
    yes(trip, cast.director)
    assert told() == {"hq"}
    sending.take_back(trip=trip, actor=cast.librarian.actor, note="Күні өзгерді")
    assert told() == {"director"}


def test_letters_are_written_in_the_readers_language(cast: Cast) -> None:
    Person.objects.filter(pk=cast.director.person.pk).update(language="ru")
    Person.objects.filter(pk=cast.deputy.person.pk).update(language="en")
    sent(cast.librarian)
    assert told() >= {"director", "deputy"}
    subjects = dict(Mail.objects.filter(kind="trip").values_list("address", "subject"))
    assert subjects["director@example.kz"].startswith("Командировка ждёт вашего решения")
    assert subjects["deputy@example.kz"].startswith("A trip waits for your decision")


def test_a_word_is_reminded_on_its_day_then_when_late_then_hq_hears(cast: Cast) -> None:
    trip = sent(cast.librarian)
    row, today = word(trip), timezone.localdate()
    assert trip_letters.remind_approvers() == 0
    TripApproval.objects.filter(pk=row.pk).update(due_on=today)
    assert trip_letters.remind_approvers() == 2
    assert trip_letters.remind_approvers() == 0
    assert told("trip_reminder") == {"director", "deputy"}
    long_ago = today - timedelta(days=20)
    assert norms.working_days_after(long_ago, trip_letters.ESCALATE_AFTER) <= today
    TripApproval.objects.filter(pk=row.pk).update(due_on=long_ago)
    assert trip_letters.remind_approvers() == 3
    assert "hq" in told("trip_reminder")
    assert word(trip).state == "open"


def test_silence_approves_nothing(cast: Cast) -> None:
    trip = sent(cast.librarian)
    TripApproval.objects.filter(trip=trip).update(due_on=timezone.localdate() - timedelta(days=90))
    trip_letters.remind_approvers()
    assert not TripMove.objects.filter(trip=trip, verb="approve").exists()
    trip.refresh_from_db()
    assert trip.state == "submitted"


def test_who_is_named_is_asked_once_for_the_same_days(cast: Cast) -> None:
    trip = asking.ready(cast.librarian)
    Mail.objects.all().delete()
    trip.travellers.update(consented_at=None, transfer_consented_at=None, consent_version="")
    trip_letters.ask_travellers(trip, but=None)
    trip_letters.ask_travellers(trip, but=None)
    assert Mail.objects.filter(kind="trip", address="librarian@example.kz").count() == 1
