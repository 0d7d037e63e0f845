"""People with a browser, for the journeys."""

import re

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Page, expect

from courses.models import Certificate, Run
from tests import make
from tests.services.process import wait_until


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, browser: Browser, url: str, *, phone: bool = False) -> None:
        size = {"width": 360, "height": 740} if phone else {"width": 1280, "height": 900}
        self.page: Page = browser.new_context(viewport=size, locale="kk-KZ", base_url=url).new_page()

    def sign_in(self, email: str) -> "Visitor":
        self.page.goto("/kk/account/login/")
        self.page.get_by_label("Электрондық пошта").fill(email)
        self.page.get_by_label("Құпиясөз", exact=False).first.fill(make.PASSWORD)
        self.page.get_by_role("button", name="Кіру", exact=True).click()
        expect(self.page).to_have_url(re.compile("/kk/me/"))
        return self


def said(text: str) -> str:
    """What a Kazakh page says for a text of the source."""
    with translation.override("kk"):
        return gettext(text)


def mark_and_decide(trainer: Page, run: Run) -> None:
    """The trainer marks whoever is not marked yet as present, and decides the results."""
    trainer.goto(f"/kk/teaching/{run.uid}/attendance/1/")
    trainer.get_by_role("button", name=said("The others were present: save")).click()
    trainer.goto(f"/kk/teaching/{run.uid}/results/")
    trainer.get_by_role("button", name=said("Decide the results")).click()
    trainer.get_by_role("button", name=said("Yes, decide")).click()


def give_certificates(hq: Page, run: Run, count: int) -> None:
    """HQ has a worker give the certificates to all who have completed the run."""
    hq.goto(f"/kk/teaching/{run.uid}/certificates/")
    hq.get_by_role("button", name=said("Give the certificates")).click()
    hq.get_by_role("button", name=said("Yes, give them")).click()
    given = Certificate.objects.filter(enrolment__run=run)
    wait_until(lambda: given.count() == count, what="the certificates", seconds=60)
