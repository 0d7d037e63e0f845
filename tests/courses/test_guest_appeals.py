"""By the link of a sign-up its contact appeals for somebody to whom an allocation gave no place."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from courses import appeal_letters, appealing, guest_links, guest_queries, outcome_queries
from courses.models import Allocation, Appeal, Run
from courses.states import AppealState
from courses.states import EnrolmentState as S
from schools import norms
from schools.errors import Stale
from schools.models import Mail
from tests.allocation_world import shared_seminar
from tests.courses import guests
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


@pytest.mark.parametrize("many", [1, 20])
def test_the_page_asks_as_much_for_many_as_for_one(cast, django_assert_num_queries, many):
    signup = shared_seminar(cast)
    one = waiting_row(signup)
    rows = [one] * many
    with django_assert_num_queries(4):
        assert list(outcome_queries.appealable(signup, rows, now=timezone.now())) == [one.uid]
    assert guest_queries.standing(signup, now=timezone.now())["people"][1].may_appeal
