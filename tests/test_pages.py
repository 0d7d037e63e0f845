"""Every page in three languages: sound HTML, one heading, its own language; and no input that breaks an address."""

import re

import html5lib
import pytest
from django.urls import reverse

from tests import doors
from tests.door_table import DOORS
from tests.pages import FILES, LANGUAGES, PAGES, Page

pytestmark = pytest.mark.slow
HUGE = "ұ" * 20_000
RUBBISH = ["", "' OR 1=1 --", "<script>alert(1)</script>", "\x00\x07", HUGE, "-1", "99999999999999999999", "2026-02-31"]


@pytest.fixture
def world(cast) -> doors.World:
    return doors.World(cast)


def faults_of(html: str, language: str) -> list[str]:
    """What is wrong with a page as it came from the server."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    found = [f"line {position[0]}: {code}" for position, code, _ in parser.errors]
    if (count := len(re.findall(r"<h1[\s>]", html))) != 1:
        found.append(f"{count} headings of the first level")
    if f'<html lang="{language}"' not in html:
        found.append(f"not marked as {language}")
    if re.search(r"\sstyle=\"|\son[a-z]+=\"|<style|<script(?![^>]*(src=|application/json))", html):
        found.append("inline style or script")
    return found


@pytest.mark.parametrize("sheet", PAGES, ids=str)
def test_a_page_is_sound_in_three_languages(sheet, world):
    client, found = sheet.client(world), {}
    for language in LANGUAGES:
        answer = client.get(sheet.url(world, language), follow=True)
        assert answer.status_code == 200
        if faults := faults_of(answer.text, language):
            found[language] = faults
    assert found == {}


def test_faults_are_found():
    page = '<!doctype html><html lang="kk"><head><title>x</title></head><body><h1>a</h1><h1>b</h1><p style="x"></div>'
    assert faults_of(page, "ru") == [
        "line 1: end-tag-too-early",
        "2 headings of the first level",
        "not marked as ru",
        "inline style or script",
    ]


def test_only_files_are_left_out(world):
    """An address may not call itself a file and answer with a page."""
    named = {door.name: door for door in DOORS if door.name in FILES and door.who}
    for name, door in named.items():
        answer = Page(door).client(world).get(reverse(name, kwargs=door.kwargs(world)))
        assert "<main" not in answer.getvalue().decode(errors="replace"), name
    assert set(FILES) - set(named) == set()


def fields_of(html: str) -> set[str]:
    return set(re.findall(r'name="([a-z_0-9-]+)"', html)) - {"csrfmiddlewaretoken", "viewport", "description"}


@pytest.mark.parametrize("door", [d for d in DOORS if d.name not in FILES], ids=str)
def test_no_input_breaks_an_address(door, world):
    """Rubbish in every field that the page shows, and in the query, is answered in the portal's own way."""
    page = Page(door)
    client, url = page.client(world), page.url(world, "kk")
    shown = fields_of(client.get(url).text) | {"q", "page", "note", "reason", "verdict", "step", "chosen"}
    for rubbish in RUBBISH:
        query = dict.fromkeys(shown, rubbish)
        if not door.post:
            assert client.get(url, query).status_code in (200, 302, 400, 404)
        assert client.post(url, query).status_code in (200, 302, 400, 403, 404, 405, 409, 422)
