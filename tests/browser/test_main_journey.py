"""The main job, as people do it: in a browser, in Kazakh, with a real worker, beat and mail server."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from courses import enrolling
from courses.models import Certificate, Enrolment, RunTrainer
from courses.states import EnrolmentState as S
from nis_library.reports.models import YearlyReport
from tests.browser.visitor import Visitor, give_certificates, mark_and_decide, said
from tests.courses import rows
from tests.services.process import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.faults, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def portal(stack):
    stack.web()
    stack.worker()
    stack.beat()
    return stack


def letters_to(stack, address: str, words: str) -> list:
    return [m for m in stack.sink.messages if address in str(m["To"]) and words in str(m["Subject"])]


def test_a_librarian_finds_a_course_applies_and_gets_the_place(cast, portal, browser):
    start = timezone.now().replace(microsecond=0) + timedelta(days=30)
    title = "Қазақ әдебиеті бойынша оқу акциялары"
    run = rows.run(chain=rows.director_chain(), start=start, course=rows.course(title_kk=title))

    librarian = Visitor(browser, portal.url).sign_in(cast.librarian.person.email)
    page = librarian.page
    page.get_by_role("link", name="Курстар", exact=True).first.click()
    page.get_by_role("searchbox").fill("казак адебиети")
    page.get_by_role("button", name="Табу").click()
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(".timeline").first).to_contain_text("Мектеп директоры шешеді")
    page.get_by_label("Бұл курс сізге не үшін керек").fill("Оқырмандар клубын ашқым келеді")
    page.get_by_role("button", name="Өтінім беру").click()
    expect(page.get_by_text("Өтініміңіз жіберілді.")).to_be_visible()
    expect(page.get_by_text("Мектеп директорының қарауында").first).to_be_visible()

    director = Visitor(browser, portal.url, phone=True).sign_in(cast.director.person.email)
    director.page.goto("/kk/decisions/")
    expect(director.page.get_by_text("Оқырмандар клубын ашқым келеді")).to_be_visible()
    director.page.get_by_label(f"Таңдау: {cast.librarian.person.full_name}").check()
    director.page.get_by_role("button", name="Таңдалғандарды мақұлдау").click()
    expect(director.page.get_by_text("1 өтінім мақұлданды.")).to_be_visible()

    page.goto("/kk/me/")
    expect(page.get_by_text(title).first).to_be_visible()
    expect(page.get_by_text("Орын расталды").first).to_be_visible()
    assert Enrolment.objects.get(run=run).state == S.CONFIRMED
    wait_until(
        lambda: letters_to(portal, cast.librarian.person.email, "Орныңыз расталды"), what="the letter", seconds=60
    )
    (letter,) = letters_to(portal, cast.librarian.person.email, "Орныңыз расталды")
    assert [part.get_content_type() for part in letter.walk() if not part.is_multipart()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert letters_to(portal, cast.director.person.email, "шешіміңізді күтеді")


def test_attendance_certificate_and_the_years_report(cast, portal, browser):
    """The second half: the trainer marks, HQ certifies, anybody checks, and the year's report shows it."""
    now = timezone.now().replace(microsecond=0)
    run = rows.run(start=now - timedelta(minutes=30), days=1, capacity=5, opens_at=now - timedelta(days=9))
    RunTrainer.objects.create(run=run, person=cast.trainer.person)
    enrolling.enrol(person=cast.librarian.person, run=run, actor=cast.librarian.actor)

    trainer = Visitor(browser, portal.url).sign_in(cast.trainer.person.email).page
    mark_and_decide(trainer, run)
    expect(trainer.get_by_role("main")).to_contain_text(cast.librarian.person.full_name)
    assert Enrolment.objects.get(run=run).state == S.COMPLETED

    hq = Visitor(browser, portal.url).sign_in(cast.hq.person.email).page
    give_certificates(hq, run, 1)
    certificate = Certificate.objects.get(enrolment__run=run)

    librarian = Visitor(browser, portal.url, phone=True).sign_in(cast.librarian.person.email).page
    librarian.goto("/kk/certificates/")
    link = librarian.locator("a[hreflang=kk][href$='.pdf']").first.get_attribute("href")
    text = PdfReader(BytesIO(librarian.request.get(link).body())).pages[0].extract_text()
    assert cast.librarian.person.full_name in " ".join(text.split())

    stranger = Visitor(browser, portal.url).page
    stranger.goto(f"/c/{certificate.code}")
    expect(stranger.get_by_role("main")).to_contain_text(certificate.number)
    stranger.goto("/c/" + "x" * 16)
    expect(stranger.get_by_role("main")).not_to_contain_text(certificate.number)

    hq.goto("/kk/reports/")
    hq.get_by_role("button", name=said("Build"), exact=True).click()
    expect(hq.get_by_role("link", name=said("Open the result"))).to_be_visible(timeout=60_000)
    report = YearlyReport.objects.get()
    hq.goto(f"/kk/reports/{report.uid}/")
    expect(hq.get_by_role("main")).to_contain_text(said("People trained"))
    assert report.figures["totals"]["people"] == 1
    with hq.expect_download() as download:
        hq.get_by_role("link", name="XLSX").click()
    assert download.value.suggested_filename.endswith("-kk.xlsx")
