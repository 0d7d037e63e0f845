"""A teacher of a village school, on a phone without JavaScript, with five colleagues and real mail."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from courses import signing_up
from courses.states import EnrolmentState as S
from tests import make
from tests.courses import guests, rows
from tests.services.process import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.faults, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ADDRESS = "gulnar@example.kz"
COLLEAGUES = ("Дәулетов Асан", "Ескенова Айгүл", "Жақсыбек Ерлан", "Кәрімова Зере", "Латифов Қайрат")
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def portal(stack):
    stack.web()
    stack.worker()
    stack.beat()
    return stack


def letter(portal, words: str) -> str:
    """The text of the letter with these words in its subject, once it has come."""

    def found() -> list:
        return [m for m in portal.sink.messages if ADDRESS in str(m["To"]) and words in str(m["Subject"])]

    wait_until(found, what=f"the letter «{words}»", seconds=60)
    part = next(part for part in found()[-1].walk() if part.get_content_type() == "text/plain")
    return part.get_content()


def test_six_people_sign_up_confirm_by_mail_and_one_cancels(cast, portal, browser):
    start = timezone.now().replace(microsecond=0) + timedelta(days=20)
    run = guests.run(capacity=5, start=start, course=rows.course(kind="seminar", title_kk="Кітап клубын ашу", hours=6))
    make.general_school("№ 12 орта мектеп")
    context = browser.new_context(viewport=PHONE, locale="kk-KZ", base_url=portal.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/kk/seminars/{run.uid}/sign-up/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Кітап клубын ашу")
    page.get_by_label("Тегі, аты, әкесінің аты").first.fill("Бекова Гүлнар Өмірбекқызы")
    page.get_by_label("Мектеп", exact=False).first.fill("12 талгар")
    page.get_by_role("button", name="Мектепті табу").click()
    page.get_by_label(re.compile("№ 12 орта мектеп")).check()
    page.get_by_label("Электрондық пошта").fill(ADDRESS)
    page.get_by_text("Әріптестерді қосу").click()
    page.get_by_label("Бірге келетін әріптестер").fill("\n".join(COLLEAGUES))
    page.get_by_label("Осы дербес деректерді өңдеуге").check()
    page.wait_for_timeout(2100)  # nobody reads such a form faster, and the portal knows
    page.get_by_role("button", name="Тіркелу").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Поштаңызды қараңыз")
    assert [state for _n, state in guests.states(run)] == [S.OFFERED] * 5 + [S.WAITING]

    link = re.search(rf"{portal.url}/s/\S+", letter(portal, "Тіркелуді растаңыз"))[0]
    page.goto(link)
    page.get_by_role("button", name="Тіркелуді растау").click()
    expect(page.get_by_text("кезектегі орны: 1")).to_be_visible()
    assert [state for _n, state in guests.states(run)] == [S.CONFIRMED] * 5 + [S.WAITING]
    assert "Латифов Қайрат" in letter(portal, "Кейбіріңізге орын бар")

    page.get_by_role("button", name=re.compile("Бас тарту.*Ескенова")).click()
    expect(page.get_by_text("Орындар күтіп тұрғандарға беріледі.")).to_be_visible()
    assert guests.states(run)[2] == (3, S.WITHDRAWN)
    assert guests.states(run)[5] == (6, S.CONFIRMED)
    assert "Латифов Қайрат" in letter(portal, "Орындарыңыз расталды")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()


def test_what_nobody_confirms_is_taken_back_by_the_clock(cast, portal):
    run = guests.run(capacity=1)
    slow, quick = guests.sign_up(run, email=ADDRESS), guests.sign_up(run)
    signing_up.confirm(signup=quick)
    run.enrolments.filter(signup=slow).update(offer_until=timezone.now() - timedelta(seconds=1))
    wait_until(lambda: guests.states(run) == [(1, S.EXPIRED), (2, S.CONFIRMED)], what="the clock", seconds=30)
    assert "тізімнің соңынан" in letter(portal, "Тіркелу уақытында расталмады")
