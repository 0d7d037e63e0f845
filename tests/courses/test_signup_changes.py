"""What a contact changes behind the link: people, address, consent."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from courses import certificates, guest_letters, guest_links, seats, signing_up, signup_changes
from courses.models import Enrolment, Signup
from courses.states import EnrolmentState as S
from schools.errors import Refused, Stale
from schools.guests import GuestData
from schools.models import AuditEntry, AuditValues, Busy, Mail, Person
from tests import make
from tests.courses import guests, rows

pytestmark = pytest.mark.django_db
OTHER = GuestData(surname="Жаңаева", given_name="Сәуле", patronymic="Ержанқызы", post="subject_teacher")


@pytest.fixture
def run(db):
    return guests.run(capacity=3, school_limit=4)


@pytest.fixture
def signup(run):
    made = guests.sign_up(run, 2, email="gulnar@example.kz", school=make.school(in_network=False, kind="general"))
    signing_up.confirm(signup=made)
    return Signup.objects.get(pk=made.pk)


def url(signup, page=""):
    return f"/s/{guest_links.token(signup)}/{page}"


def uid(run, number):
    return run.enrolments.get(number=number).uid


def test_more_colleagues_get_the_places_there_are(run, signup):
    signup_changes.add(signup=signup, coming=guests.people(2))
    assert [state for _n, state in guests.states(run)] == [S.CONFIRMED] * 3 + [S.WAITING]
    with pytest.raises(Refused, match="4"):
        signup_changes.add(signup=signup, coming=guests.people(1))
    assert seats.verify() == []


def test_colleagues_of_an_unproved_sign_up_are_held_like_the_first(run):
    held = guests.sign_up(run)
    signup_changes.add(signup=held, coming=guests.people(1))
    assert guests.states(run) == [(1, S.OFFERED), (2, S.OFFERED)]


def test_who_is_in_already_is_not_brought_twice(run, signup):
    person = run.enrolments.get(number=1).person
    again = GuestData(surname=person.surname.upper(), given_name=person.given_name)
    assert signup_changes.add(signup=signup, coming=[again]) == []
    assert len(guests.states(run)) == 2


def test_a_name_is_put_right_and_stands_in_the_ledger(run, signup):
    person = signup_changes.correct(signup=signup, enrolment=uid(run, 1), name=OTHER)
    assert Person.objects.get(pk=person.pk).full_name == "Жаңаева Сәуле Ержанқызы"
    assert run.enrolments.get(number=1).person_id == person.pk
    assert AuditEntry.objects.get(verb="person.correct").fields == ["given_name", "patronymic", "surname"]


def test_somebody_else_takes_the_place_and_the_number(run, signup):
    row = run.enrolments.select_related("person").get(number=1)
    heir = signup_changes.replace(signup=signup, enrolment=row.uid, name=OTHER)
    assert guests.states(run) == [(1, S.CONFIRMED), (2, S.CONFIRMED)]
    assert heir.person.surname == "Жаңаева"
    assert heir.person_id != row.person_id
    assert set(Busy.objects.values_list("person", flat=True)) == {
        heir.person_id,
        run.enrolments.get(number=2).person_id,
    }
    second = run.enrolments.select_related("person").get(number=2).person
    twice = GuestData(surname=second.surname, given_name=second.given_name)
    with pytest.raises(Refused):
        signup_changes.replace(signup=signup, enrolment=row.uid, name=twice)


def test_whoever_is_gone_is_not_changed(run, signup):
    signup_changes.cancel(signup=signup, only=uid(run, 1))
    for verb in (signup_changes.correct, signup_changes.replace):
        with pytest.raises(Stale):
            verb(signup=signup, enrolment=uid(run, 1), name=OTHER)


def test_consent_is_taken_back_for_good(run, signup):
    waiting = guests.sign_up(run, 2)
    signing_up.confirm(signup=waiting)
    old, people = url(signup, "forget/"), list(run.enrolments.filter(signup=signup).values_list("person", flat=True))
    assert Client().post(old).status_code == 422
    answer = Client().post(old, {"sure": "on"})
    assert "Деректер өшірілді" in answer.text
    assert Client().get(old).status_code == 404
    signup.refresh_from_db()
    assert (signup.name, signup.phone, "gulnar" in signup.email) == ("–", "", False)
    for person in Person.objects.filter(pk__in=people):
        assert (person.full_name, person.email) == ("–", "")
        assert person.archived_at is not None
        assert not AuditValues.objects.filter(entry__person=person, erased_at=None).exclude(
            entry__verb="person.erase_values"
        )
    assert guests.states(run)[3] == (4, S.CONFIRMED)
    before = Mail.objects.count()
    guest_letters.tell_untold()
    assert not Mail.objects.filter(address__contains="removed").exists()
    assert Mail.objects.count() - before == 1  # to those who wait no more


def test_all_that_an_address_attended_is_shown_once_it_is_proved(cast, run, signup):
    past = rows.past_run(cast.trainer.person, outreach=True)
    person = run.enrolments.get(number=1).person
    earlier = Signup.objects.create(
        run=past, name="Б", email=signup.email, consent_version="1", consented_at=timezone.now(),
        verified_at=timezone.now(),
    )  # fmt: skip
    row = rows.seats(past, [person], state="completed", signup=earlier, school=cast.school)[0]
    certificate = certificates.issue(enrolment=row, actor=cast.hq.actor)
    page = Client().get(url(signup, "attended/"))
    assert certificate.number in page.text
    assert f"/c/{certificate.code}" in page.text
    unproved = guests.sign_up(guests.run(), email=signup.email)
    assert certificate.number not in Client().get(url(unproved, "attended/")).text
    stranger = guests.sign_up(guests.run())
    signing_up.confirm(signup=stranger)
    assert certificate.number not in Client().get(url(Signup.objects.get(pk=stranger.pk), "attended/")).text


def test_the_pages_do_what_they_say(run, signup):
    browser = Client()
    answer = browser.post(
        url(signup, f"people/{uid(run, 1)}/"), {"what": "replace", "name": "Жаңаева Сәуле", "post": "other"}
    )
    assert answer.status_code == 302
    assert run.enrolments.get(number=1).person.surname == "Жаңаева"
    answer = browser.post(url(signup, f"people/{uid(run, 1)}/"), {"what": "correct", "name": "Жаңа", "post": "other"})
    assert answer.status_code == 422
    assert 'value="Жаңа"' in answer.text
    assert browser.post(url(signup, "more/"), {"colleagues": "Дәулетов Асан"}).status_code == 302
    answer = browser.post(url(signup, "more/"), {"colleagues": "Ескенова Айгүл\nКәрімова Айгүл"})
    assert answer.status_code == 409
    assert "Кәрімова Айгүл" in answer.text


def test_a_lost_link_is_sent_again_and_the_page_does_not_tell_whether_it_was(signup):
    guest_letters.tell_untold()
    before = Mail.objects.count()
    pages = [Client().post("/kk/seminars/link/", {"email": email}) for email in ("GULNAR@example.kz", "no@example.kz")]
    assert {page.status_code for page in pages} == {200}
    guest_letters.tell_untold()
    assert Mail.objects.count() == before + 1
    assert Client().post("/kk/seminars/link/", {"email": "x"}).status_code == 422


def test_a_seat_is_no_longer_given_up_by_name_after_the_start(run, signup):
    with time_machine.travel(run.meetings.first().starts_at + timedelta(hours=25)), pytest.raises(Refused):
        signup_changes.cancel(signup=signup)
    assert Enrolment.objects.filter(state=S.CONFIRMED).count() == 2
