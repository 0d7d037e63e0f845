"""The board and asking without an account, as a phone sends it."""

import re
import time

import pytest
import time_machine
from django.test import Client

from courses import demand_links
from courses.forms import guarded
from courses.models import Demand, DemandVoice
from courses.states import DemandState
from courses.views import demand as views
from schools.models import Mail
from tests import make
from tests.courses import guests, rows, wishes

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>'\";--‮🦅"
SECRET = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture
def wish(db):
    """The address of asking for reading in Kazakh in Kostanay."""
    rows.topic()
    wishes.kostanay()
    return "/kk/demand/new/reading/KZ-39/kk/"


def typed(**changes):
    with time_machine.travel(time.time() - 10):
        shown = guarded.now_signed()
    usual = {
        "name": "Бекова Гүлнар Өмірбекқызы",
        "email": "Gulnar@example.kz",
        "note": "",
        "website": "",
        "shown_at": shown,
        "consent": "on",
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def test_asking_takes_two_steps_without_an_account(wish):
    browser = Client()
    assert browser.get("/kk/demand/new/").status_code == 200
    first = browser.get("/kk/demand/new/", {"topic": "reading", "region": "KZ-39", "language": "kk"})
    assert (first.status_code, first["Location"]) == (302, wish)
    answer = browser.post(wish, typed(note="Кешке қарай"))
    assert (answer.status_code, answer["Location"]) == (302, "/kk/demand/asked/")
    assert "gulnar@example.kz" in browser.get(answer["Location"]).text
    voice = DemandVoice.objects.get()
    assert (voice.name, voice.email, voice.language) == ("Бекова Гүлнар Өмірбекқызы", "gulnar@example.kz", "kk")
    assert (voice.note, voice.consent_version, voice.verified_at) == ("Кешке қарай", "2026-11", None)
    assert (voice.demand.topic.code, voice.demand.region.iso, voice.demand.language) == ("reading", "KZ-39", "kk")


def test_a_school_is_found_without_javascript_and_one_not_listed_goes_to_hq(wish):
    school = make.school(name="Қарасу орта мектебі", in_network=False, kind="general")
    answer = Client().post(wish, typed(school_text="Қарасу", find_school="school"))
    assert (answer.status_code, f'value="{school.uid}"' in answer.text) == (200, True)
    assert Client().post(wish, typed(school=school.uid)).status_code == 302
    other = {"school": "other", "school_name": "Жаңа мектеп", "school_region": "KZ-39", "email": "b@example.kz"}
    assert Client().post(wish, typed(**other)).status_code == 302
    assert list(DemandVoice.objects.values_list("school", "school_request__name")) == [
        (school.pk, None),
        (None, "Жаңа мектеп"),
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "толтыр"),
        ({"name": "Гүлнар"}, "Тегі мен атын жазыңыз."),
        ({"name": "Кел www.evil.example/1"}, "тек әріппен"),
        ({"email": "gulnar"}, "электрондық пошта"),
        ({"note": "ұ" * 501}, "500"),
        ({"note": "a\x00b"}, "таңба"),
        ({"school": "nowhere"}, "мектеп"),
        ({"consent": None}, "Келісімсіз"),
        ({"website": "http://spam.example"}, "бағдарлама толтырғандай"),
        ({"shown_at": ""}, "тым тез"),
    ],
)
@pytest.mark.parametrize("place", ["new", "group"])
def test_what_is_wrong_is_said_and_what_was_typed_comes_back(wish, place, changes, says):
    demand = wishes.demand(region=wishes.kostanay())
    wishes.voice(demand)
    url = wish if place == "new" else f"/kk/demand/{demand.uid}/"
    answer = Client().post(url, typed(**changes))
    assert answer.status_code == 422
    assert says.lower() in answer.text.lower()
    assert 'value="Gulnar@example.kz"' in answer.text or "email" in changes
    assert DemandVoice.objects.count() == 1


@pytest.mark.parametrize("query", [{}, {"topic": "reading"}, {"topic": HOSTILE, "region": "\x00", "language": "de"}])
def test_a_wish_that_is_none_is_asked_for_again(wish, query):
    answer = Client().get("/kk/demand/new/", query)
    assert (answer.status_code, "<script>alert" in answer.text) == (200, False)


@pytest.mark.parametrize("address", ["nothing/KZ-39/kk", "reading/KZ-99/kk", "reading/KZ-39/de"])
def test_the_address_of_a_wish_that_is_none_is_not_found(wish, address):
    assert Client().get(f"/kk/demand/new/{address}/").status_code == 404


def test_known_and_unknown_addresses_get_the_same_page(wish):
    wishes.voice(wishes.demand(region=wishes.kostanay()), email="known@example.kz")
    pages = []
    for email in ("known@example.kz", "unknown@example.kz"):
        browser = Client()
        answer = browser.post(wish, typed(email=email))
        page = browser.get(answer["Location"]).text.replace(email, "")
        pages.append((answer.status_code, answer["Location"], SECRET.sub("", page)))
    assert pages[0] == pages[1]


def test_one_address_is_not_flooded_and_the_page_does_not_tell(wish):
    answers = [Client().post(wish, typed()).status_code for _at in range(9)]
    assert answers == [302] * 9
    assert Mail.objects.count() == views.MOST_OF_AN_ADDRESS


def test_a_staff_room_may_ask_and_a_flood_is_asked_to_wait(wish, monkeypatch):
    assert views.MOST_OF_A_NETWORK >= 60
    monkeypatch.setattr(views, "MOST_OF_A_NETWORK", 2)
    answers = [Client().post(wish, typed(email=f"g{at}@example.kz")) for at in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Бекова Гүлнар Өмірбекқызы" in answers[2].text


def test_who_wants_the_same_and_who_is_near_is_shown(wish):
    here, ru, far = (
        wishes.demand(region=wishes.kostanay()),
        wishes.demand(region=wishes.kostanay(), language="ru"),
        wishes.demand(),
    )
    other = wishes.demand(rows.topic("law"), region=wishes.kostanay())
    for demand in (here, ru, far, other):
        wishes.voices(demand, 2)
    text = Client().get(wish).text
    assert "2 дауыс. Дауысыңызды қосыңыз" in text
    assert [f"/kk/demand/{demand.uid}/" in text for demand in (here, ru, far, other)] == [False, True, True, False]


def test_joining_from_the_page_of_a_wish(wish):
    demand = wishes.demand(language="ru")
    wishes.voice(demand)
    answer = Client().post(f"/kk/demand/{demand.uid}/", typed())
    assert (answer.status_code, demand.voices.count()) == (302, 2)


def test_an_announced_seminar_is_shown_in_place_of_the_form(wish):
    demand = wishes.demand(run=guests.run())
    wishes.voice(demand)
    page = f"/kk/demand/{demand.uid}/"
    text = Client().get(page).text
    assert [f"/kk/seminars/{demand.run.uid}/" in text, 'name="email"' in text] == [True, False]
    assert Client().post(page, typed()).status_code == 409


def test_unconfirmed_closed_and_hidden_wishes_are_nobodys_business(wish):
    unconfirmed, closed = wishes.demand(), wishes.demand(state=DemandState.CLOSED)
    wishes.voice(unconfirmed, verified=False)
    wishes.voice(closed)
    board = Client().get("/kk/demand/").text
    for demand in (unconfirmed, closed):
        assert demand.uid not in board
        assert Client().get(f"/kk/demand/{demand.uid}/").status_code == 404


def test_names_addresses_and_notes_stay_with_the_coordinators(cast, wish):
    demand = wishes.demand()
    wishes.voice(demand, name="Зымыран Сапар", email="secret@example.kz", note="қыран сөз")
    for client in (Client(), cast.librarian.client()):
        for url in ("/kk/demand/", f"/kk/demand/{demand.uid}/"):
            text = client.get(url).text
            assert [word in text for word in ("Зымыран", "secret@", "қыран сөз")] == [False] * 3
    text = cast.hq.client().get(f"/kk/organise/demand/{demand.uid}/").text
    assert [word in text for word in ("Зымыран", "secret@", "қыран сөз")] == [True] * 3


def test_filters_stand_in_the_address_and_lead_to_asking(wish):
    here, ru = wishes.demand(region=wishes.kostanay()), wishes.demand(language="ru")
    law = wishes.demand(rows.topic("law"))
    for demand in (here, ru, law):
        wishes.voice(demand)

    def shown(**query):
        text = Client().get("/kk/demand/", query).text
        return [f"/kk/demand/{demand.uid}/" in text for demand in (here, ru, law)]

    assert shown() == [True, True, True]
    assert shown(region="KZ-39") == [True, False, False]
    assert shown(language="ru") == [False, True, False]
    assert shown(topic="law") == [False, False, True]
    assert shown(topic="law", language="ru") == [False, False, False]
    assert shown(topic=HOSTILE, region="\x00", language="de", page="x") == [True, True, True]
    assert "?topic=law&amp;language=ru" in Client().get("/kk/demand/", {"topic": "law", "language": "ru"}).text


def test_the_map_shows_what_is_not_met_and_says_it_in_numbers(wish):
    wishes.voices(wishes.demand(region=wishes.kostanay()), 3)
    wishes.voices(wishes.demand(region=wishes.kostanay(), run=guests.run()), 4)
    text = Client().get("/ru/demand/").text
    assert 'aria-label="Костанайская область: 3"' in text
    assert text.count('href="/ru/demand/?region=KZ-39"') == 2
    here = Client().get("/ru/demand/?region=KZ-39&language=kk").text
    assert here.count('href="/ru/demand/?language=kk" aria-current="true"') == 2


def test_the_link_confirms_shows_and_withdraws(wish):
    browser = Client()
    browser.post(wish, typed())
    voice = DemandVoice.objects.get()
    link = f"/d/{demand_links.token(voice)}/"
    assert "Дауысымды растау" in browser.get(link).text
    assert DemandVoice.objects.get().verified_at is None  # looking does nothing
    assert browser.post(f"{link}confirm/", follow=True).status_code == 200
    assert DemandVoice.objects.get().verified_at is not None
    answer = browser.post(f"{link}withdraw/")
    assert (answer.status_code, answer["Location"]) == (302, "/kk/demand/")
    assert not DemandVoice.objects.exists()
    assert browser.get(link).status_code == 404


def test_a_link_of_another_kind_epoch_or_letter_opens_nothing(wish):
    voice = wishes.voice(wishes.demand(), verified=False)
    good = demand_links.token(voice)
    signup = guests.sign_up(guests.run())
    assert Client().get(f"/s/{good}/").status_code == 404
    assert Client().get(f"/d/{demand_links.token(signup)}/").status_code == 404
    assert Client().get(f"/d/{good[:-1]}a/").status_code == (200 if good.endswith("a") else 404)
    voice.link_epoch = 2
    voice.save(update_fields=["link_epoch"])
    assert Client().get(f"/d/{good}/").status_code == 404
    assert Client().get(f"/d/{demand_links.token(voice)}/").status_code == 200


def test_a_link_to_what_was_closed_meanwhile_says_so(wish):
    voice = wishes.voice(wishes.demand(state=DemandState.CLOSED), verified=False)
    link = f"/d/{demand_links.token(voice)}/"
    assert "Бұл сұраныс жабылды" in Client().get(link).text
    assert Client().post(f"{link}confirm/").status_code == 409


@pytest.mark.parametrize("count", [1, 30])
def test_the_board_costs_the_same_for_one_and_for_thirty(client, django_assert_num_queries, count):
    for at in range(count):
        wishes.voice(wishes.demand(rows.topic(f"t{at}"), region=wishes.kostanay()), school=make.school())
    with django_assert_num_queries(6):  # count, rows; topics and regions to choose from; the map and its regions
        assert client.get("/kk/demand/").status_code == 200


@pytest.mark.parametrize("count", [1, 12])
def test_asking_costs_the_same_for_one_and_for_many_neighbours(client, wish, django_assert_num_queries, count):
    for at in range(count):
        region = make.region(f"KZ-{at}", name_kk=f"{at}", name_ru=f"{at}", name_en=f"{at}")
        wishes.voice(wishes.demand(region=region))
    with django_assert_num_queries(4):
        assert client.get(wish).status_code == 200
    assert Demand.objects.count() == count
