"""Scarce seats, shared fairly: held for names, offered in line, allocated with reasons, appealed against."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import Enrolment, Run
from courses.states import EnrolmentState as S
from tests.browser.visitor import Visitor, said
from tests.cast import Cast
from tests.courses import rows
from tests.services.process import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.faults, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@dataclass
class Story:
    """Who is in it, each with a browser of their own."""

    cast: Cast
    portal: object
    browser: object
    _pages: dict[str, Page] = field(default_factory=dict)

    def page(self, name: str) -> Page:
        if name not in self._pages:
            email = getattr(self.cast, name).person.email
            self._pages[name] = Visitor(self.browser, self.portal.url, phone=name == "stranger").sign_in(email).page
        return self._pages[name]

    def open_letter(self, name: str, words: str) -> Page:
        """Wait for the letter with these words in its subject to one of the cast, and follow its link."""
        address = getattr(self.cast, name).person.email

        def found() -> list:
            return [m for m in self.portal.sink.messages if address in str(m["To"]) and words in str(m["Subject"])]

        wait_until(found, what=f"the letter «{words}» to {name}", seconds=90)
        part = next(part for part in found()[-1].walk() if part.get_content_type() == "text/plain")
        page = self.page(name)
        page.goto(re.search(rf"{self.portal.url}/kk/\S+", part.get_content())[0])
        return page


@pytest.fixture
def story(cast, stack, browser) -> Story:
    stack.web()
    stack.worker()
    stack.beat()
    return Story(cast, stack, browser)


def press(page: Page, text: str) -> None:
    page.get_by_role("button", name=said(text), exact=True).click()


def state_of(name: str, story: Story, run: Run) -> str:
    return Enrolment.objects.filter(run=run, person=getattr(story.cast, name).person).latest("pk").state


def test_a_freed_seat_goes_along_the_line(story: Story) -> None:
    """One seat is taken and two wait: the first lets the offer lapse, the second takes it on the phone."""
    run = rows.run(capacity=1, offer_hours=48)
    for name in ("librarian", "colleague", "stranger"):
        page = story.page(name)
        page.goto(f"/kk/courses/{run.uid}/")
        page.locator("form[action$='/apply/'] button").click()
    press(story.page("librarian"), "Withdraw the application")
    press(story.page("librarian"), "Withdraw")
    page = story.open_letter("colleague", "Сізге орын ұсынылды")
    expect(page.get_by_role("heading", name=said("A place is offered to you"))).to_be_visible()
    Enrolment.objects.filter(run=run, state=S.OFFERED).update(offer_until=timezone.now() - timedelta(minutes=1))
    wait_until(lambda: state_of("stranger", story, run) == S.OFFERED, what="the offer to the next", seconds=90)
    press(page, "Take the place")
    expect(page.get_by_role("alert")).to_contain_text("ұсынылмайды")
    phone = story.open_letter("stranger", "Сізге орын ұсынылды")
    press(phone, "Take the place")
    expect(phone.get_by_text(said("The place is yours."))).to_be_visible()
    assert [state_of(name, story, run) for name in ("librarian", "colleague", "stranger")] == [
        S.WITHDRAWN,
        S.EXPIRED,
        S.CONFIRMED,
    ]
