"""No address without a declared entry, and nobody gets in who is not named: each role at each address."""

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path, resolve, reverse

from schools.entry import entry
from tests import doors
from tests.door_table import DOORS


@pytest.fixture
def world(cast) -> doors.World:
    return doors.World(cast)


def test_every_view_declares_who_may_enter():
    assert doors.undeclared(list(doors.addresses())) == []


def test_every_address_is_tried():
    assert doors.untried(list(doors.addresses()), DOORS) == []


def test_an_undeclared_view_is_found():
    def bare(request):
        return HttpResponse()

    bare.__module__ = "courses.views.bare"
    shut = entry("signed_in")(bare)
    vendor = type("Vendor", (), {"__module__": "vendor.views"})()
    found = [
        doors.Address("courses:bare", "bare/", bare),
        doors.Address("courses:shut", "shut/", shut),
        doors.Address("vendor", "vendor/", vendor),
        doors.Address("account_login", "login/", vendor),
    ]
    assert doors.undeclared(found) == ["courses:bare (bare/) has no @entry", "vendor (vendor/) is not in VENDORS"]
    assert doors.untried(found, [doors.Door("courses:gone", doors.EVERYONE)]) == [
        "courses:bare is not tried",
        "courses:shut is not tried",
        "courses:gone is gone",
    ]


def visit(door: doors.Door, world: doors.World) -> dict[str, str]:
    """What each of the cast meets at the door; whatever a visit writes is taken back before the next."""
    url = reverse(door.name, kwargs=door.kwargs(world))
    clients = {name: member.client() for name, member in world.cast.everyone().items()} | {doors.VISITOR: Client()}
    found = {}
    for name, client in sorted(clients.items()):
        with transaction.atomic():
            response = client.post(url, {}) if door.post else client.get(url)
            if response.streaming:
                response.getvalue()  # read to its end, or the file stays open
            found[name] = doors.outcome(response, reverse("account_login"))
            transaction.set_rollback(True)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS, ids=str)
def test_who_gets_in(door, world):
    assert visit(door, world) == doors.expected(door)


def test_the_matrix_bites(world):
    """An address that lets in one more than its line names is found."""
    door = doors.Door("healthz", doors.EVERYONE - {"stranger"})
    wrong = {name for name, met in visit(door, world).items() if met != doors.expected(door)[name]}
    assert wrong == {"stranger"}


def test_the_walk_sees_namespaces_and_nested_routes():
    found = {address.name: address for address in doors.addresses()}
    assert found["healthz"].view is resolve("/healthz").func
    assert found["admin:index"].route.startswith("admin/")
    assert [
        a.name for a in doors.addresses(type("R", (), {"url_patterns": [path("x", lambda r: None, name="x")]})())
    ] == ["x"]


def test_the_admin_is_for_staff_accounts(world):
    assert {name: member.client().get("/admin/").status_code for name, member in world.cast.everyone().items()} == (
        dict.fromkeys(world.cast.everyone(), 302)
    )
