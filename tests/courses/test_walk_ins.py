"""People who come without signing up: a place where one is free, present at once, and never two of them."""

from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.utils import timezone

from courses import guest_links, seats, signup_changes, walk_ins
from courses.models import Attendance, Enrolment, Signup
from courses.states import HOLDING
from courses.states import EnrolmentState as S
from schools import guests as known_guests
from schools.errors import Refused, Stale
from schools.guests import GuestData
from schools.models import AuditEntry, Mail, Person, SchoolRequest
from schools.models.base import make_uid
from tests import make
from tests.courses import guests
from tests.courses.at_once import at_once

pytestmark = pytest.mark.django_db
NAME = GuestData("Әубәкірова", "Сәуле", "Тоқтарқызы")


@pytest.fixture
def run(cast):
    return guests.on_now(cast.trainer.person, capacity=2)


@pytest.fixture
def general():
    return make.school(in_network=False, kind="general")


def url(run, part="walk-in/"):
    return f"/kk/teaching/{run.uid}/attendance/1/{part}"


def typed(school=None, **change):
    sent = {"name": "Әубәкірова Сәуле Тоқтарқызы", "agreed": "on", "nonce": make_uid()}
    return sent | ({"school": school.uid} if school else {}) | change


def test_a_walk_in_has_a_place_and_is_present(cast, run, general):
    made = guests.walked_in(run, cast.trainer.actor, guest=NAME, school=general, language="ru")
    row = made.enrolments.get()
    assert (row.state, row.school, row.person.full_name) == (S.CONFIRMED, general, "Әубәкірова Сәуле Тоқтарқызы")
    assert (made.walk_in, made.email, made.language) == (True, "", "ru")
    assert Attendance.objects.values_list("presence", "source", "marked_by").get() == (
        "present",
        "trainer",
        cast.trainer.person.pk,
    )
    assert sorted(AuditEntry.objects.filter(subject_id=row.pk).values_list("verb", flat=True)) == [
        "attendance.mark",
        "enrolment.walk_in",
    ]
    assert not Mail.objects.exists()
    assert guest_links.signup_of(guest_links.token(made)) == made


def test_the_same_form_twice_is_one_person(cast, run, general):
    client, sent = cast.trainer.client(), typed(general)
    answers = [client.post(url(run), sent) for _ in range(2)]
    made = Signup.objects.get()
    assert [answer.url for answer in answers] == [url(run, f"walk-in/{made.uid}/")] * 2
    assert (Person.objects.filter(surname="Әубәкірова").count(), Attendance.objects.count()) == (1, 1)


def test_a_nonce_of_something_else_is_refused(cast, run):
    other = guests.confirmed(run)
    elsewhere = guests.walked_in(guests.on_now(cast.trainer.person), cast.trainer.actor)
    for nonce in (other.uid, elsewhere.uid):
        with pytest.raises(Stale):
            guests.walked_in(run, cast.trainer.actor, nonce=nonce)


def test_a_full_seminar_takes_nobody_but_by_a_place_of_the_coordinators(cast, run):
    for _ in range(2):
        guests.walked_in(run, cast.trainer.actor)
    for actor, more in ((cast.trainer.actor, False), (cast.trainer.actor, True), (cast.hq.actor, False)):
        with pytest.raises(Refused):
            guests.walked_in(run, actor, add_place=more)
    assert run.enrolments.count() == 2
    guests.walked_in(run, cast.hq.actor, add_place=True)
    run.refresh_from_db()
    assert (run.capacity, run.enrolments.count()) == (3, 3)
    assert seats.verify() == []


def test_the_page_says_that_it_is_full_and_keeps_what_was_typed(cast, run, general):
    for _ in range(2):
        guests.walked_in(run, cast.trainer.actor)
    answer = cast.trainer.client().post(url(run), typed(general))
    assert answer.status_code == 422
    assert "Әубәкірова Сәуле Тоқтарқызы" in answer.text
    assert 'name="add_place"' not in answer.text
    assert 'name="add_place"' in cast.hq.client().get(url(run)).text


def test_who_is_on_the_list_already_is_marked_there(cast, run, general):
    guests.walked_in(run, cast.trainer.actor, guest=NAME, school=general)
    again = GuestData("Аубакирова", "Сауле", "Токтаркызы")
    with pytest.raises(Refused):
        guests.walked_in(run, cast.trainer.actor, guest=again, school=general)
    guests.walked_in(run, cast.trainer.actor, guest=again, school=make.school(in_network=False, kind="general"))


def test_only_trainers_and_coordinators_only_seminars_for_guests_only_once_it_has_begun(cast, run):
    for who in (cast.librarian, cast.director, cast.auditor):
        with pytest.raises(Refused):
            guests.walked_in(run, who.actor)
    with time_machine.travel(timezone.now() - timedelta(hours=1)), pytest.raises(Refused):
        guests.walked_in(run, cast.trainer.actor)
    run.outreach = False
    run.save(update_fields=["outreach"])
    with pytest.raises(Refused):
        guests.walked_in(run, cast.trainer.actor)
    assert not Signup.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Сәуле"},
        {"name": ""},
        {"name": "x" * 3000},
        {"name": "7 <b>"},
        {"agreed": ""},
        {"nonce": "1"},
        {"nonce": ""},
    ],
    ids=str,
)
def test_what_is_wrong_is_said_at_the_field(cast, run, change):
    answer = cast.trainer.client().post(url(run), typed(**change))
    assert answer.status_code == 422
    assert not Signup.objects.exists()


def test_a_school_that_is_not_listed_is_asked_for(cast, run):
    region = make.region()
    sent = typed() | {"school": "other", "school_region": region.iso, "school_name": "Ақжар орта мектебі"}
    assert cast.trainer.client().post(url(run), sent).status_code == 302
    asked = SchoolRequest.objects.get()
    assert (asked.name, asked.region, Enrolment.objects.get().school) == ("Ақжар орта мектебі", region, None)
    assert Signup.objects.get().school_request == asked


def test_a_school_sends_no_more_than_it_may_but_by_a_place_of_the_coordinators(cast, run, general):
    run.school_limit = 1
    run.save(update_fields=["school_limit"])
    guests.walked_in(run, cast.trainer.actor, school=general)
    for actor, more in ((cast.trainer.actor, False), (cast.trainer.actor, True), (cast.hq.actor, False)):
        with pytest.raises(Refused):
            guests.walked_in(run, actor, school=general, add_place=more)
    guests.walked_in(run, cast.hq.actor, school=general, add_place=True)
    assert (run.enrolments.count(), type(run).objects.get(pk=run.pk).capacity) == (2, 2)


def test_the_search_for_a_school_writes_nothing_and_keeps_the_name(cast, run, general):
    answer = cast.trainer.client().post(url(run), typed() | {"find_school": "school", "school_text": "мектеп"})
    assert answer.status_code == 200
    assert "Әубәкірова Сәуле Тоқтарқызы" in answer.text
    assert not Signup.objects.exists()


def test_the_square_leads_to_a_page_where_an_address_is_given(cast, client, run):
    made = guests.walked_in(run, cast.trainer.actor)
    link = guest_links.address(made)
    assert f'href="{link}"' in cast.trainer.client().get(url(run, f"walk-in/{made.uid}/")).text
    token = guest_links.token(made)
    assert f'href="/s/{token}/address/"' in client.get(f"/s/{token}/").text
    signup_changes.change_address(signup=made, email="saule@example.kz")
    assert client.get(f"/s/{token}/").status_code == 200, "until the mail is there"
    signup_changes.confirm_address(signup=made)
    assert client.get(f"/s/{token}/").status_code == 404, "the square on the trainer's phone is dead"
    assert cast.trainer.client().get(url(run, f"walk-in/{made.uid}/")).status_code == 404
    made.refresh_from_db()
    assert made.enrolments.get().person.email == "saule@example.kz"


def test_nobody_is_known_by_no_address(cast, run):
    guests.walked_in(run, cast.trainer.actor, guest=NAME)
    assert known_guests.known("") == {}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_last_place_at_two_doors_and_a_double_press(cast, run):
    guests.walked_in(run, cast.trainer.actor)
    nonce, name = make_uid(), guests.people(1)[0]
    press = lambda: guests.walked_in(run, cast.trainer.actor, nonce=nonce, guest=name)  # noqa: E731
    errors = at_once(press, press, press)
    assert errors == []
    assert run.enrolments.filter(state__in=HOLDING).count() == 2
    last = [lambda: guests.walked_in(run, cast.trainer.actor), lambda: guests.walked_in(run, cast.hq.actor)]
    assert [type(error) for error in at_once(*last)] == [Refused, Refused]
    assert seats.verify() == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_doors_would_give_the_last_place_twice(cast, run, monkeypatch):
    """The twin."""
    guests.walked_in(run, cast.trainer.actor)
    gate, looked, numbers = Barrier(2), walk_ins._make_room, iter((90, 91))

    def make_room(*args):
        looked(*args)
        gate.wait(20)

    monkeypatch.setattr(walk_ins, "_make_room", make_room)
    monkeypatch.setattr(walk_ins.seats, "lock_run", lambda pk: type(run).objects.select_related("course").get(pk=pk))
    monkeypatch.setattr(walk_ins.seats, "take_number", lambda run: next(numbers))
    deed = lambda: guests.walked_in(run, cast.trainer.actor)  # noqa: E731
    assert at_once(deed, deed) == []
    assert run.enrolments.filter(state__in=HOLDING).count() == 3, "one more than there are places"
