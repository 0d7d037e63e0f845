"""People of the cast, each with a browser of their own, who write to each other through the portal."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page

from courses.models import Enrolment, Run
from tests.browser.visitor import Visitor, said
from tests.cast import Cast
from tests.services.process import wait_until


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


def press(page: Page, text: str) -> None:
    page.get_by_role("button", name=said(text), exact=True).click()


def state_of(name: str, story: Story, run: Run) -> str:
    return Enrolment.objects.filter(run=run, person=getattr(story.cast, name).person).latest("pk").state
