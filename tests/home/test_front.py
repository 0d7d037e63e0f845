"""The bare address leads to one's own language; strangers meet a landing page."""

from datetime import timedelta

import html5lib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.states import RunState
from schools.models import Person
from tests.courses import rows

pytestmark = pytest.mark.django_db
COOKIE = settings.LANGUAGE_COOKIE_NAME


def led_to(client: Client, **headers: str) -> str:
    response = client.get("/", headers=headers)
    assert response.status_code == 302
    assert "no-cache" in response["Cache-Control"]
    return response.url


@pytest.mark.parametrize(
    ("cookie", "browser", "page"),
    [
        (None, None, "/kk/"),
        (None, "ru-RU,ru;q=0.9,en;q=0.8", "/ru/"),
        (None, "en-GB", "/en/"),
        (None, "de-DE,de;q=0.9", "/kk/"),
        ("en", "ru-RU", "/en/"),
        ("tlh", "ru-RU", "/ru/"),
        ("tlh", None, "/kk/"),
    ],
)
def test_a_stranger_is_led_by_cookie_then_browser_then_to_kazakh(cookie, browser, page):
    client = Client()
    if cookie:
        client.cookies[COOKIE] = cookie
    assert led_to(client, **({"accept-language": browser} if browser else {})) == page


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_account_s_language_comes_first(cast, language):
    Person.objects.filter(pk=cast.librarian.person.pk).update(language=language)
    client = cast.librarian.client()
    client.cookies[COOKIE] = "ru" if language != "ru" else "en"
    assert led_to(client, **{"accept-language": "en"}) == f"/{language}/me/"


def test_the_language_that_was_read_is_kept_for_the_next_visit():
    client = Client()
    client.get("/ru/")
    assert led_to(client, **{"accept-language": "en"}) == "/ru/"


def test_strangers_meet_the_chain_and_the_way_in(client):
    page = client.get("/kk/").text
    assert page.count('class="chain-link"') == 3
    assert reverse("account_login") in page
    assert reverse("home:help") in page


def test_who_is_signed_in_goes_to_the_own_page(cast):
    response = cast.librarian.client().get("/ru/")
    assert (response.status_code, response.url) == (302, "/ru/me/")


def test_five_courses_are_shown_and_only_those_one_can_apply_for(client, django_assert_num_queries):
    now = timezone.now()
    soon = now + timedelta(days=30)
    shown = [rows.run(start=soon + timedelta(days=n), closes_at=soon) for n in range(30)]
    hidden = [
        rows.run(start=now + timedelta(days=5), closes_at=now - timedelta(hours=1)),
        rows.run(start=now + timedelta(days=5), closes_at=soon, opens_at=now + timedelta(days=2)),
        rows.run(start=now + timedelta(days=5), closes_at=soon, state=RunState.DRAFT),
        rows.run(start=now + timedelta(days=5), closes_at=soon, state=RunState.CANCELLED),
        rows.run(start=None),
    ]
    with django_assert_num_queries(4):  # the runs, their seats, their cards, the steps of approval
        page = client.get("/kk/").text
    found = [run for run in [*shown, *hidden] if reverse("courses:run", args=[run.uid]) in page]
    assert found == shown[:5]


def test_one_course_costs_as_many_queries(client, django_assert_num_queries):
    soon = timezone.now() + timedelta(days=30)
    rows.run(start=soon, closes_at=soon)
    with django_assert_num_queries(4):
        client.get("/kk/")


def test_without_courses_the_page_says_so(client):
    assert client.get("/en/").text.count("No registration is open at the moment") == 1


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_landing_page_is_sound(client, language):
    soon = timezone.now() + timedelta(days=30)
    rows.run(start=soon, closes_at=soon)
    parser = html5lib.HTMLParser(strict=False)
    page = client.get(f"/{language}/").text
    parser.parse(page)
    assert (parser.errors, page.count("<h1"), f'<html lang="{language}"' in page) == ([], 1, True)
