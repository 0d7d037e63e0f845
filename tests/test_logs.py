"""Log lines: one each, with an id, without secrets."""

import io
import logging

import pytest
from django.http import Http404, HttpResponse
from django.urls import path

from nis_library import logs
from schools.entry import entry


@entry("everyone")
def fails(request, token):
    raise ValueError("first\nsecond password=geheim redis://user:geheim@host/0")


@entry("everyone")
def works(request, token):
    logging.getLogger("portal.test").info("inside")
    return HttpResponse(logs.current_id.get())


@entry("everyone")
def gone(request, token):
    raise Http404


urlpatterns = [path("fails/<token>/", fails), path("works/<token>/", works), path("gone/<token>/", gone)]


@pytest.fixture
def lines(settings):
    """What the portal's own handler writes, line by line."""
    settings.ROOT_URLCONF = __name__
    stream, handler = io.StringIO(), logging.StreamHandler()
    handler.setStream(stream)
    handler.setFormatter(logs.OneLine("{levelname} {name} [{request_id}] {message}", style="{"))
    handler.addFilter(logs.AddId())
    handler.addFilter(logs.HideAddress())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: stream.getvalue().splitlines()
    root.removeHandler(handler)
    root.setLevel(before)


def test_a_request_is_one_line_with_its_route_and_not_its_address(client, lines):
    answer = client.get("/works/a-token-that-opens-doors/")
    inside, done = lines()
    number = answer.headers["X-Request-ID"]
    assert answer.content.decode() == number
    assert inside == f"INFO portal.test [{number}] inside"
    assert done.startswith(f"INFO portal.requests [{number}] GET works/<token>/ 200 ")


def test_an_error_is_one_line_without_secrets(client, lines):
    client.raise_request_exception = False
    assert client.get("/fails/a-token-that-opens-doors/").status_code == 500
    error, done = lines()
    assert error.startswith("ERROR django.request [")
    assert "Internal Server Error: fails/<token>/ | Traceback" in error
    assert "second password=*** redis://***@host/0" in error
    assert "geheim" not in error + done
    assert "opens-doors" not in error + done


def test_an_unknown_address_is_not_repeated(client, lines):
    client.get("/a-token-that-opens-doors/")
    client.get("/gone/a-token-that-opens-doors/")
    assert [line.split("] ")[1].rsplit(" ", 2)[0] for line in lines()] == ["GET unmatched 404", "GET gone/<token>/ 404"]


@pytest.mark.parametrize(
    ("given", "kept"), [("abcdef-0123456789", True), ("short", False), ("a" * 9 + "\nERROR x", False)]
)
def test_the_id_of_a_proxy_is_kept_if_it_looks_like_one(client, lines, given, kept):
    assert (client.get("/works/t/", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given) is kept
