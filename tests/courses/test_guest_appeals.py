"""By the link of a sign-up its contact appeals for somebody to whom an allocation gave no place."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from courses import (
    allocation_telling,
    appeal_letters,
    appealing,
    guest_links,
    guest_queries,
    outcome_queries,
    signup_changes,
)
from courses.models import Allocation, AllocationOutcome, Appeal, Enrolment, Run, Signup
from courses.states import AppealState
from courses.states import EnrolmentState as S
from schools import norms
from schools.errors import Stale
from schools.models import Mail, Person
from tests.allocation_world import shared_seminar
from tests.courses import guests, rows
from tests.courses.reminding import plain_text

pytestmark = pytest.mark.django_db
TEXT = "Былтырғы семинар есепке алынбаған"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def signup(cast):
    return shared_seminar(cast)


def waiting_row(signup):
    return signup.enrolments.get(state=S.WAITING)


def page(signup, row) -> str:
    return reverse("guest:appeal", args=[guest_links.token(signup), row.uid])


def may(signup) -> list[str]:
    return list(outcome_queries.appealable(signup, signup.enrolments.all(), now=timezone.now()))


def test_the_contact_reads_why_appeals_once_and_hears_the_answer(cast, signup, client):
    row = waiting_row(signup)
    shown = client.get(reverse("guest:show", args=[guest_links.token(signup)]) + "?lang=en").text
    assert page(signup, row) in shown
    assert "How it was decided" in client.get(page(signup, row) + "?lang=en").text
    assert client.post(page(signup, row), {"text": "  "}).status_code == 422
    assert client.post(page(signup, row), {"text": TEXT}).status_code == 302
    made = Appeal.objects.get()
    assert (made.text, made.enrolment.person, may(signup)) == (TEXT, row.person, [])
    assert client.post(page(signup, row), {"text": TEXT}).status_code == 302
    assert Appeal.objects.count() == 1
    assert list(appealing.open_appeals(cast.hq.actor)) == [made]
    answer = "Орын қостық"
    appealing.uphold(appeal=made, enrolment=row, answer=answer, actor=cast.hq.actor, add_place=True)
    row.refresh_from_db()
    assert (row.state, Appeal.objects.get().state) == (S.CONFIRMED, AppealState.UPHELD)
    appeal_letters.tell_appeal(appeal_id=made.pk)
    mail = Mail.objects.get(kind="appeal", address=signup.email)
    assert answer in plain_text(mail)
    assert guest_links.token(signup) in plain_text(mail)


def test_nobody_with_a_place_or_too_late_or_without_an_allocation_may(cast, signup):
    row = waiting_row(signup)
    assert may(signup) == [row.uid]
    Allocation.objects.update(published_at=timezone.now() - timezone.timedelta(days=30 + norms.DEFAULTS["appeal_days"]))
    assert may(signup) == []
    with pytest.raises(Stale):
        appealing.appeal_by_link(signup=signup, enrolment=row.uid, text=TEXT)
    plain = guests.run(capacity=1)
    guests.confirmed(plain)
    assert may(guests.confirmed(plain)) == []


def test_in_the_seminar_after_the_deadline_the_page_of_a_person_puts_names_right_alone(signup, client):
    row = signup.enrolments.get(state=S.CONFIRMED)
    address = reverse("guest:person", args=[guest_links.token(signup), row.uid]) + "?lang=en"
    assert "Somebody else comes instead" in client.get(address).text
    Run.objects.update(cancel_until=timezone.now())
    shown = client.get(address).text
    assert "Somebody else comes instead" not in shown
    assert "nobody else can come in this place any more" in shown


@pytest.mark.parametrize("many", [1, 9])
def test_the_page_asks_as_much_for_many_as_for_one(cast, django_assert_num_queries, many):
    signup = shared_seminar(cast, many=many + 1)
    rows = list(signup.enrolments.all())
    waiting = {row.uid for row in rows if row.state == S.WAITING}
    with django_assert_num_queries(4):
        assert set(outcome_queries.appealable(signup, rows, now=timezone.now())) == waiting
    assert len({row.person_id for row in rows if row.uid in waiting}) == many
    assert guest_queries.standing(signup, now=timezone.now())["people"][1].may_appeal


def answered(cast, signup) -> Appeal:
    made = appealing.appeal_by_link(signup=signup, enrolment=waiting_row(signup).uid, text=TEXT)
    return appealing.refuse(appeal=made, answer="Орын жоқ", actor=cast.hq.actor)


def test_an_answer_that_is_not_sent_yet_is_taken_back_with_the_consent(cast, signup):
    made = answered(cast, signup)
    appeal_letters.tell_appeal(appeal_id=made.pk)
    signup_changes.withdraw_consent(signup=signup)
    assert Mail.objects.get(kind="appeal", address=signup.email).state == "superseded"


@pytest.mark.parametrize("gone", ["the guest", "the contact"])
def test_no_letter_is_owed_once_the_consent_was_withdrawn(cast, signup, gone):
    made = answered(cast, signup)
    if gone == "the guest":
        Person.objects.filter(pk=made.enrolment.person_id).update(archived_at=timezone.now())
    else:
        Enrolment.objects.filter(pk=made.enrolment_id).update(person=cast.librarian.person)
        signup_changes.withdraw_consent(signup=signup)
    appeal_letters.tell_appeal(appeal_id=made.pk)
    assert not Mail.objects.filter(kind="appeal").exists()


@pytest.mark.parametrize(("whose", "theirs"), [("own", 0), ("not proved", 0), ("proved", 1)])
def test_a_contact_reads_of_no_application_that_the_person_made_alone(cast, signup, whose, theirs):
    row = waiting_row(signup)
    other = guests.run(intake=row.run.intake)
    [own] = rows.seats(other, [row.person], state=S.WAITING)
    AllocationOutcome.objects.filter(enrolment=row).update(enrolment=own)
    if whose != "own":
        own.signup = guests.sign_up(other, email=signup.email)
        own.save(update_fields=["signup"])
        verified = timezone.now() if whose == "proved" else None
        Signup.objects.filter(pk=own.signup_id).update(verified_at=verified)
    assert may(signup) == [row.uid] * theirs
    assert len(allocation_telling.reasons_of(signup, [row])) == theirs
