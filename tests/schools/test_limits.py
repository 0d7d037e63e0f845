"""A small limit for public pages: per address, per span of time, whatever the proxies say."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client, RequestFactory

from schools import limits
from tests import make

NOON = datetime(2030, 4, 8, 7, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_an_address_may_ask_so_often_in_a_span_and_again_in_the_next():
    with time_machine.travel(NOON, tick=False):
        assert [limits.spend("page", "192.0.2.1", most=3, seconds=60) for _ in range(4)] == [True, True, True, False]
        assert limits.spend("page", "192.0.2.2", most=3, seconds=60)
        assert limits.spend("other", "192.0.2.1", most=3, seconds=60)
    with time_machine.travel(NOON.replace(minute=1), tick=False):
        assert limits.spend("page", "192.0.2.1", most=3, seconds=60)


@pytest.mark.parametrize(
    ("trusted", "forwarded", "found"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7", "203.0.113.9"),
        (3, "203.0.113.9, 198.51.100.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "not an address\x00", "unknown"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_the_address_is_the_one_that_the_trusted_proxy_saw(settings, trusted, forwarded, found):
    settings.TRUSTED_PROXY_COUNT = trusted
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert limits.address_of(request) == found


def sign_in(email: str, password: str) -> int:
    return Client().post("/kk/account/login/", {"login": email, "password": password}).status_code


@pytest.mark.django_db
def test_a_staff_room_behind_one_address_signs_in_within_a_minute(cast):
    with time_machine.travel(NOON, tick=False):
        assert {sign_in(cast.librarian.user.email, make.PASSWORD) for _ in range(60)} == {302}


@pytest.mark.django_db
def test_guessing_from_one_address_is_stopped_whatever_account_it_tries(cast):
    with time_machine.travel(NOON, tick=False):
        tried = [sign_in(f"nobody{number}@example.kz", "not-it") for number in range(10)]
        assert {*tried} == {200}
        assert sign_in(cast.librarian.user.email, make.PASSWORD) == 200
    with time_machine.travel(NOON.replace(minute=1, second=1), tick=False):
        assert sign_in(cast.librarian.user.email, make.PASSWORD) == 302
