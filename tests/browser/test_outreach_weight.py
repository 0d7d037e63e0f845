"""What a first visit to a public page weighs on the wire, fonts included: a village has thin mobile data."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests import make
from tests.browser.test_look import PHONE
from tests.courses import guests, rows
from tests.services.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MOST = 100_000
"""Bytes, headers included."""
HEAVY = "heavy"


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Static files as readers get them, and beside them a page with a style sheet that is too large."""
    folder = tmp_path_factory.mktemp("static")
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_STATIC_ROOT": str(folder)}
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)
    (folder / f"{HEAVY}.css").write_text(f"/* {os.urandom(MOST).hex()} */")
    (folder / f"{HEAVY}.html").write_text(f"<!doctype html><title>x</title><link rel='stylesheet' href='{HEAVY}.css'>")
    return folder


@pytest.fixture
def packed(stack: Stack, collected: Path) -> Iterator[str]:
    stack.web(TEST_STATIC="", TEST_STATIC_ROOT=str(collected))
    return stack.url


def weight(browser: Browser, url: str) -> int:
    """Bytes of everything that a browser which was never here receives for this page."""
    context = browser.new_context(viewport=PHONE, locale="kk-KZ")
    page = context.new_page()
    network = context.new_cdp_session(page)
    got: list[int] = []
    network.on("Network.loadingFinished", lambda event: got.append(event["encodedDataLength"]))
    network.send("Network.enable")
    response = page.goto(url, wait_until="networkidle")
    context.close()
    assert response is not None
    assert response.ok
    return int(sum(got))


def seminars() -> list[str]:
    """Thirty seminars with long titles in all regions, nearly full; the addresses of the public pages."""
    words = {"title_kk": "Ауыл кітапханасында ақпараттық сауаттылық: нені көшіруге болады, нені болмайды"}
    words |= {"summary_kk": "Әр әдісті алдымен оқушы болып көресіз, содан кейін өзіңіз жүргізесіз. " * 15}
    words |= {
        "outcomes_kk": "\n".join("Әдісті оқушылардың жасына және қолда бар кітаптарға бейімдеу" for _ in range(9))
    }
    regions = [make.region(f"KZ-{code}", name_kk="Түркістан облысы") for code in (10, 11, 15, 19, 23, 27, 31, 33, 35)]
    course, chain, host = rows.course(kind="seminar", **words), rows.chain(), make.school()
    runs = [
        guests.run(course=course, chain=chain, host=host, region=region, capacity=100, school_limit=5)
        for region in regions * 3
    ]
    guests.sign_up(runs[0], 4)
    return ["/kk/", "/kk/seminars/", f"/kk/seminars/{runs[0].uid}/", f"/kk/seminars/{runs[0].uid}/sign-up/"]


def test_a_first_visit_stays_below_a_hundred_kilobytes(browser, packed):
    found = {path: weight(browser, packed + path) for path in seminars()}
    assert {path: size for path, size in found.items() if size >= MOST} == {}
    assert min(found.values()) > 40_000, f"fonts and styles are not counted: {found}"


def test_a_page_that_embeds_too_much_is_seen(browser, packed):
    assert weight(browser, f"{packed}/static/{HEAVY}.html") >= MOST
