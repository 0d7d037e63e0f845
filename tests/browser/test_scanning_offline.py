"""An hour at the door without a network, in a real browser: every ticket counts once, whatever the network does."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from courses.models import Attendance, Scan
from courses.tickets import shown
from schools.models import AuditEntry
from tests.courses import guests
from tests.services.cable import Cable

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HOUR_MS = 60 * 60 * 1000


def said(text: str) -> str:
    with translation.override("kk"):
        return gettext(text)


@pytest.fixture
def run(cast):
    return guests.on_now(cast.trainer.person)


@pytest.fixture
def people(run):
    return guests.rows_of(guests.confirmed(run, 6))


@pytest.fixture
def cable(server):
    """What the phone hangs on: Playwright's own switch does not reach the worker that keeps the page."""
    parts = urlsplit(server)
    line = Cable((parts.hostname, parts.port))
    yield line
    line.close()


def go_offline(context: BrowserContext, cable: Cable) -> None:
    cable.cut()
    context.set_offline(True)


def come_back(context: BrowserContext, cable: Cable) -> None:
    cable.mend()
    context.set_offline(False)


def phone(browser: Browser, server: str, member) -> BrowserContext:
    """A phone of this member of the cast, signed in."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="kk-KZ", base_url=server)
    session = member.client().cookies[settings.SESSION_COOKIE_NAME].value
    host = urlsplit(server).hostname
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": host, "path": "/"}])
    return context


def at_the_door(context: BrowserContext, run) -> Page:
    """The page of scanning, kept by the phone."""
    page = context.new_page()
    page.goto(f"/kk/teaching/{run.uid}/attendance/1/scan/")
    expect(page.locator("#scan-kept")).to_have_text(said("This page also opens without a network."))
    return page


def scan(page: Page, code: str) -> None:
    page.locator("#scan-typed").fill(code)
    page.locator("#scan-typed").press("Enter")


def unsent(page: Page, count: int) -> None:
    text = said("Not sent yet: %s") % count if count else said("All sent")
    expect(page.locator("#scan-state")).to_have_text(text, timeout=30_000)


def marked() -> list[str]:
    return sorted(Attendance.objects.filter(presence="present").values_list("enrolment__uid", flat=True))


def each_counts_once(people) -> None:
    codes = sorted(row.uid for row in people)
    assert marked() == codes
    assert AuditEntry.objects.filter(verb="attendance.mark").count() == len(codes)
    assert Scan.objects.filter(outcome="marked").count() == len(codes)


def test_an_hour_without_a_network(browser, cable, cast, run, people):
    context = phone(browser, cable.url, cast.trainer)
    page = at_the_door(context, run)
    go_offline(context, cable)
    page.clock.install()
    for row in people[:2]:
        scan(page, shown(row.uid))
    unsent(page, 2)
    page.clock.fast_forward(HOUR_MS)
    unsent(page, 2)

    page.reload()
    expect(page.locator("#scan-people li")).to_have_count(6)
    unsent(page, 2)
    scan(page, people[2].uid)
    scan(page, people[0].uid)
    expect(page.locator("#scan-last")).to_contain_text(said("was marked already"))
    scan(page, people[3].person.surname.lower())
    page.locator(f"li[data-code='{people[4].uid}'] button").click()
    scan(page, "abcde-fgh23")
    unsent(page, 6)
    assert marked() == []

    come_back(context, cable)
    unsent(page, 0)
    expect(page.locator("#scan-last")).to_contain_text(said("unknown code"))
    each_counts_once(people[:5])
    page.reload()
    expect(page.locator("#scan-count")).to_have_text("5 / 6")
    unsent(page, 0)
    context.close()


def test_an_answer_that_is_lost_does_not_count_twice(browser, server, cast, run, people):
    context = phone(browser, server, cast.trainer)
    page = at_the_door(context, run)
    unsent(page, 0)
    lost = []

    def lose_the_answer(route: Route) -> None:
        if len(lost) == 2:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    page.route("**/scan/send/", lose_the_answer)
    scan(page, people[0].uid)
    unsent(page, 1)
    unsent(page, 0)
    assert lost == [200, 200]
    each_counts_once(people[:1])
    context.close()


def test_two_phones_scan_the_same_person(browser, cable, cast, run, people):
    phones = [phone(browser, cable.url, member) for member in (cast.trainer, cast.hq)]
    pages = [at_the_door(context, run) for context in phones]
    for context, page in zip(phones, pages, strict=True):
        go_offline(context, cable)
        scan(page, people[0].uid)
        scan(page, people[1].uid)
        unsent(page, 2)
    for context, page in zip(phones, pages, strict=True):
        come_back(context, cable)
        unsent(page, 0)
    each_counts_once(people[:2])
    assert Scan.objects.count() == 4
    for context in phones:
        context.close()


def test_a_page_that_was_not_kept_is_not_there(browser, cable, cast, run, people):
    """The twin: without the worker the cut cable leaves nothing to reload."""
    context = phone(browser, cable.url, cast.trainer)
    page = at_the_door(context, run)
    page.evaluate(
        "navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((one) => one.unregister())))"
    )
    go_offline(context, cable)
    with pytest.raises(Error):
        page.reload()
    context.close()


def test_who_has_been_signed_out_loses_nothing(browser, server, cast, run, people):
    context = phone(browser, server, cast.trainer)
    page = at_the_door(context, run)
    cookies = context.cookies()
    context.clear_cookies()
    scan(page, people[0].uid)
    expect(page.locator("#scan-note")).to_have_text(
        said("You are signed out. Sign in again in another window: nothing is lost.")
    )
    context.add_cookies(cookies)
    unsent(page, 0)
    each_counts_once(people[:1])
    context.close()


def test_the_list_leaves_the_phone(browser, server, cast, run, people):
    context = phone(browser, server, cast.trainer)
    page = at_the_door(context, run)
    unsent(page, 0)
    page.get_by_role("button", name=said("Remove the list from this phone")).click()
    page.wait_for_url("**/attendance/1/")
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('scan:'))") == []
    context.close()


def test_the_camera_reads_squares_where_the_browser_can(browser, server, cast, run, people):
    """The browser's own reader is stood in for: what it hands over goes the way of a typed code."""
    context = phone(browser, server, cast.trainer)
    context.add_init_script(
        """window.BarcodeDetector = class { async detect() { return window.squares || []; } };
        navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream();
        HTMLMediaElement.prototype.play = async () => {};"""
    )
    page = at_the_door(context, run)
    page.get_by_role("button", name=said("Scan with the camera")).click()
    page.evaluate(f"window.squares = [{{rawValue: 'http://testserver/ticket/{people[0].uid}/'}}]")
    expect(page.locator("#scan-last")).to_contain_text(people[0].person.full_name)
    unsent(page, 0)
    page.evaluate("window.squares = [{rawValue: 'https://example.com/menu'}]")
    expect(page.locator("#scan-last")).to_have_text(said("unknown code"))
    each_counts_once(people[:1])
    context.close()
