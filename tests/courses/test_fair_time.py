"""A place that came after the withdrawal deadline without an own yes is given back for a while without a record."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from courses import enrolling, fair_time, guest_queries, leaving_late, letters, offers, signup_changes, waiting
from courses.models import Enrolment, EnrolmentMove, Run, Signup
from courses.states import EnrolmentState as S
from courses.states import Verb
from schools.errors import Refused
from schools.models import Mail
from tests.courses import guests, rows
from tests.courses.reminding import plain_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def apply(member, run):
    return enrolling.enrol(person=member.person, run=run, actor=member.actor)


def promoted(cast, **fields) -> Enrolment:
    """The colleague waited, and was given the librarian's place after the deadline; the letter is written."""
    run = rows.run(capacity=1, cancel_until=timezone.now() - timedelta(hours=1), **fields)
    first, second = apply(cast.librarian, run), apply(cast.colleague, run)
    leaving_late.withdraw(enrolment=first, actor=cast.librarian.actor, note="Ауырып қалдым")
    letters.tell_untold()
    return Enrolment.objects.get(pk=second.pk)


def give_back(cast, row) -> None:
    enrolling.withdraw(enrolment=row, actor=cast.colleague.actor)


def late_moves() -> int:
    return EnrolmentMove.objects.filter(verb=Verb.LATE).count()


def test_within_the_day_it_is_given_back_in_the_usual_way(cast):
    row = promoted(cast)
    assert row.state == S.CONFIRMED
    with pytest.raises(Refused, match="in the usual way"):
        leaving_late.withdraw(enrolment=row, actor=cast.colleague.actor, note="Уақытым жоқ")
    give_back(cast, row)
    row.refresh_from_db()
    assert (row.state, late_moves()) == (S.WITHDRAWN, 1)


def test_afterwards_it_is_late(cast):
    """The twin."""
    row = promoted(cast)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        with pytest.raises(Refused, match="deadline has passed"):
            give_back(cast, row)
        leaving_late.withdraw(enrolment=row, actor=cast.colleague.actor, note="Уақытым жоқ")
    assert late_moves() == 2


def test_the_hours_are_those_of_the_run(cast):
    row = promoted(cast)
    Run.objects.update(offer_hours=6)
    with time_machine.travel(timezone.now() + timedelta(hours=7)), pytest.raises(Refused):
        give_back(cast, row)


def test_the_time_begins_with_the_letter(cast):
    row = promoted(cast)
    EnrolmentMove.objects.filter(enrolment=row).update(told_at=None)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        give_back(cast, row)
    assert late_moves() == 1


def test_once_the_first_day_has_begun_there_is_none(cast):
    row = promoted(cast)
    today = timezone.localdate()
    Run.objects.update(starts_on=today, ends_on=today)
    with pytest.raises(Refused):
        give_back(cast, row)


def test_an_own_yes_is_late_at_once(cast):
    run = rows.run(capacity=1, cancel_until=timezone.now() - timedelta(hours=1), offer_hours=24)
    rows.seats(run, [cast.colleague.person], state=S.WAITING)
    waiting.fill(run_id=run.pk)
    row = Enrolment.objects.get(run=run)
    offers.take(enrolment=row, actor=cast.colleague.actor)
    with pytest.raises(Refused):
        give_back(cast, row)
    directly = apply(cast.librarian, rows.run(cancel_until=timezone.now(), start=rows.START + timedelta(days=9)))
    assert fair_time.ends([directly], now=timezone.now()) == {}


def test_letter_and_page_say_until_when(cast):
    row = promoted(cast)
    assert "Кеш бас тарту ретінде тіркелмейтін мерзім" in plain_text(
        Mail.objects.get(dedupe_key__startswith=f"move:{row.moves.latest('pk').pk}:")
    )
    page = cast.colleague.client().get(reverse("courses:enrolment", args=[row.uid])).text
    assert "The deadline has passed, but you can give the place back" in page
    assert reverse("courses:withdraw", args=[row.uid]) in page
    assert reverse("courses:late", args=[row.uid]) not in page


def test_guests_have_the_same_time(cast):
    run = guests.run(capacity=1)
    first, second = guests.confirmed(run), guests.confirmed(run)
    Run.objects.filter(pk=run.pk).update(cancel_until=timezone.now() - timedelta(hours=1))
    signup_changes.cancel(signup=first, late=True)
    assert late_moves() == 1
    assert not guest_queries.standing(Signup.objects.get(pk=second.pk), now=timezone.now())["cancels_late"]
    signup_changes.cancel(signup=second)
    assert (late_moves(), guests.states(run)) == (1, [(1, S.WITHDRAWN), (2, S.WITHDRAWN)])
