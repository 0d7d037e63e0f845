"""The signed link: what it opens, and what is refused alike."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from courses import guest_links
from courses.models import Signup
from courses.states import EnrolmentState as S
from courses.views.guest_door import MOST_WRONG
from tests.courses import guests

WITHOUT = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
pytestmark = pytest.mark.django_db


@pytest.fixture
def signup(db):
    return guests.sign_up(guests.run(capacity=2), 3)


def url(signup, deed=""):
    return f"/s/{guest_links.token(signup)}/{deed}"


def test_a_link_opens_in_the_language_of_its_contact(signup):
    page = Client().get(url(signup))
    assert (page.status_code, page["Content-Language"]) == (200, "kk")
    assert "Бір қадам қалды" in page.content.decode()
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex, nofollow", "same-origin")
    assert Client().get(url(signup) + "?lang=ru")["Content-Language"] == "ru"


def test_looking_confirms_nothing_and_the_button_does(signup):
    browser = Client()
    browser.get(url(signup))
    assert guests.states(signup.run)[0] == (1, S.OFFERED)
    answer = browser.post(url(signup, "confirm/"), follow=True)
    assert answer.redirect_chain == [(url(signup), 302)]
    assert guests.states(signup.run) == [(1, S.CONFIRMED), (2, S.CONFIRMED), (3, S.WAITING)]
    assert "кезектегі орны: 1" in answer.content.decode()


def test_one_of_a_group_is_cancelled_and_then_all(signup):
    browser, row = Client(), signup.enrolments.get(number=2)
    assert browser.post(url(signup, "cancel/"), {"who": row.uid}).status_code == 302
    assert guests.states(signup.run) == [(1, S.OFFERED), (2, S.WITHDRAWN), (3, S.WAITING)]
    browser.post(url(signup, "cancel/"))
    assert {state for _number, state in guests.states(signup.run)} == {S.WITHDRAWN}
    answer = browser.post(url(signup, "cancel/"))
    assert answer.status_code == 409
    assert "Тоқтататын тіркелу қалмады" in answer.content.decode()


def bad_links(signup):
    """Altered, of another, replaced, unknown, malformed, and one that has become too old is tried apart."""
    token, other = guest_links.token(signup), guest_links.token(guests.sign_up(guests.run()))
    uid, seal = token.split("-")
    yield token[:-1] + ("a" if token[-1] != "a" else "b")
    yield f"{uid}-{other.split('-')[1]}"
    yield f"{other.split('-')[0]}-{seal}"
    yield f"{signup.uid}2-{seal}"
    yield f"{'a' * 10}1-{seal}"
    yield from ("x", "-", uid, f"-{seal}")


def test_links_of_no_use_are_refused_alike(signup):
    answers = [(letters, Client().get(f"/s/{letters}/?lang=kk")) for letters in bad_links(signup)]
    assert [answer.status_code for _letters, answer in answers] == [404] * 9
    texts = {WITHOUT.sub("", answer.content.decode().replace(f"/s/{letters}/", "")) for letters, answer in answers}
    assert len(texts) == 1


def test_a_replaced_and_an_old_link_open_nothing(signup):
    old = url(signup)
    Signup.objects.filter(pk=signup.pk).update(link_epoch=2)
    assert Client().get(old).status_code == 404
    assert Client().post(old + "confirm/").status_code == 404
    signup.refresh_from_db()
    assert Client().get(url(signup)).status_code == 200
    after = timezone.make_aware(datetime(2030, 4, 8)) + timedelta(days=399)
    with time_machine.travel(after):
        assert Client().get(url(signup)).status_code == 200
    with time_machine.travel(after + timedelta(days=3)):
        assert Client().get(url(signup)).status_code == 404


def test_a_thousand_guesses_meet_a_limit_and_the_true_link_still_opens(signup):
    browser = Client()
    with time_machine.travel(timezone.now(), tick=False):
        answers = [browser.get(f"/s/{signup.uid}1-{'a' * 12}{n:04d}/").status_code for n in range(1000)]
    assert answers == [404] * MOST_WRONG + [429] * (1000 - MOST_WRONG)
    assert browser.get(url(signup)).status_code == 200
