"""The whole way: three schools ask, each in its own language; one click makes a draft; each hears when it opens."""

import re
from email import message_from_bytes, policy

import pytest
from django.test import Client
from django.utils import timezone

from courses import tasks
from courses.models import Demand
from courses.states import DemandState, RunState
from schools.models import Mail
from tests import make
from tests.courses import rows, wishes
from tests.courses.test_demand_pages import typed

pytestmark = pytest.mark.django_db
LANGUAGES = ("kk", "ru", "en")
ANNOUNCED = {
    "kk": "Сіз сұраған семинар жарияланды",
    "ru": "Объявлен семинар, о котором вы просили",
    "en": "The seminar that you asked for is announced",
}


def letter(kind: str, address: str) -> tuple[str, str]:
    """Subject and text of the one letter of this kind to this address."""
    mail = Mail.objects.get(kind=kind, address=address)
    message = message_from_bytes(bytes(mail.message), policy=policy.default)
    return mail.subject, message.get_body(("plain",)).get_content()


def link(text: str) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", text)
    assert found, text
    return found.group(1)


@pytest.fixture
def wish(cast, db):
    """Reading, in Russian, in Kostanay; a librarian near there has learned it, and a seminar of it is held."""
    rows.chain()
    held = rows.past_run(cast.trainer.person, course=rows.course())
    rows.seats(held, [cast.librarian.person], school=cast.school, state="completed")
    rows.course(kind="seminar", title_kk="Оқу", title_ru="Чтение", title_en="Reading")
    region = wishes.kostanay()
    return f"reading/{region.iso}/ru/"


def asks(wish: str, language: str) -> None:
    """Somebody of a school of her own asks on a phone, and confirms by the link in the letter."""
    school = make.school(in_network=False, kind="general", direction="", name=f"Мектеп {language}")
    browser = Client()
    page = f"/{language}/demand/new/{wish}"
    answer = browser.post(page, typed(email=f"{language}@example.kz", school=school.uid))
    assert (answer.status_code, answer["Location"]) == (302, f"/{language}/demand/asked/")
    confirm = link(letter("demand_link", f"{language}@example.kz")[1])
    page = browser.get(confirm)
    assert (page.status_code, page["Content-Language"]) == (200, language)
    assert browser.post(f"{confirm}confirm/").status_code == 302


def test_three_schools_ask_a_draft_is_made_and_each_is_told_in_its_language_when_it_opens(cast, wish):
    for language in LANGUAGES:
        asks(wish, language)
    demand = Demand.objects.get()
    board = Client().get("/kk/demand/")
    assert "3 дауыс · 3 мектеп" in board.text
    assert [(mark.iso, mark.count) for mark in board.context["marks"]] == [("KZ-39", 3)]

    hq = cast.hq.client()
    assert cast.librarian.person.full_name in hq.get(f"/kk/organise/demand/{demand.uid}/").text
    draft = hq.post(f"/kk/organise/demand/{demand.uid}/plan/")
    demand.refresh_from_db()
    run = demand.run
    assert draft["Location"] == f"/kk/organise/runs/{run.uid}/edit/"
    assert (run.state, run.outreach, run.region, run.language) == (RunState.DRAFT, True, demand.region, "ru")
    assert not Mail.objects.filter(kind="demand_told").exists()
    assert Client().get(f"/kk/seminars/{run.uid}/").status_code == 404

    assert hq.post(f"/kk/organise/runs/{run.uid}/publish/").status_code == 302
    for _again in range(2):  # the worker, and the sweeper after it
        tasks.tell_demand(demand.pk)
        tasks.sweep_moves()
    titles = {"kk": "Оқу", "ru": "Чтение", "en": "Reading"}
    for language in LANGUAGES:
        subject, text = letter("demand_told", f"{language}@example.kz")
        assert subject == f"{ANNOUNCED[language]}: {titles[language]}"
        assert link(text) == f"/{language}/seminars/{run.uid}/"
        page = Client().get(link(text))
        assert (page.status_code, f"/{language}/seminars/{run.uid}/sign-up/" in page.text) == (200, True)
    assert (demand.state, run.ends_on) == (DemandState.PLANNED, None)
    assert demand.voices.filter(told_at__lte=timezone.now()).count() == len(LANGUAGES)
