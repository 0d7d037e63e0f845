"""In production, guarded roles get nowhere without a second factor; others and demo mode are left alone."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from schools.second_factor import has_second_factor
from tests import make

GUARDED = ("hq", "finance", "auditor", "administrator")
FREE = ("librarian", "director", "deputy", "trainer", "stranger")


@pytest.fixture
def production(settings) -> None:
    settings.NIS_ENV = "production"


def set_up(user: object, kind: str = Authenticator.Type.TOTP) -> None:
    Authenticator.objects.create(user=user, type=kind, data={})


@pytest.mark.parametrize("who", GUARDED)
def test_a_guarded_role_is_sent_to_set_it_up_until_it_has(cast, production, who):
    member = getattr(cast, who)
    client = member.client()
    for page in ("schools:settings", "schools:schools"):
        response = client.get(reverse(page))
        assert (response.status_code, response.url) == (302, reverse("mfa_index"))
    assert client.post(reverse("schools:invite"), {}).url == reverse("mfa_index")
    set_up(member.user)
    assert client.get(reverse("schools:settings")).status_code == 200


@pytest.mark.parametrize("who", FREE)
def test_other_roles_are_free(cast, production, who):
    assert getattr(cast, who).client().get(reverse("schools:settings")).status_code == 200


def test_strangers_see_public_pages(client, cast, production):
    assert client.get(reverse("schools:schools")).status_code == 200


def test_outside_production_nobody_is_held_up(cast):
    assert cast.administrator.client().get(reverse("schools:settings")).status_code == 200


def test_account_pages_and_the_way_out_stay_open(cast, production):
    client = cast.administrator.client()
    for page in ("mfa_index", "account_email", "account_change_password", "account_reauthenticate"):
        response = client.get(reverse(page))
        assert response.status_code != 302 or response.url != reverse("mfa_index"), page
    assert client.post(reverse("account_logout")).url != reverse("mfa_index")
    assert client.get(reverse("schools:settings")).url.startswith(reverse("account_login"))


def test_recovery_codes_alone_are_no_second_factor_and_a_passkey_is(cast, production):
    user = cast.hq.user
    set_up(user, Authenticator.Type.RECOVERY_CODES)
    assert has_second_factor(user.pk) is False
    set_up(user, Authenticator.Type.WEBAUTHN)
    assert has_second_factor(user.pk) is True


def test_the_admin_is_behind_it_too(cast, production):
    root = make.account(make.person(), is_staff=True, is_superuser=True)
    client = make.client_of(root)
    assert client.get("/admin/").url == reverse("mfa_index")
    set_up(root)
    assert client.get("/admin/").status_code == 200


def test_a_part_of_a_page_makes_the_whole_page_go(cast, production):
    response = cast.hq.client().get(reverse("schools:people"), headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == reverse("mfa_index")


def test_sign_in_still_asks_for_the_factor_that_was_set_up(client, cast, production):
    set_up(cast.hq.user)
    response = client.post(reverse("account_login"), {"login": "hq@example.kz", "password": make.PASSWORD})
    assert response.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
