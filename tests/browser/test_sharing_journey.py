"""Scarce places are shared, edited, published; who has none appeals and is answered. Worker and mail are real."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from courses import allocation_standing
from courses.models import Allocation, Appeal, Enrolment
from courses.states import EnrolmentState as S
from tests.browser.visitor import Visitor
from tests.courses import intakes
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


def test_places_are_shared_edited_published_and_an_appeal_is_answered(cast, portal, browser):
    intakes.rules()
    (run,) = intakes.runs(1)
    for member in (cast.librarian, cast.colleague):
        intakes.apply(member.person, run)
    intakes.close(run.intake)

    page = Visitor(browser, portal.url).sign_in(cast.hq.person.email).page
    page.goto(f"/kk/organise/runs/{run.uid}/allocation/")
    page.get_by_role("button", name="Ұсыныс жасау").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Орындарды бөлу")
    made = Allocation.objects.get()
    best, second = (
        Enrolment.objects.select_related("person").get(uid=key) for key in allocation_standing.standing(made).ranked
    )
    for row, choice, why in ((best, "Орынсыз: күту тізімі", "Өзі сұрады"), (second, "2030", "Бірінші рет қатысады")):
        line = page.get_by_role("row").filter(has_text=row.person.full_name)
        line.get_by_role("link", name="Өзгерту").click()
        page.get_by_label(choice, exact=False).check()
        page.get_by_label("Себебі").fill(why)
        page.get_by_role("button", name="Ұсынысты өзгерту").click()
        expect(page.get_by_text("Ұсыныс өзгертілді.")).to_be_visible()
    page.get_by_role("button", name="Бөлуді жариялау").click()
    page.get_by_role("button", name="Иә, жариялау").click()
    wait_until(lambda: Enrolment.objects.filter(run=run, state=S.CONFIRMED, person=second.person).exists(), seconds=120)
    wait_until(lambda: letters_to(portal, second.person.email, "Сізге орын берілді"), seconds=120)
    wait_until(lambda: letters_to(portal, best.person.email, "Сізге әзірге орын тиген жоқ"), seconds=120)

    own = Visitor(browser, portal.url, phone=True).sign_in(best.person.email).page
    own.goto(f"/kk/applications/{best.uid}/")
    expect(own.get_by_text("Қалай шешілді")).to_be_visible()
    own.get_by_label("Нені қайта қарау керек").fill("Былтырғы курсым есепке алынбаған")
    own.get_by_role("button", name="Апелляцияны жіберу").click()
    wait_until(lambda: letters_to(portal, cast.hq.person.email, "Апелляция"), seconds=120)

    page.goto("/kk/decisions/appeals/")
    page.get_by_role("heading", name=best.person.full_name).get_by_role("link").click()
    page.get_by_role("textbox", name="Жауап").fill("Ескерілді, орын қосылды")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Орын беру").click()
    wait_until(lambda: Enrolment.objects.filter(pk=best.pk, state=S.CONFIRMED).exists(), seconds=120)
    assert Appeal.objects.get().answered_at <= timezone.now()
    wait_until(lambda: letters_to(portal, best.person.email, "Апелляцияңыз қанағаттандырылды"), seconds=120)
