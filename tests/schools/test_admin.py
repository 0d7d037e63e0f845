"""The administration pages: who gets in, that they open, and that they cannot touch ledgers, people and roles."""

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from schools import audit
from schools.models import AuditEntry, Mail, Membership, Person, School, User
from tests import make

READ_ONLY = (AuditEntry, Mail, Membership, Person, User)


@pytest.fixture
def root(cast) -> User:
    return make.account(make.person(surname="Root"), is_staff=True, is_superuser=True)


@pytest.mark.parametrize("who", ["librarian", "director", "hq", "administrator"])
def test_only_staff_accounts_enter(cast, who):
    assert getattr(cast, who).client().get(reverse("admin:index")).status_code in (302, 403)


def test_every_list_and_form_of_the_ground_floor_opens(cast, root):
    audit.record(actor=cast.hq.actor, verb="person.test", subject=cast.librarian.person, school=cast.school)
    client = make.client_of(root)
    for model in admin.site._registry:
        if model._meta.app_label != "schools":
            continue
        base = f"admin:schools_{model._meta.model_name}"
        assert client.get(reverse(f"{base}_changelist"), {"q": "әлия"}).status_code == 200, model
        if (row := model.objects.first()) is not None:
            assert client.get(reverse(f"{base}_change", args=[row.pk])).status_code == 200, model


@pytest.mark.parametrize("model", READ_ONLY)
def test_ledgers_people_and_roles_are_looked_at_only(cast, root, model):
    request = RequestFactory().get("/admin/")
    request.user = root
    page = admin.site._registry[model]
    assert page.has_view_permission(request) is True
    assert [
        page.has_add_permission(request),
        page.has_change_permission(request),
        page.has_delete_permission(request),
    ] == [
        False,
        False,
        False,
    ]


def test_a_school_is_corrected_but_never_deleted(cast, root):
    client = make.client_of(root)
    assert client.get(reverse("admin:schools_school_change", args=[cast.school.pk])).status_code == 200
    assert (
        client.post(reverse("admin:schools_school_delete", args=[cast.school.pk]), {"post": "yes"}).status_code == 403
    )
    assert School.objects.filter(pk=cast.school.pk).exists()


def test_people_are_found_by_folded_letters(cast, root):
    page = make.client_of(root).get(reverse("admin:schools_person_changelist"), {"q": "Сарсенова"}).content.decode()
    assert "Сәрсенова" in page
    assert "Ермекова" not in page
