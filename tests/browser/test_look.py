"""Every page in a real browser: no obstacle for anybody in three languages, and a picture on a desk and a phone.

The pictures land in `build/screenshots/` and are made to be looked at.
"""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext

from tests.doors import VISITOR, World
from tests.pages import LANGUAGES, PAGES

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SHOTS = settings.BASE_DIR / "build" / "screenshots"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def world(cast) -> World:
    return World(cast)


def signed_in(browser: Browser, server: str, world: World, reader: str, size: dict[str, int]) -> BrowserContext:
    """A browser of that member of the cast."""
    context = browser.new_context(viewport=size, reduced_motion="reduce", locale="kk-KZ")
    if reader != VISITOR:
        session = getattr(world.cast, reader).client().cookies[settings.SESSION_COOKIE_NAME].value
        host = urlsplit(server).hostname
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": host, "path": "/"}])
    return context


def walk(browser: Browser, server: str, world: World, size: dict[str, int], language: str):
    """Open every page as its reader; yields it with the browser's page and what the console complained of."""
    contexts: dict[str, BrowserContext] = {}
    for sheet in PAGES:
        if sheet.reader not in contexts:
            contexts[sheet.reader] = signed_in(browser, server, world, sheet.reader, size)
        page = contexts[sheet.reader].new_page()
        complaints: list[str] = []
        page.on("console", lambda message, said=complaints: said.append(message.text) if message.type == "error" else 0)
        page.on("pageerror", lambda error, said=complaints: said.append(str(error)))
        page.goto(server + sheet.url(world, language))
        yield sheet, page, complaints
        page.close()
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_obstacles_and_no_complaints(browser, server, world, language):
    axe, found = Axe(), {}
    for sheet, page, complaints in walk(browser, server, world, DESK, language):
        told = list(complaints)  # before axe looks: its own probes break the portal's policy on styles
        violations = axe.run(page, options=RULES).response["violations"]
        told += [f"{v['id']}: {v['nodes'][0]['html'][:150]}" for v in violations]
        if told:
            found[str(sheet)] = told
    assert found == {}


@pytest.mark.parametrize(("name", "size"), [("1280", DESK), ("360", PHONE)])
def test_pictures_of_every_page_and_nothing_sticks_out(browser, server, world, name, size):
    SHOTS.mkdir(parents=True, exist_ok=True)
    wide = {}
    for sheet, page, _complaints in walk(browser, server, world, size, "kk"):
        page.screenshot(path=SHOTS / f"{sheet.file_name}-{name}.png", full_page=True)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > size["width"]:
            wide[str(sheet)] = width
    assert wide == {}
    assert {Path(f"{sheet.file_name}-{name}.png") for sheet in PAGES} <= {Path(p.name) for p in SHOTS.glob("*.png")}


def test_an_obstacle_is_found(browser):
    page = browser.new_page()
    page.set_content("<!doctype html><html><title>x</title><main><img src='x.png'><p style='width:5000px'>x</p></main>")
    found = {v["id"] for v in Axe().run(page, options=RULES).response["violations"]}
    assert {"html-has-lang", "image-alt"} <= found
    assert page.evaluate("document.documentElement.scrollWidth") > DESK["width"]
