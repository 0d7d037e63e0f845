"""A crowd at the door: many signed-in people who send one request each at the same moment."""

import threading
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from schools.models import Membership, Person, School, User
from schools.states import Role
from tests import make

TOKEN = "c" * 32
PATIENCE_SECONDS = 120


def librarians(school: School, count: int) -> list[str]:
    """`count` new librarians with accounts; returns a session cookie for each."""
    people = Person.objects.bulk_create(make.new_person() for _ in range(count))
    users = User.objects.bulk_create(make.new_account(person) for person in people)
    Membership.objects.bulk_create(
        Membership(person=person, role=Role.LIBRARIAN, school=school, valid_from=make.LONG_AGO) for person in people
    )
    return [make.client_of(user).cookies[settings.SESSION_COOKIE_NAME].value for user in users]


def post(url: str, path: str, session: str, data: dict[str, str]) -> int:
    """One POST as a browser with this session would send it; returns the status code."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_SECONDS)
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", path, urlencode(data), headers)
        return connection.getresponse().status
    finally:
        connection.close()


def rush(url: str, requests: list[tuple[str, str, dict[str, str]]]) -> list[int]:
    """Send all (path, session, data) at once, each from its own thread; returns the status codes."""
    gate = threading.Barrier(len(requests))
    statuses: list[int] = []

    def go(path: str, session: str, data: dict[str, str]) -> None:
        gate.wait()
        statuses.append(post(url, path, session, data))

    threads = [threading.Thread(target=go, args=request) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses
