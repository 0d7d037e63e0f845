"""The menu on a desk is one line for everybody in every language; on a phone it opens over the page."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_look import DESK, PHONE, SHOTS, signed_in
from tests.doors import World
from tests.pages import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROLES = ("administrator", "hq", "director", "trainer", "librarian")


def page_of(browser: Browser, server: str, cast, role: str, size: dict[str, int], language: str) -> Page:
    page = signed_in(browser, server, World(cast), role, size).new_page()
    page.goto(f"{server}/{language}/me/")
    return page


def tops(page: Page) -> set[int]:
    return {round(link.bounding_box()["y"]) for link in page.locator("#menu a").all()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_desk_it_is_one_line_in_the_order_of_the_eye(browser, server, cast, language):
    SHOTS.mkdir(parents=True, exist_ok=True)
    for role in ROLES:
        page = page_of(browser, server, cast, role, DESK, language)
        assert len(tops(page)) == 1, f"the menu of {role} wraps"
        order = page.evaluate(
            "[...document.querySelectorAll('.top a, .top summary')].filter(e => e.checkVisibility())"
            ".map(e => e.getBoundingClientRect()).map(r => [Math.round(r.top / 40), Math.round(r.left)])"
        )
        assert order == sorted(order), f"the keyboard jumps about in the header of {role}"
        if language == "kk":
            page.screenshot(path=SHOTS / f"menu-{role}-desk.png", clip={"x": 0, "y": 0, "width": 1280, "height": 360})
        page.context.close()


@pytest.mark.parametrize("role", ROLES)
def test_on_a_phone_it_opens_over_the_page_and_shuts(browser, server, cast, role):
    page = page_of(browser, server, cast, role, PHONE, "kk")
    menu, opener = page.locator("#menu"), page.locator(".menu-open")
    expect(menu).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    opener.press("Enter")
    expect(menu).to_be_visible()
    places = page.locator("#menu a").all()
    assert [link.is_visible() for link in places] == [True] * len(places)
    page.screenshot(path=SHOTS / f"menu-{role}-phone.png")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()
    page.context.close()
