"""The demonstration as a newcomer meets it: every account signs in, every menu leads somewhere.

With PICTURES=1 the pictures of the README are taken anew.
"""

import os

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser, expect

from nis_library.home.demo.accounts import PASSWORD, accounts

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PICTURES = settings.BASE_DIR / ("docs/screenshots" if os.environ.get("PICTURES") else "build/screenshots")


@pytest.fixture
def demonstration(transactional_db) -> None:
    call_command("load_reference", verbosity=0)
    call_command("demo_data", verbosity=0)


def sign_in(browser: Browser, server: str, email: str):
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="kk-KZ", base_url=server).new_page()
    page.goto("/")
    page.get_by_role("link", name="Кіру").first.click()
    page.get_by_label("Электрондық пошта").fill(email)
    page.get_by_label("Құпиясөз").first.fill(PASSWORD)
    page.get_by_role("button", name="Кіру", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Қайырлы")
    return page


def test_every_account_signs_in_and_every_menu_leads_somewhere(demonstration, browser, server):
    PICTURES.mkdir(parents=True, exist_ok=True)
    broken = []
    for account in accounts():
        page = sign_in(browser, server, account.email)
        links = page.locator(".menu a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        for link in links:
            answer = page.goto(link)
            if not answer or answer.status != 200:
                broken.append((account.role, link, answer and answer.status))
        if account.role == "librarian":
            page.goto("/kk/me/")
            page.screenshot(path=PICTURES / "my-page.png")
            page.goto("/kk/courses/")
            page.screenshot(path=PICTURES / "catalogue.png")
        page.context.close()
    assert broken == []
