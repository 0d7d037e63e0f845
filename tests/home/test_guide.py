"""Help for each role, and the page on personal data: in three languages, and every link leads somewhere."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

pytestmark = pytest.mark.django_db
GUIDES = ("librarian", "director", "hq", "trainer", "administrator", "guest")


def pages(language: str) -> list[str]:
    with translation.override(language):
        return [
            reverse("home:help"),
            reverse("home:privacy"),
            *(reverse("home:guide", args=[role]) for role in GUIDES),
        ]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_link_of_help_leads_somewhere(cast, language):
    client = cast.administrator.client()
    links = set()
    for url in pages(language):
        page = client.get(url)
        assert page.status_code == 200
        main = page.text.split("<main")[1].split("</main>")[0]
        links |= set(re.findall(r'href="(/[^"#]*)"', main))
    assert len(links) >= 10
    assert {url: code for url in links if (code := client.get(url, follow=True).status_code) != 200} == {}


@pytest.mark.parametrize("role", GUIDES)
def test_a_guide_has_steps(client, role):
    page = client.get(reverse("home:guide", args=[role])).text
    steps = page.split('<ol class="guide-steps">')[1].split("</ol>")[0]
    assert 5 <= steps.count("<li>") <= 9


@pytest.mark.parametrize("role", ["auditor", "nobody", "guide", "contents"])
def test_there_is_no_guide_for_others(client, role):
    assert client.get(f"/kk/help/{role}/").status_code == 404


def test_one_s_own_guide_stands_first(cast, client):
    def order(browser) -> list[str]:
        return re.findall(r'href="/kk/help/([a-z]+)/"', browser.get(reverse("home:help")).text)

    assert order(cast.trainer.client()) == ["trainer", "librarian", "director", "hq", "administrator", "guest"]
    assert order(client) == ["guest", "librarian", "director", "hq", "trainer", "administrator"]


def test_privacy_names_the_law(client):
    assert "94-V" in client.get("/kk/privacy/").text
    assert "94-V" in client.get("/ru/privacy/").text


def test_help_asks_nothing_of_the_database(client, django_assert_num_queries):
    for url in pages("kk"):
        with django_assert_num_queries(0):
            client.get(url)
