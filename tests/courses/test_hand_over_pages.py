"""The pages of a hand-over: choose a colleague, answer, keep the place, decide, and what coordinators see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses import taking_over
from courses.models import Enrolment, HandOver
from courses.states import EnrolmentState as S
from courses.states import HandOverState as H
from tests import make
from tests.courses import rows
from tests.courses.handing import asked, place

pytestmark = pytest.mark.django_db
LONG = "Ауырып қалдым. " * 200


def ask_url(row):
    return f"/kk/applications/{row.uid}/hand-over/"


def page_url(row, deed=""):
    return f"/kk/hand-overs/{row.uid}/{deed}"


def test_from_the_own_application_a_colleague_is_asked(cast):
    row, client = place(cast), cast.librarian.client()
    assert ask_url(row) in client.get(f"/kk/applications/{row.uid}/").text
    text = client.get(ask_url(row)).text
    assert (cast.colleague.person.full_name in text, cast.stranger.person.full_name in text) == (True, False)
    answer = client.post(ask_url(row), {"to": cast.colleague.person.pk, "reason": "Ауырып қалдым"})
    handed = HandOver.objects.get()
    assert (answer.status_code, answer.url) == (302, page_url(handed))
    assert (handed.to, handed.reason, handed.state) == (cast.colleague.person, "Ауырып қалдым", H.ASKED)
    assert cast.colleague.person.full_name in client.get(f"/kk/applications/{row.uid}/").text
    assert page_url(handed) in client.get(ask_url(row)).text


def test_a_refusal_stands_on_the_page_with_what_was_typed(cast):
    row, client = place(cast, chain=rows.director_chain()), cast.librarian.client()
    elsewhere = cast.stranger.person.pk
    for to, reason in ((elsewhere, "Ауырып қалдым"), ("", "Ауырып қалдым"), (cast.colleague.person.pk, LONG)):
        answer = client.post(ask_url(row), {"to": to, "reason": reason})
        assert (answer.status_code, reason.strip()[:40] in answer.text) == (422, True)
    rows.seats(row.run, [cast.deputy.person], state=S.NOMINATED, school=cast.school)
    answer = client.post(ask_url(row), {"to": cast.deputy.person.pk, "reason": "Ауырып қалдым"})
    assert answer.status_code == 422
    assert not HandOver.objects.exists()


def test_what_the_verb_refuses_is_said_in_the_language_of_the_page(cast):
    row, client = place(cast), cast.librarian.client()
    course = rows.course(title_kk="Негізгі курс")
    row.run.course.prerequisites.create(needed=course)
    answer = client.post(ask_url(row), {"to": cast.colleague.person.pk, "reason": "Ауырып қалдым"})
    assert (answer.status_code, "Ауырып қалдым" in answer.text, "Негізгі курс" in answer.text) == (422, True, True)


def test_too_late_or_without_a_place_the_page_says_so(cast):
    now = timezone.now()
    late, waits = place(cast, cancel_until=now - timedelta(hours=1)), place(cast, state=S.WAITING)
    client = cast.librarian.client()
    assert "Мерзім өтіп кетті" in client.get(ask_url(late)).text
    assert "тек расталған орынды" in client.get(ask_url(waits)).text
    assert ask_url(late) not in client.get(f"/kk/applications/{late.uid}/").text
    answer = client.post(ask_url(late), {"to": cast.colleague.person.pk, "reason": ""})
    assert (answer.status_code, "Мерзім өтіп кетті" in answer.text) == (422, True)


def test_with_nobody_to_ask_the_page_says_so(cast):
    row = place(cast)
    others = [cast.colleague.person, cast.director.person, cast.deputy.person]
    rows.seats(row.run, others, school=cast.school)
    assert "Сұрайтын әріптес жоқ" in cast.librarian.client().get(ask_url(row)).text


@pytest.mark.parametrize("who", ["colleague", "director", "hq", "stranger"])
def test_nobody_else_opens_the_page_that_asks(cast, who):
    assert getattr(cast, who).client().get(ask_url(place(cast))).status_code == 404


def test_the_colleague_reads_the_word_and_takes_the_place(cast):
    handed = asked(cast, place(cast), reason="Ауырып қалдым")
    client = cast.colleague.client()
    assert page_url(handed) in client.get("/kk/me/").text
    text = client.get(page_url(handed)).text
    assert ("Ауырып қалдым" in text, cast.librarian.person.full_name in text) == (True, True)
    assert client.post(page_url(handed, "agree/"), {}).url == page_url(handed)
    assert HandOver.objects.get().state == H.DONE
    assert "Орын берілді" in client.get(page_url(handed)).text
    again = client.post(page_url(handed, "agree/"), {"reason": "Тағы"})
    assert (again.status_code, "осы арада аяқталды" in again.text) == (409, True)


def test_the_colleague_leaves_it_with_a_word(cast):
    handed, client = asked(cast, place(cast)), cast.colleague.client()
    late = client.post(page_url(handed, "leave/"), {"note": LONG})
    assert (late.status_code, LONG.strip()[:40] in late.text) == (422, True)
    client.post(page_url(handed, "leave/"), {"note": "Ол апта бос емеспін"})
    assert "Ол апта бос емеспін" in cast.librarian.client().get(page_url(handed)).text
    assert HandOver.objects.get().state == H.REFUSED


def test_the_place_is_kept_after_all(cast):
    handed, client = asked(cast, place(cast)), cast.librarian.client()
    assert page_url(handed, "take_back/") in client.get(page_url(handed)).text
    client.post(page_url(handed, "take_back/"), {})
    assert HandOver.objects.get().state == H.TAKEN_BACK
    assert ask_url(handed.enrolment) in client.get(f"/kk/applications/{handed.enrolment.uid}/").text


@pytest.mark.parametrize("deed", ["agree", "leave", "take_back"])
def test_those_who_may_look_may_not_answer(cast, deed):
    handed = asked(cast, place(cast))
    for who in ("director", "hq", "auditor"):
        assert getattr(cast, who).client().post(page_url(handed, f"{deed}/"), {}).status_code == 422
    assert HandOver.objects.get().state == H.ASKED


def test_the_director_decides_knowing_that_it_is_a_hand_over(cast):
    handed = asked(cast, place(cast, chain=rows.director_chain()))
    taking_over.agree(hand_over=handed, actor=cast.colleague.actor)
    taker, client = Enrolment.objects.get(person=cast.colleague.person), cast.director.client()
    words = f"Орны берілетін адам: {cast.librarian.person.full_name}"
    assert words in client.get("/kk/decisions/").text
    assert cast.librarian.person.full_name in client.get(f"/kk/applications/{taker.uid}/").text
    answer = client.post(f"/kk/applications/{taker.uid}/decide/", {"verdict": "approve", "step": 1, "note": ""})
    assert (answer.status_code, HandOver.objects.get().state) == (302, H.DONE)


def test_coordinators_see_it_in_the_list_of_the_run(cast):
    handed = asked(cast, place(cast, chain=rows.director_chain()))
    taking_over.agree(hand_over=handed, actor=cast.colleague.actor)
    client, run = cast.hq.client(), handed.run
    seated = client.get(f"/kk/organise/runs/{run.uid}/").text
    assert f"Орнын бермек, мақұлдау күтілуде: {cast.colleague.person.full_name}" in seated
    considered = client.get(f"/kk/organise/runs/{run.uid}/?show=considered").text
    assert f"Орны берілетін адам: {cast.librarian.person.full_name}" in considered
    one = client.get(f"/kk/organise/applications/{handed.enrolment.uid}/").text
    assert cast.colleague.person.full_name in one


def test_a_colleague_who_waits_is_told_beside_the_own_application(cast):
    row = place(cast, capacity=1)
    own = rows.seats(row.run, [cast.colleague.person], state=S.WAITING, school=cast.school)[0]
    handed = asked(cast, row)
    client = cast.colleague.client()
    assert page_url(handed) in client.get(f"/kk/applications/{own.uid}/").text
    client.post(page_url(handed, "agree/"), {})
    own.refresh_from_db()
    assert own.state == S.CONFIRMED


@pytest.mark.parametrize("count", [1, 30])
def test_statements_of_the_page_that_asks_do_not_grow_with_the_school(cast, count, django_assert_num_queries):
    row, client = place(cast), cast.librarian.client()
    make.librarians(cast.school, count)
    client.get(ask_url(row))
    with django_assert_num_queries(ASK_QUERIES):
        client.get(ask_url(row))


ASK_QUERIES = 13
