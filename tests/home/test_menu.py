"""The menu: who sees what, where one is, and what it costs."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from courses.enrolling import enrol
from nis_library.home.menu import menu
from schools.access import NOBODY, Actor
from tests.courses import rows

MINE, COURSES, WAITING = "home:mine", "courses:catalogue", "courses:decisions"
ORGANISE, PEOPLE, SCHOOLS, REPORTS = "courses:organise", "schools:people", "schools:schools", "reports:list"
OPERATIONS, TEACHING, SEMINARS = "schools:mail", "courses:teaching", "courses:seminars"
CONFERENCES, TRIPS, TRIP_WORDS = "conferences:editions", "conferences:trips", "conferences:trip_decisions"
SEEN = {
    "librarian": [MINE, COURSES, SEMINARS, CONFERENCES, TRIPS],
    "director": [MINE, COURSES, CONFERENCES, TRIPS, WAITING, PEOPLE, SCHOOLS, REPORTS],
    "deputy": [MINE, COURSES, CONFERENCES, TRIPS, WAITING, PEOPLE, SCHOOLS, REPORTS],
    "hq": [MINE, COURSES, CONFERENCES, WAITING, ORGANISE, PEOPLE, SCHOOLS, REPORTS],
    "finance": [MINE, COURSES, SEMINARS, CONFERENCES, TRIPS, TRIP_WORDS, REPORTS],
    "trainer": [MINE, COURSES, SEMINARS, CONFERENCES, TEACHING],
    "auditor": [MINE, COURSES, CONFERENCES, PEOPLE, SCHOOLS, REPORTS],
    "administrator": [MINE, COURSES, CONFERENCES, ORGANISE, PEOPLE, SCHOOLS, REPORTS, OPERATIONS],
}


def menu_of(rf, actor: Actor, path: str = "/kk/"):
    request = rf.get(path)
    request.actor, request.user, request.resolver_match = actor, AnonymousUser(), None
    return menu(request)["menu"]


@pytest.mark.parametrize("role", SEEN)
def test_each_role_has_its_places(cast, rf, role):
    assert [item.url for item in menu_of(rf, getattr(cast, role).actor)] == [reverse(name) for name in SEEN[role]]


def test_strangers_find_courses_and_seminars_alone(rf):
    assert [item.url for item in menu_of(rf, NOBODY)] == [reverse(COURSES), reverse(SEMINARS)]


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/kk/courses/", COURSES),
        ("/kk/courses/abcdefghjk/apply/", COURSES),
        ("/kk/me/", MINE),
        ("/kk/decisions/", WAITING),
        ("/kk/organise/courses/new/", ORGANISE),
        ("/kk/organise/runs/", None),
        ("/kk/help/", None),
    ],
)
def test_one_stands_where_the_longest_address_fits(cast, rf, path, here):
    found = [item.url for item in menu_of(rf, cast.hq.actor, path) if item.here]
    assert found == ([reverse(here)] if here else [])


def test_what_waits_is_counted_for_those_who_decide(cast, rf):
    run = rows.run(chain=rows.director_chain())
    for member in (cast.librarian, cast.colleague, cast.stranger):
        enrol(person=member.person, run=run, actor=member.actor)

    def count(member):
        return [item.count for item in menu_of(rf, member.actor) if item.url == reverse(WAITING)]

    assert count(cast.director) == count(cast.deputy) == [2]
    assert count(cast.other_director) == [1]
    assert count(cast.hq) == [0]
    assert count(cast.librarian) == []


def test_one_query_for_those_who_decide_and_none_for_the_others(cast, rf, django_assert_num_queries):
    with django_assert_num_queries(1):
        menu_of(rf, cast.director.actor)
    for member in (cast.librarian, cast.trainer, cast.administrator):
        with django_assert_num_queries(0):
            menu_of(rf, member.actor)


@pytest.mark.django_db
def test_the_sign_in_page_shows_the_demonstration_s_accounts(client, settings):
    settings.DEMO = True
    assert client.get(reverse("account_login")).text.count("@example.kz</span>") == 8
    assert "@example.kz</span>" not in client.get(reverse("home:help")).text


@pytest.mark.django_db
def test_in_production_no_account_is_shown(client, settings):
    settings.DEMO = False
    page = client.get(reverse("account_login"))
    assert (page.status_code, "example.kz" in page.text) == (200, False)
