"""Guests: seats are held until the link is used, then given or taken back."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from courses import enrolling, guest_letters, offers, seats, signing_up, signup_changes, waiting
from courses.models import Enrolment
from courses.signing_up import Contact
from courses.states import EnrolmentState as S
from schools.errors import Refused, Stale
from schools.guests import GuestData
from schools.models import AuditEntry, Busy, Mail, Person
from tests import make
from tests.courses import guests

pytestmark = pytest.mark.django_db


def letters(signup):
    """Subjects of all letters of a sign-up, oldest first, after the worker came by."""
    guest_letters.tell_signup(signup_id=signup.pk)
    return list(
        Mail.objects.filter(kind="signup", address=signup.email).order_by("id").values_list("subject", flat=True)
    )


def test_a_seat_is_held_until_the_link_is_used():
    run = guests.run(capacity=1)
    signup = guests.sign_up(run)
    assert guests.states(run) == [(1, S.OFFERED)]
    assert not Busy.objects.exists()
    assert signing_up.confirm(signup=signup) == []
    assert guests.states(run) == [(1, S.CONFIRMED)]
    assert Busy.objects.count() == 1
    assert run.enrolments.get().offer_until is None
    assert seats.verify() == []


def test_a_group_gets_the_seats_there_are_and_the_rest_wait_in_order():
    run = guests.run(capacity=3)
    signup = guests.sign_up(run, 5)
    assert guests.states(run) == [(1, S.OFFERED), (2, S.OFFERED), (3, S.OFFERED), (4, S.WAITING), (5, S.WAITING)]
    signing_up.confirm(signup=signup)
    assert [state for _number, state in guests.states(run)] == [S.CONFIRMED] * 3 + [S.WAITING] * 2
    signup_changes.cancel(signup=signup, only=run.enrolments.get(number=2).uid)
    assert guests.states(run) == [
        (1, S.CONFIRMED), (2, S.WITHDRAWN), (3, S.CONFIRMED), (4, S.CONFIRMED), (5, S.WAITING),
    ]  # fmt: skip
    assert seats.verify() == []


def test_what_is_not_confirmed_in_time_goes_to_those_who_wait():
    run = guests.run(capacity=1)
    slow, quick = guests.sign_up(run), guests.sign_up(run)
    signing_up.confirm(signup=quick)
    assert guests.states(run) == [(1, S.OFFERED), (2, S.WAITING)]
    assert (guest_letters.tell_untold(), offers.expire_due()) == (2, 0)
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1), tick=False):
        assert offers.expire_due() == 1
        assert guests.states(run) == [(1, S.EXPIRED), (2, S.CONFIRMED)]
        assert offers.expire_due() == 0
        assert letters(slow)[-1].startswith("Тіркелу уақытында расталмады")


def test_a_late_link_takes_the_sign_up_up_again_at_the_end():
    run = guests.run(capacity=1)
    slow, quick = guests.sign_up(run), guests.sign_up(run)
    guest_letters.tell_untold()
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1), tick=False):
        signing_up.confirm(signup=quick)
        offers.expire_due()
        signing_up.confirm(signup=slow)
        signing_up.confirm(signup=slow)
    assert guests.states(run) == [(1, S.EXPIRED), (2, S.CONFIRMED), (3, S.WAITING)]
    assert seats.verify() == []


def test_nobody_unproved_takes_a_freed_seat_or_keeps_it_from_others(cast):
    run = guests.run(capacity=1)
    first, unproved, proved = guests.sign_up(run), guests.sign_up(run), guests.sign_up(run)
    signing_up.confirm(signup=first)
    signing_up.confirm(signup=proved)
    signup_changes.cancel(signup=first)
    assert guests.states(run) == [(1, S.WITHDRAWN), (2, S.WAITING), (3, S.CONFIRMED)]
    signup_changes.cancel(signup=proved)
    # A newcomer without proof comes after all who wait; a librarian only after those who could take the seat.
    guests.sign_up(run)
    assert guests.states(run)[3] == (4, S.WAITING)
    row = enrolling.enrol(person=cast.librarian.person, run=run, actor=cast.librarian.actor)
    assert row.state == S.CONFIRMED
    assert waiting.fill(run_id=run.pk) == 0
    signing_up.confirm(signup=unproved)
    assert guests.states(run)[1] == (2, S.WAITING)
    assert seats.verify() == []


def test_the_same_people_again_get_the_link_again_and_no_second_seat():
    run = guests.run(capacity=5)
    signup = guests.sign_up(run, email="gulnar@example.kz")
    assert len(letters(signup)) == 1
    person = run.enrolments.get().person
    contact = Contact(name="Кім болса да", email="Gulnar@example.kz", language="ru")
    coming = [GuestData(surname=person.surname.upper(), given_name="Айгул")]
    again = signing_up.sign_up(run=run, contact=contact, coming=coming, school=None)
    assert (again.signup, again.again) == (signup, 1)
    assert guests.states(run) == [(1, S.OFFERED)]
    assert Person.objects.count() == 1
    assert len(letters(signup)) == 2


def test_an_address_of_somebody_with_an_account_gives_nobody_their_name(cast):
    run, someone = guests.run(), cast.librarian.person
    contact = Contact(name=someone.full_name, email=someone.email, language="kk")
    coming = [GuestData(surname=someone.surname, given_name=someone.given_name, patronymic=someone.patronymic)]
    signing_up.sign_up(run=run, contact=contact, coming=coming, school=None)
    assert run.enrolments.get().person != someone


def test_a_school_has_at_most_its_share():
    run, school = guests.run(capacity=10, school_limit=3), make.school(in_network=False, kind="general", direction="")
    guests.sign_up(run, 2, school=school)
    with pytest.raises(Refused, match="1"):
        guests.sign_up(run, 2, school=school)
    guests.sign_up(run, 1, school=school)
    guests.sign_up(run, 3, school=make.school(in_network=False))
    with pytest.raises(Refused, match="3"):
        guests.sign_up(run, 4)
    assert len(guests.states(run)) == 6


@pytest.mark.parametrize(
    "fields",
    [{"outreach": False}, {"state": "draft"}, {"closes_at": timezone.now() - timedelta(hours=1), "opens_at": None}],
)
def test_only_an_open_seminar_takes_guests(fields):
    run = guests.run(**fields)
    with pytest.raises(Refused):
        guests.sign_up(run)
    assert not Enrolment.objects.exists()
    assert not Person.objects.exists()


def test_time_that_is_taken_meanwhile_keeps_the_seat_from_being_given():
    first, second = guests.run(), guests.run()
    one = guests.sign_up(first, email="same@example.kz")
    person = first.enrolments.get().person
    coming = [GuestData(surname=person.surname, given_name=person.given_name)]
    contact = Contact(name="А", email="same@example.kz", language="kk")
    two = signing_up.sign_up(run=second, contact=contact, coming=coming, school=None).signup
    assert signing_up.confirm(signup=one) == []
    clashing = signing_up.confirm(signup=two)
    assert [row.person for row in clashing] == [person]
    assert guests.states(second) == [(1, S.OFFERED)]
    signup_changes.cancel(signup=one)
    assert signing_up.confirm(signup=two) == []
    assert guests.states(second) == [(1, S.CONFIRMED)]


def test_cancelling_has_its_deadline_and_its_end():
    run = guests.run(cancel_until=timezone.now() + timedelta(hours=1))
    signup = guests.sign_up(run)
    signing_up.confirm(signup=signup)
    with time_machine.travel(timezone.now() + timedelta(hours=2)), pytest.raises(Refused):
        signup_changes.cancel(signup=signup)
    signup_changes.cancel(signup=signup)
    with pytest.raises(Stale):
        signup_changes.cancel(signup=signup)
    with pytest.raises(Stale):
        signup_changes.cancel(signup=guests.sign_up(run), only="nobodyelse")


def test_a_seat_is_held_for_a_day_and_never_beyond_the_start():
    now = timezone.now()
    start = (now + timedelta(hours=5)).replace(microsecond=0)
    assert signing_up.hold_until(guests.run(), now) == now + timedelta(hours=24)
    assert signing_up.hold_until(guests.run(start=start), now) == start
    assert signing_up.hold_until(guests.run(start=now + timedelta(minutes=5)), now) == now + timedelta(hours=1)


def test_one_letter_tells_a_contact_of_all_people():
    run = guests.run(capacity=2)
    signup = guests.sign_up(run, 3)
    assert [subject.split(":")[0] for subject in letters(signup)] == ["Тіркелуді растаңыз"]
    signing_up.confirm(signup=signup)
    assert letters(signup)[1].startswith("Кейбіріңізге орын бар")
    assert len(letters(signup)) == 2
    signup_changes.cancel(signup=signup)
    assert letters(signup)[2].startswith("Тіркелу тоқтатылды")
    assert guest_letters.tell_untold() == 0


def test_the_sweeper_finds_what_no_worker_told():
    signup = guests.sign_up(guests.run())
    assert guest_letters.tell_untold() == 1
    assert guest_letters.tell_untold() == 0
    assert Mail.objects.filter(address=signup.email).count() == 1


def test_the_ledger_says_guest_and_no_address():
    signup = guests.sign_up(guests.run())
    entry = AuditEntry.objects.get(verb="enrolment.sign_up")
    assert (entry.actor, entry.actor_label) == (None, "guest")
    assert entry.person == signup.enrolments.get().person


def test_without_the_queue_rule_an_unproved_guest_would_take_the_seat(monkeypatch):
    """The twin: with everybody able, the freed seat goes to somebody whose address nobody has proved."""
    from django.db.models import Q

    run = guests.run(capacity=1)
    first, unproved = guests.sign_up(run), guests.sign_up(run)
    signing_up.confirm(signup=first)
    monkeypatch.setattr(seats, "able", Q)
    signup_changes.cancel(signup=first)
    assert unproved.enrolments.get().state == S.CONFIRMED


def test_guests_stand_with_their_seminars_and_not_in_the_list_of_people(cast):
    run = guests.run()
    signup = guests.sign_up(run)
    surname = signup.enrolments.get().person.surname
    page = cast.hq.client().get("/kk/people/").text
    assert cast.librarian.person.surname in page
    assert surname not in page
    assert surname in cast.hq.client().get(f"/kk/organise/runs/{run.uid}/").text
