"""A teacher of a village school, on a phone without JavaScript, with five colleagues and real mail."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from courses import attendance, signing_up
from courses.models import Attendance, RunTrainer
from courses.states import EnrolmentState as S
from courses.states import MarkSource
from tests import make
from tests.browser.visitor import Visitor, give_certificates, mark_and_decide, said
from tests.courses import guests, rows
from tests.services.process import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.faults, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ADDRESS = "gulnar@example.kz"
NAME = "Бекова Гүлнар Өмірбекқызы"
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


def sign_up_and_confirm(page, portal, run) -> str:
    """The contact and five colleagues, for five places; gives the link of the letter."""
    page.goto(f"/kk/seminars/{run.uid}/sign-up/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Кітап клубын ашу")
    page.get_by_label("Тегі, аты, әкесінің аты").first.fill(NAME)
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
    return link


def test_six_people_sign_up_confirm_by_mail_one_cancels_and_five_have_certificates(cast, portal, browser):
    start = timezone.now().replace(microsecond=0) + timedelta(days=20)
    run = guests.run(capacity=5, start=start, course=rows.course(kind="seminar", title_kk="Кітап клубын ашу", hours=6))
    RunTrainer.objects.create(run=run, person=cast.trainer.person)
    make.general_school("№ 12 орта мектеп")
    context = browser.new_context(viewport=PHONE, locale="kk-KZ", base_url=portal.url, java_script_enabled=False)
    page = context.new_page()
    link = sign_up_and_confirm(page, portal, run)
    page.get_by_role("button", name=re.compile("Бас тарту.*Ескенова")).click()
    expect(page.get_by_text("Орындар күтіп тұрғандарға беріледі.")).to_be_visible()
    assert guests.states(run)[2] == (3, S.WITHDRAWN)
    assert guests.states(run)[5] == (6, S.CONFIRMED)
    assert "Латифов Қайрат" in letter(portal, "Орындарыңыз расталды")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    let_it_begin(run)
    check_in(page, link, run)
    marked_and_certified(cast, portal, browser, run)
    told = letter(portal, said("The certificates are ready"))
    assert [name in told for name in (NAME, *COLLEAGUES)] == [True, True, False, True, True, True]
    page.goto(re.search(rf"{portal.url}/s/\S+", told)[0])
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    paper = page.locator("li", has_text=NAME).locator("a[hreflang=kk][href$='.pdf']").first.get_attribute("href")
    text = PdfReader(BytesIO(context.request.get(paper).body())).pages[0].extract_text()
    assert NAME in " ".join(text.split())
    context.close()


def let_it_begin(run) -> None:
    """Weeks go by: its one meeting has begun ten minutes ago."""
    now, today = timezone.now().replace(second=0, microsecond=0), timezone.localdate()
    begun = now - timedelta(minutes=10)
    run.meetings.update(starts_at=begun, ends_at=begun + timedelta(hours=3), day=today)
    type(run).objects.filter(pk=run.pk).update(starts_on=today, ends_on=today)


def check_in(page, link: str, run) -> None:
    """By the letters under the square on the wall; one of the five is late."""
    page.goto(link)
    page.get_by_label("Латифов Қайрат").uncheck()
    page.get_by_label(said("The letters of the code on the wall")).fill(
        attendance.check_in_token(run.meetings.get()).upper()
    )
    page.get_by_role("button", name=said("We are here")).click()
    expect(page.get_by_text("Латифов Қайрат").first).to_be_visible()
    marks = Attendance.objects.filter(meeting__run=run, source=MarkSource.CHECK_IN)
    assert marks.count() == 4


def marked_and_certified(cast, portal, browser, run) -> None:
    """The trainer marks the late one and decides the results; HQ has a worker give the certificates."""
    trainer = Visitor(browser, portal.url).sign_in(cast.trainer.person.email).page
    mark_and_decide(trainer, run)
    expect(trainer.get_by_role("main")).to_contain_text(NAME)
    assert run.enrolments.filter(state=S.COMPLETED).count() == 5
    hq = Visitor(browser, portal.url).sign_in(cast.hq.person.email).page
    give_certificates(hq, run, 5)


def test_what_nobody_confirms_is_taken_back_by_the_clock(cast, portal):
    run = guests.run(capacity=1)
    slow, quick = guests.sign_up(run, email=ADDRESS), guests.sign_up(run)
    signing_up.confirm(signup=quick)
    run.enrolments.filter(signup=slow).update(offer_until=timezone.now() - timedelta(seconds=1))
    wait_until(lambda: guests.states(run) == [(1, S.EXPIRED), (2, S.CONFIRMED)], what="the clock", seconds=120)
    assert "тізімнің соңынан" in letter(portal, "Тіркелу уақытында расталмады")
