"""Every page in a real browser: no obstacle for anybody in three languages, and a picture on a desk and a phone.

The pictures land in `build/screenshots/` and are made to be looked at. A walk is cut into parts, so that processes
side by side share it; one visit to a page serves all that is asked of it in that language.
"""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage
from playwright.sync_api import Page as BrowserPage

from tests.doors import VISITOR, World
from tests.pages import LANGUAGES, PAGES, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SHOTS = settings.BASE_DIR / "build" / "screenshots"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # of what passes one example is enough: all of it takes twice the time
}
PARTS = 6


class Tab:
    """A tab of one reader's browser, used for one page after the other."""

    def __init__(self, context: BrowserContext) -> None:
        self.page, self.complaints = context.new_page(), []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, url: str) -> list[str]:
        """Open a page; gives what the console complained of meanwhile."""
        self.page.goto("about:blank")  # what the page before says late is not laid to this one
        self.complaints.clear()
        self.page.goto(url)
        return list(self.complaints)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)


def part(number: int) -> list[Page]:
    """One of `PARTS` pieces of the walk. Neighbours stay together: they ask for the same rows."""
    return PAGES[len(PAGES) * number // PARTS : len(PAGES) * (number + 1) // PARTS]


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


def walk(browser: Browser, server: str, world: World, pages: list[Page], language: str):
    """Open every page as its reader; yields it with the browser's page and what the console complained of."""
    tabs: dict[str, Tab] = {}
    for sheet in pages:
        if sheet.reader not in tabs:
            tabs[sheet.reader] = Tab(signed_in(browser, server, world, sheet.reader, DESK))
        tab = tabs[sheet.reader]
        yield sheet, tab.page, tab.open(server + sheet.url(world, language))
    for tab in tabs.values():
        tab.page.context.close()


def obstacles(page: BrowserPage) -> list[str]:
    """What axe objects to. Nothing else of its answer is fetched: the rest is many times as much."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("rules => axe.run(rules).then(result => result.violations)", RULES)
    return [f"{row['id']}: {row['nodes'][0]['html'][:150]}" for row in found]


def picture(page: BrowserPage, path: Path) -> list[str]:
    """Take a picture of the whole page; says so if something sticks out at the side."""
    page.screenshot(path=path, full_page=True)
    width, room = page.evaluate("document.documentElement.scrollWidth"), page.viewport_size["width"]
    return [f"{width} wide on a screen of {room}"] if width > room else []


def pictures(sheet: Page, page: BrowserPage) -> list[str]:
    """On a desk and on a phone. No script of the portal asks for a width: turning the page is opening it anew."""
    told = picture(page, SHOTS / f"{sheet.file_name}-1280.png")
    page.set_viewport_size(PHONE)
    told += picture(page, SHOTS / f"{sheet.file_name}-360.png")
    page.set_viewport_size(DESK)
    return told


@pytest.mark.parametrize("number", range(PARTS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_obstacles_no_complaints_and_nothing_sticks_out(browser, server, world, language, number):
    SHOTS.mkdir(parents=True, exist_ok=True)
    found = {}
    for sheet, page, complaints in walk(browser, server, world, part(number), language):
        told = complaints + obstacles(page)
        if language == "kk":
            told += pictures(sheet, page)
        if told:
            found[str(sheet)] = told
    assert found == {}
    taken = {f"{sheet.file_name}-{name}.png" for sheet in part(number) for name in ("1280", "360")}
    assert language != "kk" or taken <= {path.name for path in SHOTS.glob("*.png")}


def test_the_parts_together_are_every_page():
    assert [sheet for number in range(PARTS) for sheet in part(number)] == PAGES


def test_an_obstacle_is_found(browser, tmp_path):
    page = browser.new_page(viewport=DESK)
    page.set_content("<!doctype html><html><title>x</title><main><img src='x.png'><p style='width:5000px'>x</p></main>")
    assert {"html-has-lang", "image-alt"} <= {told.partition(":")[0] for told in obstacles(page)}
    assert picture(page, tmp_path / "desk.png") == ["5008 wide on a screen of 1280"]  # and the margin of the body
    page.set_content("<!doctype html><html><title>x</title><main><p style='width:600px'>x</p></main>")
    assert picture(page, tmp_path / "desk.png") == []
    page.set_viewport_size(PHONE)
    assert picture(page, tmp_path / "phone.png") != []


def test_a_complaint_is_heard_and_laid_to_the_page_that_made_it(browser):
    tab = Tab(browser.new_context())
    assert tab.open("data:text/html,<script>console.error('said')</script>") == ["said"]
    assert tab.open("data:text/html,<script>throw new Error('thrown')</script>") == ["thrown"]
    assert tab.open("data:text/html,<script>setTimeout(() => console.error('late'))</script><p>x") in ([], ["late"])
    assert tab.open("data:text/html,<p>fine") == []
