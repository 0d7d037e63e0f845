"""Scarce seats, shared fairly: held for names that come later, and offered along the line."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from courses.models import Enrolment
from courses.states import EnrolmentState as S
from tests.browser.story import Story, press, state_of
from tests.browser.visitor import said
from tests.courses import rows
from tests.services.process import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.faults, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(cast, stack, browser) -> Story:
    stack.web()
    stack.worker()
    stack.beat()
    return Story(cast, stack, browser)


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


def test_a_director_holds_two_seats_and_names_people_later(story: Story) -> None:
    """The coordinator allows it; a stranger has to wait meanwhile; both names accept by the link in their letter."""
    run = rows.run(capacity=2, chain=rows.director_chain())
    hq, director, url = story.page("hq"), story.page("director"), f"/kk/courses/{run.uid}"
    hq.goto(f"/kk/organise/runs/{run.uid}/seats/")
    hq.locator("[name=hold_limit]").fill("2")
    press(hq, "Save the rules")
    director.goto(f"{url}/held/")
    director.locator("[name=count]").fill("2")
    press(director, "Save")
    phone = story.page("stranger")
    phone.goto(f"{url}/")
    phone.locator("form[action$='/apply/'] button").click()
    other = story.page("other_director")
    other.goto(f"/kk/applications/{Enrolment.objects.get().uid}/")
    other.locator("button[value=approve]").click()
    assert state_of("stranger", story, run) == S.WAITING
    for name in ("librarian", "colleague"):
        director.goto(f"{url}/held/")
        director.locator("[name=person]").select_option(label=getattr(story.cast, name).person.full_name)
        director.locator("form[action$='/name/'] button").click()
        press(story.open_letter(name, said("You have been nominated for a course")), "Accept")
    assert [state_of(name, story, run) for name in ("librarian", "colleague", "stranger")] == [
        S.CONFIRMED,
        S.CONFIRMED,
        S.WAITING,
    ]
