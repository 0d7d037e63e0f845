"""A deed of one press: the next page says that it is done, or why it was refused."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory

from schools.answering import attempt, status_of
from schools.errors import Refused, Stale


@pytest.fixture
def request_here(rf: RequestFactory):
    request = rf.post("/")
    request._messages = CookieStorage(request)
    return request


def refuse() -> None:
    raise Refused("Орын жоқ")


def said(request) -> list[tuple[str, str]]:
    return [(one.level_tag, str(one)) for one in get_messages(request)]


def test_what_is_done_is_said_and_what_is_refused_says_why(request_here):
    assert attempt(request_here, lambda: None, "Сақталды") is True
    assert attempt(request_here, refuse, "Сақталды") is False
    assert attempt(request_here, lambda: None) is True
    assert said(request_here) == [("success", "Сақталды"), ("error", "Орын жоқ")]


def test_a_fault_that_is_no_refusal_stays_one(request_here):
    with pytest.raises(ZeroDivisionError):
        attempt(request_here, lambda: 1 // 0, "Сақталды")
    assert said(request_here) == []


def test_whoever_was_slower_reads_a_conflict():
    assert (status_of(Stale("")), status_of(Refused(""))) == (409, 422)
