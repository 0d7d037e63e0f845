"""Signing up without an account, as the browser of a teacher sends it."""

import re
import time

import pytest
import time_machine
from django.test import Client

from courses.forms import guarded
from courses.models import Enrolment, Signup
from courses.states import EnrolmentState as S
from courses.views import sign_up
from schools import directory, limits
from schools.models import Mail, Person
from tests import make
from tests.courses import guests

pytestmark = pytest.mark.django_db
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|value="[^"]+:[^"]+" id="id_shown_at"|id="id_shown_at"')


@pytest.fixture(autouse=True)
def school(cast):
    return make.general_school("№ 12 мектеп", uid="abcdefghjk")


@pytest.fixture
def run(cast):
    return guests.run(capacity=4)


def typed(**changes):
    """A form that was shown ten seconds ago, filled in by Gulnar, who comes with nobody."""
    with time_machine.travel(time.time() - 10):
        shown = guarded.now_signed()
    usual = {
        "name": "Бекова Гүлнар Өмірбекқызы",
        "school": "abcdefghjk",
        "post": "subject_teacher",
        "email": "Gulnar@example.kz",
        "phone": "8 701 123 45 67",
        "comes": "on",
        "colleagues": "",
        "website": "",
        "shown_at": shown,
        "consent": "on",
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def send(run, browser=None, **changes):
    return (browser or Client()).post(f"/kk/seminars/{run.uid}/sign-up/", typed(**changes))


def test_a_teacher_with_two_colleagues_holds_three_seats_and_is_told_where_to_look(run):
    browser = Client()
    answer = send(run, browser, colleagues="Дәулетов Асан\n\n Ескенова-Ким  Айгүл  Серікқызы \n")
    assert (answer.status_code, answer["Location"]) == (302, f"/kk/seminars/{run.uid}/signed-up/")
    assert "Gulnar@example.kz" in browser.get(answer["Location"]).text
    signup = Signup.objects.get()
    assert (signup.name, signup.email, signup.phone, signup.language) == (
        "Бекова Гүлнар Өмірбекқызы",
        "gulnar@example.kz",
        "+77011234567",
        "kk",
    )
    assert signup.consent_version == "2026-11"
    names = [row.person.full_name for row in signup.enrolments.order_by("number")]
    assert names == ["Бекова Гүлнар Өмірбекқызы", "Дәулетов Асан", "Ескенова-Ким Айгүл Серікқызы"]
    assert [state for _number, state in guests.states(run)] == [S.OFFERED] * 3


def test_a_contact_who_does_not_come_signs_up_others(run):
    assert send(run, comes=None, colleagues="Дәулетов Асан").status_code == 302
    assert [row.person.surname for row in Enrolment.objects.all()] == ["Дәулетов"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "Гүлнар"}, "Тегі мен атын жазыңыз."),
        ({"name": ""}, "толтыр"),
        ({"name": "Кел www.evil.example/1"}, "тек әріппен"),
        ({"name": "А" * 81 + " Б"}, "тым ұзын"),
        ({"email": "gulnar"}, "электрондық пошта"),
        ({"phone": "дом 5"}, "телефон"),
        ({"post": "king"}, "king"),
        ({"school": ""}, "мектебіңіз"),
        ({"school": "zzzzzzzzzz"}, "қайта"),
        ({"school": "other", "school_name": "Ауыл мектебі"}, "облыс"),
        ({"comes": None}, "Өзіңіз келетініңізді белгілеңіз"),
        ({"colleagues": "Дәулетов Асан\nАсан"}, "2-жол: Тегі мен атын жазыңыз."),
        ({"colleagues": "\n".join(["Дәулетов Асан"] * 31)}, "ең көбі 30 адам"),
        ({"colleagues": "Дәу\x00летов Асан"}, "таңба"),
        ({"consent": None}, "Келісімсіз"),
        ({"website": "http://spam.example"}, "бағдарлама толтырғандай"),
        ({"shown_at": ""}, "тым тез"),
        ({"shown_at": guarded.now_signed()[:-2] + "xx"}, "тым тез"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_comes_back(run, changes, says):
    answer = send(run, **changes)
    assert answer.status_code == 422
    assert says.lower() in answer.text.lower()
    kept = {**typed(), **changes}
    assert 'value="Gulnar@example.kz"' in answer.text or "email" in changes
    assert (kept["phone"] or "") in answer.text
    assert not Enrolment.objects.exists()


def test_a_form_that_was_sent_too_quickly_passes_the_second_time(run):
    browser = Client()
    first = send(run, browser, shown_at=guarded.now_signed())
    assert first.status_code == 422
    again = re.search(r'name="shown_at" value="([^"]+)"', first.text)[1]
    with time_machine.travel(time.time() + 3):
        assert send(run, browser, shown_at=again).status_code == 302
    with time_machine.travel(time.time() + 25 * 3600):
        assert send(run, browser, shown_at=again).status_code == 422


def test_known_and_unknown_addresses_get_the_same_page(run):
    first, second = Client(), Client()
    pages = []
    for browser in (first, second):
        answer = send(run, browser)
        pages.append((answer.status_code, answer["Location"], browser.get(answer["Location"]).text))
    assert CSRF.sub("", pages[0][2]) == CSRF.sub("", pages[1][2])
    assert pages[0][:2] == pages[1][:2]
    assert Enrolment.objects.count() == 1


def test_known_and_unknown_addresses_take_whole_steps_of_time(run, django_assert_max_num_queries):
    """What a known address costs is less, and the steps hide it: at least one of them passes for both."""
    cost, took = [], []
    for _ in range(2):
        with django_assert_max_num_queries(60) as sent:
            began = time.monotonic()
            assert send(run).status_code == 302
            took.append(time.monotonic() - began)
        cost.append(len(sent))
    assert cost[0] > cost[1]
    assert min(took) >= limits.STEP_S


@pytest.mark.parametrize("email", ["gulnar@example.kz", "nobody@example.kz"])
def test_a_link_sent_again_takes_whole_steps_of_time(run, email):
    send(run)
    began = time.monotonic()
    assert Client().post("/kk/seminars/link/", {"email": email}).status_code == 200
    assert time.monotonic() - began >= limits.STEP_S


def test_one_address_is_not_flooded_and_the_page_does_not_tell(run):
    answers = [send(guests.run(), name=f"Бекова{'абвгдежзик'[n]} Гүлнар").status_code for n in range(10)]
    assert answers == [302] * 10
    assert Signup.objects.count() == sign_up.MOST_OF_AN_ADDRESS


def test_a_network_that_sends_too_much_is_asked_to_wait_with_all_that_was_typed(run, monkeypatch):
    assert sign_up.MOST_OF_A_NETWORK >= 300, "a full hall behind one address"
    monkeypatch.setattr(sign_up, "MOST_OF_A_NETWORK", 2)
    answers = [send(run, email=f"g{n}@example.kz") for n in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Бекова Гүлнар Өмірбекқызы" in answers[2].text
    assert Signup.objects.count() == 2


def test_a_closed_seminar_and_one_for_staff_take_nobody(run):
    type(run).objects.filter(pk=run.pk).update(state="cancelled")
    answer = send(run)
    assert (answer.status_code, Person.objects.filter(surname="Бекова").count()) == (409, 0)
    assert "Бұл семинарға тіркелу жабық" in answer.text
    type(run).objects.filter(pk=run.pk).update(state="published", outreach=False)
    assert send(run).status_code == 404
    assert not Mail.objects.exists()


def test_the_button_that_looks_for_a_school_keeps_what_was_typed_and_signs_nobody_up(run):
    answer = send(run, school="", school_text="12 мектеп", find_school="school")
    assert answer.status_code == 200
    assert 'value="abcdefghjk"' in answer.text
    assert "Бекова Гүлнар Өмірбекқызы" in answer.text
    assert not Enrolment.objects.exists()


def test_a_school_that_is_not_listed_goes_to_a_coordinator_and_comes_back(run, school, cast):
    region = make.region()
    answer = send(
        run, school="other", school_region=region.iso, school_name="Жаңа ауыл мектебі", school_district="Бескарағай"
    )
    assert answer.status_code == 302
    signup = Signup.objects.get()
    assert (signup.school, signup.school_request.name) == (None, "Жаңа ауыл мектебі")
    directory.find_requested(request=signup.school_request, school=school, actor=cast.hq.actor)
    signup.refresh_from_db()
    assert signup.school == school
    assert signup.enrolments.get().school == school
