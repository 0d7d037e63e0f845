"""A new address for the letters of a sign-up: it takes effect when its own link is used, and not a moment before."""

import re

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext

from courses import guest_letters, guest_links, signup_changes
from courses.models import Signup
from schools.models import Mail
from schools.states import MailState
from tests.courses import guests
from tests.courses.reminding import plain_text

pytestmark = pytest.mark.django_db
OLD, NEW, WRONG = "gulnar@example.kz", "gulnar.b@example.kz", "gulnar@exmaple.kz"


@pytest.fixture
def signup(db):
    made = guests.confirmed(guests.run(capacity=5), 3, email=OLD)
    guest_letters.tell_untold()
    Mail.objects.update(state=MailState.SENT, sent_at=timezone.now())
    return made


def url(signup, part=""):
    return f"/s/{guest_links.token(signup)}/{part}"


def ask(signup, email):
    """Type it behind the link; gives the path in the letter to the new address."""
    assert Client().post(url(signup, "address/"), {"email": email}).status_code == 302
    mail = Mail.objects.filter(kind="signup_address", address=email.lower()).latest("id")
    return re.search(r"/s/\S+/new-address/", plain_text(mail))[0]


def test_the_new_address_takes_the_old_ones_place_once_its_link_is_used(signup):
    old = url(signup)
    path = ask(signup, NEW.upper())
    page = Client().get(old).text
    assert (NEW in page, OLD in page) == (True, True)
    assert Client().get(path).status_code == 200
    signup.refresh_from_db()
    assert (signup.email, signup.pending_email, Client().get(old).status_code) == (OLD, NEW, 200), "looking is no deed"
    answer = Client().post(path)
    signup.refresh_from_db()
    assert (answer.url, signup.email, signup.pending_email) == (url(signup), NEW, "")
    assert [Client().get(one).status_code for one in (old, url(signup))] == [404, 200]
    assert Client().get(path).url == url(signup), "the link in the letter stays of use"
    assert Client().post(path).url == url(signup)
    assert set(signup.enrolments.values_list("person__email", flat=True)) == {NEW}
    guest_letters.tell_untold()
    assert Mail.objects.filter(kind="signup", state=MailState.QUEUED).get().address == NEW


def test_a_mistyped_address_costs_nobody_the_link(signup):
    stranger = ask(signup, WRONG)
    assert Client().get(url(signup)).status_code == 200
    path = ask(signup, NEW)
    assert [Client().get(stranger).status_code, Client().post(stranger).status_code] == [404, 404]
    assert Mail.objects.get(address=WRONG).state == MailState.SUPERSEDED
    Client().post(path)
    signup.refresh_from_db()
    assert (signup.email, Client().post(stranger).status_code) == (NEW, 404)


def test_the_link_to_the_new_address_opens_nothing_else_before(signup):
    path = ask(signup, WRONG).removesuffix("new-address/")
    for part in ("", "people/x/", "more/", "address/", "attended/", "forget/"):
        assert Client().get(path + part).status_code == 404
    for part in ("confirm/", "cancel/", "here/"):
        assert Client().post(path + part).status_code == 404
    assert "Бекова" not in Client().get(path + "new-address/").text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_letter_is_in_the_contacts_language_and_names_nobody(language):
    signup = guests.confirmed(guests.run(capacity=5), 3, email=OLD, language=language)
    ask(signup, NEW)
    mail = Mail.objects.get(kind="signup_address")
    with translation.override(language):
        assert mail.subject.startswith(gettext("Confirm the new address"))
    text = plain_text(mail)
    assert [row.person.full_name in text for row in guests.rows_of(signup)] == [False] * 3
    assert signup.name not in text


def test_the_old_address_typed_again_takes_the_wish_back(signup):
    path = ask(signup, WRONG)
    assert Client().post(url(signup, "address/"), {"email": OLD}).status_code == 302
    signup.refresh_from_db()
    assert (signup.pending_email, Client().post(path).status_code) == ("", 404)
    assert Client().post(ask(signup, WRONG)).status_code == 302, "and may be wished for once more"


def test_nothing_is_left_of_it_when_consent_is_withdrawn(signup):
    path = ask(signup, NEW)
    signup_changes.withdraw_consent(signup=signup)
    signup.refresh_from_db()
    assert (signup.pending_email, Client().post(path).status_code) == ("", 404)
    assert not Mail.objects.filter(state=MailState.QUEUED, address=NEW).exists()


@pytest.mark.parametrize("typed", ["", "x", "a@b", "x" * 300 + "@example.kz", "a@example.kz\r\nBcc: b@example.kz"])
def test_what_is_no_address_is_said_at_the_field(signup, typed):
    assert Client().post(url(signup, "address/"), {"email": typed}).status_code == 422
    assert Signup.objects.get(pk=signup.pk).pending_email == ""
