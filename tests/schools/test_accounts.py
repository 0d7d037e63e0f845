"""Accounts: invitation links, the own profile, addresses, closed accounts, the identity provider, the admin's door."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from schools import invitations, outbox, people
from schools.errors import Refused
from schools.models import AuditEntry, Mail, Person, User
from schools.states import MailState
from tests import make

NEW_PASSWORD = "Қырық-бес-кітап-2026"


@pytest.fixture
def invited(cast) -> User:
    data = people.PersonData(surname="Жаңа", given_name="Адам", email="new@example.kz", language="ru")
    person = people.invite(
        data=data, role="librarian", school=cast.school, since=timezone.localdate(), actor=cast.hq.actor
    )
    return person.account


def path_of(user: User, language: str = "ru") -> str:
    user.refresh_from_db()
    return invitations.link(user, language=language).removeprefix(settings.SITE_URL)


def choose(client: Client, path: str, first: str = NEW_PASSWORD, second: str | None = None):
    return client.post(path, {"password1": first, "password2": first if second is None else second})


# -- invitations ------------------------------------------------------------------------------------------------------


def test_the_invitation_is_a_letter_in_the_language_of_its_reader_that_is_wiped_once_sent(invited):
    mail = Mail.objects.get(person=invited.person)
    assert (mail.kind, mail.language, mail.address, mail.secret) == ("invitation", "ru", "new@example.kz", True)


def test_the_link_opens_the_account_once(client, invited):
    path = path_of(invited)
    assert path.startswith("/ru/invitation/")
    assert client.get(path).status_code == 200
    response = choose(client, path)
    assert (response.status_code, client.session["_auth_user_id"]) == (302, str(invited.pk))
    assert EmailAddress.objects.get(user=invited).verified is True
    invited.refresh_from_db()
    assert invited.check_password(NEW_PASSWORD)
    assert AuditEntry.objects.filter(verb="account.accept", actor=invited.person).count() == 1
    other = Client()
    assert other.get(path).status_code == 404
    assert choose(other, path, "another-long-one-1").status_code == 404


def test_who_opened_an_account_signs_in_by_its_password(client, invited):
    choose(Client(), path_of(invited))
    response = client.post(reverse("account_login"), {"login": "NEW@example.kz", "password": NEW_PASSWORD})
    assert (response.status_code, client.session.get("_auth_user_id")) == (302, str(invited.pk))


def test_every_dead_link_is_answered_alike(client, invited, cast):
    old = path_of(invited)
    invitations.send(person=invited.person, actor=cast.hq.actor)
    forged = reverse("schools:invitation", args=[signing.dumps([invited.pk, "x"], salt="another")])
    foreign = reverse("schools:invitation", args=[signing.dumps("x", salt=invitations.SALT)])
    unknown = reverse("schools:invitation", args=[signing.dumps([10**12, "x"], salt=invitations.SALT)])
    in_use = path_of(cast.librarian.user)
    with translation.override("ru"):
        dead = [old, forged, foreign, unknown, in_use, reverse("schools:invitation", args=["no-such-token"])]
    answers = []
    for path in dead:
        response = client.get(path.replace("/kk/", "/ru/"))
        page = response.content.decode().replace(path.replace("/kk/", "/ru/").split("/")[3], "TOKEN")
        answers.append((response.status_code, page[page.index("<main") : page.index("</main")]))
    assert len(set(answers)) == 1
    assert answers[0][0] == 404
    assert client.get(path_of(invited)).status_code == 200


def test_a_link_lives_for_fourteen_days(client, invited):
    path = path_of(invited)
    now = timezone.now()
    with time_machine.travel(now + timedelta(days=13, hours=23), tick=False):
        assert client.get(path).status_code == 200
    with time_machine.travel(now + timedelta(days=14, minutes=1), tick=False):
        assert client.get(path).status_code == 404
        assert choose(client, path).status_code == 404


def test_a_new_invitation_takes_back_the_unsent_one(invited, cast):
    invitations.send(person=invited.person, actor=cast.hq.actor)
    states = Mail.objects.filter(person=invited.person).order_by("id").values_list("state", flat=True)
    assert list(states) == [MailState.SUPERSEDED, MailState.QUEUED]


def test_who_signs_in_already_is_not_invited(cast):
    with pytest.raises(Refused):
        invitations.send(person=cast.librarian.person, actor=cast.hq.actor)
    with pytest.raises(Refused):
        invitations.send(person=cast.guest.person, actor=cast.hq.actor)
    assert Mail.objects.count() == 0


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ("", "", "password1"),
        ("short-1", "short-1", "password1"),
        ("1234567890123", "1234567890123", "password1"),
        ("password1234", "password1234", "password1"),
        ("new@example.kz", "new@example.kz", "password1"),
        (NEW_PASSWORD, "another-long-one", "password2"),
        ("x" * 129, "x" * 129, "password1"),
    ],
)
def test_a_poor_password_is_refused_with_a_word_at_the_field(client, invited, first, second, field):
    response = choose(client, path_of(invited), first, second)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "_auth_user_id" not in client.session


def test_inviting_again_from_the_page(cast, invited):
    address = reverse("schools:invite_again", args=[invited.person.uid])
    assert cast.director.client().post(address).status_code == 403
    assert cast.hq.client().get(address).status_code == 405
    cast.hq.client().post(address)
    assert Mail.objects.filter(person=invited.person).count() == 2


# -- addresses and closed accounts ------------------------------------------------------------------------------------


def test_a_mistyped_address_is_corrected_and_invited_anew(cast, invited):
    address = reverse("schools:correct_address", args=[invited.person.uid])
    old = path_of(invited)
    cast.hq.client().post(address, {"email": "Right@Example.kz"})
    invited.refresh_from_db()
    assert (invited.email, Person.objects.get(pk=invited.person_id).email) == ("right@example.kz",) * 2
    assert list(EmailAddress.objects.filter(user=invited).values_list("email", "verified")) == [
        ("right@example.kz", False)
    ]
    assert Client().get(old).status_code == 404
    assert Mail.objects.filter(kind="invitation", address="right@example.kz").count() == 1


def test_of_an_account_in_use_only_an_administrator_corrects_the_address(cast):
    with pytest.raises(Refused):
        people.correct_address(person=cast.librarian.person, email="x@example.kz", actor=cast.hq.actor)
    with pytest.raises(Refused):
        people.correct_address(
            person=cast.librarian.person, email="colleague@example.kz", actor=cast.administrator.actor
        )
    people.correct_address(person=cast.librarian.person, email="x@example.kz", actor=cast.administrator.actor)
    assert User.objects.get(person=cast.librarian.person).email == "x@example.kz"


def test_letters_follow_an_address_that_its_owner_changes(cast):
    user = cast.librarian.user
    client = cast.librarian.client()
    EmailAddress.objects.create(user=user, email="home@example.kz", verified=True)
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    client.post(reverse("account_email"), {"email": "home@example.kz", "action_primary": ""})
    assert Person.objects.get(pk=user.person_id).email == "home@example.kz"


def test_a_closed_account_is_out_at_once_and_comes_back(cast):
    browser = cast.librarian.client()
    address = reverse("schools:set_sign_in", args=[cast.librarian.person.uid])
    mine = reverse("schools:settings")
    assert browser.get(mine).status_code == 200
    cast.hq.client().post(address)
    assert browser.get(mine).status_code == 302
    cast.hq.client().post(address, {"allowed": "yes"})
    assert cast.librarian.client().get(mine).status_code == 200
    verbs = AuditEntry.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["account.close", "account.open"]


def test_hq_closes_no_account_above_their_own(cast):
    cast.hq.client().post(reverse("schools:set_sign_in", args=[cast.administrator.person.uid]))
    assert User.objects.get(person=cast.administrator.person).is_active is True


def test_known_and_unknown_addresses_get_the_same_answer(client, cast):
    answers = []
    for address in ("librarian@example.kz", "nobody@example.kz"):
        response = client.post(reverse("account_reset_password"), {"email": address}, follow=True)
        page = response.content.decode().replace(address, "ADDRESS")
        answers.append((response.status_code, response.redirect_chain, page[page.index("<main") :]))
    assert answers[0] == answers[1]


# -- the own profile --------------------------------------------------------------------------------------------------


def test_a_saved_language_is_the_accounts_and_the_page_answers_in_it(cast):
    client = cast.librarian.client()
    response = client.post("/kk/profile/", {"language": "ru", "phone": "8 701 123 45 67", "latin_name": "Sarsenova A"})
    assert (response.status_code, response.url) == (302, "/ru/profile/")
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "ru"
    person = Person.objects.get(pk=cast.librarian.person.pk)
    assert (person.language, person.phone, person.latin_name) == ("ru", "+77011234567", "Sarsenova A")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "xx"),
        ("language", ""),
        ("phone", "call me"),
        ("phone", "+1"),
        ("latin_name", "Сәрсенова"),
        ("latin_name", "A\x00B"),
        ("latin_name", "A" * 161),
    ],
)
def test_a_bad_profile_comes_back_with_a_word_at_the_field(cast, field, value):
    good = {"language": "kk", "phone": "87011234567", "latin_name": "Sarsenova"}
    response = cast.librarian.client().post(reverse("schools:settings"), {**good, field: value})
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Person.objects.get(pk=cast.librarian.person.pk).phone == ""


def test_a_profile_is_kept_by_its_owner_alone(cast):
    with pytest.raises(Refused):
        people.keep_profile(person=cast.colleague.person, values={"phone": ""}, actor=cast.librarian.actor)
    people.keep_profile(
        person=cast.librarian.person, values={"surname": "Басқа", "language": "en"}, actor=cast.librarian.actor
    )
    person = Person.objects.get(pk=cast.librarian.person.pk)
    assert (person.surname, person.language) == ("Сәрсенова", "en")


def test_an_account_without_a_person_has_a_settings_page_too(db):
    root = User.objects.create_superuser("root@example.kz", make.PASSWORD)
    client = make.client_of(root)
    assert client.get(reverse("schools:settings")).status_code == 200
    assert client.post(reverse("schools:settings"), {"language": "ru"}).status_code == 200


# -- the identity provider --------------------------------------------------------------------------------------------


def vouched(*addresses: tuple[str, bool]) -> SocialLogin:
    rows = [EmailAddress(email=email, verified=verified) for email, verified in addresses]
    return SocialLogin(user=User(), account=SocialAccount(provider="nis", uid="1"), email_addresses=rows)


def test_the_provider_opens_known_and_vouched_accounts_only(rf, cast, invited):
    adapter = get_adapter(rf.get("/"))
    EmailAddress.objects.create(user=cast.stranger.user, email="further@example.kz", verified=True)
    EmailAddress.objects.create(user=cast.stranger.user, email="merely-added@example.kz", verified=False)

    def owner(email: str, verified: bool = True) -> User | None:
        found = adapter.authenticate_by_email(vouched((email, verified)))
        return found[0] if found else None

    assert owner("Librarian@example.kz") == cast.librarian.user
    assert owner("new@example.kz") == invited
    assert owner("further@example.kz") == cast.stranger.user
    assert owner("merely-added@example.kz") is None
    assert owner("librarian@example.kz", verified=False) is None
    assert owner("nobody@example.kz") is None
    assert adapter.is_open_for_signup(rf.get("/"), vouched()) is False


def test_an_added_address_of_somebody_else_does_not_catch_their_sign_in(rf, cast):
    EmailAddress.objects.create(user=cast.stranger.user, email="librarian@example.kz", verified=False)
    found = get_adapter(rf.get("/")).authenticate_by_email(vouched(("librarian@example.kz", True)))
    assert found[0] == cast.librarian.user


# -- the admin's door -------------------------------------------------------------------------------------------------


def test_the_admin_signs_in_on_the_portals_own_page(client, cast):
    response = client.get("/admin/login/?next=/admin/")
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code == 302
    assert cast.librarian.client().get("/admin/").status_code in (302, 403)


def test_sign_up_is_closed(client, db):
    before = User.objects.count()
    client.post(
        reverse("account_signup"),
        {"email": "me@example.kz", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert User.objects.count() == before


def test_unsent_invitations_are_known_by_their_account(invited):
    assert outbox.supersede(about=invited, kinds=["invitation"]) == 1
