"""The public check of certificates: what it tells everybody, and that codes cannot be tried one by one."""

import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from courses import certificates
from courses.certificate_codes import is_well_formed, spaced, tidy
from courses.views.certificate_check import MOST
from tests.courses import rows

pytestmark = pytest.mark.django_db
UNKNOWN = "abcdefghjkmnpqrs"
HOSTILE = "<script>alert(1)</script>'\";--‮🦅"


@pytest.fixture
def certificate(cast):
    cast.librarian.person.latin_name = "Aliya Sarsenova"
    cast.librarian.person.save()
    run = rows.past_run(cast.trainer.person)
    seat = rows.seats(run, [cast.librarian.person], school=cast.school, state="completed")[0]
    return certificates.issue(enrolment=seat, actor=cast.hq.actor)


def test_anybody_reads_what_it_states_and_nothing_more(client, certificate):
    answer = client.get(f"/c/{certificate.code}")
    assert answer.status_code == 200
    for said in ("Сертификат жарамды", "Сәрсенова Әлия Қайратқызы", certificate.programme_kk, certificate.number):
        assert said in answer.text
    assert certificate.school_kk in answer.text
    for hidden in ("example.kz", certificate.person.uid, certificate.enrolment.uid, certificate.enrolment.run.uid):
        assert hidden not in answer.text
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_revoked_and_superseded_ones_say_so(cast, client, certificate):
    new = certificates.reissue(certificate=certificate, actor=cast.hq.actor, reason="Құпия себеп")
    certificates.revoke(certificate=new, actor=cast.hq.actor, reason="Құпия себеп")
    for code, words in ((certificate.code, "Сертификат ауыстырылған"), (new.code, "Сертификаттың күші жойылған")):
        page = client.get(f"/c/{code}").text
        assert words in page
        assert "жарамды</strong>" not in page
        assert "Құпия себеп" not in page


@pytest.mark.parametrize(
    ("cookie", "header", "query", "language"),
    [
        ("", "", "", "kk"),
        ("", "ru,en;q=0.5", "", "ru"),
        ("en", "ru", "", "en"),
        ("en", "ru", "?lang=kk", "kk"),
        ("", "ru", "?lang=de", "ru"),
        ("", "de", "?lang=<script>", "kk"),
    ],
)
def test_the_page_is_in_the_language_of_its_reader(certificate, cookie, header, query, language):
    client = Client(headers={"accept-language": header} if header else None)
    if cookie:
        client.cookies["django_language"] = cookie
    answer = client.get(f"/c/{certificate.code}{query}")
    assert f'<html lang="{language}"' in answer.text
    assert answer["Content-Language"] == language
    assert [f"/c/{certificate.code}?lang={code}" in answer.text for code in ("kk", "ru", "en")] == [True] * 3


@pytest.mark.parametrize(
    "code", [UNKNOWN[:-1], UNKNOWN + "a", "a", "0" * 16, HOSTILE, "a/b", "ұ" * 5000, "%00", "admin", "1 OR 1=1"]
)
def test_unknown_and_malformed_codes_are_answered_alike(certificate, code):
    """Byte for byte, apart from the code itself where the page gives it back."""
    answers = []
    for asked in (UNKNOWN, code):
        answer = Client().get(f"/c/{asked}", headers={"accept-language": "kk"})
        assert answer.status_code == 404
        assert "<script>alert" not in answer.text
        said = re.sub(r'value="[^"]*"', 'value=""', answer.text)
        said = re.sub(r'href="[^"]*\?lang=', 'href="?lang=', said)
        answers.append((said, sorted(answer.headers)))
    assert answers[0] == answers[1]


def test_a_limit_stops_those_who_try_many(certificate):
    client = Client(REMOTE_ADDR="198.51.100.7")
    with time_machine.travel(timezone.now(), tick=False):  # all within one minute, however slow the machine is
        met = [client.get(f"/c/{UNKNOWN}").status_code for _ in range(MOST + 2)]
        stopped = client.get(f"/c/{certificate.code}")
    assert met == [404] * MOST + [429] * 2
    assert (stopped.status_code, stopped["Retry-After"]) == (429, "60")
    assert "Сәрсенова" not in stopped.text
    assert '<html lang="kk"' in stopped.text
    assert Client(REMOTE_ADDR="198.51.100.8").get(f"/c/{certificate.code}").status_code == 200


def test_the_page_only_shows(client, certificate):
    assert client.post(f"/c/{certificate.code}").status_code == 405


@pytest.mark.parametrize(
    "typed",
    ["{code}", "{upper}", " {spaced} ", "{dashed}", "http://testserver/c/{code}?lang=ru", "{cyrillic}", "«{code}»"],
)
def test_a_code_typed_from_paper_is_forgiven_much(certificate, typed):
    certificate.code = "acekxmhpty234567"
    certificate.save(update_fields=["code"])
    code = certificate.code
    forms = {
        "code": code,
        "upper": code.upper(),
        "spaced": spaced(code),
        "dashed": "-".join(code[at : at + 4] for at in range(0, 16, 4)),
        "cyrillic": "АСЕКХМНРТУ234567",
    }
    answer = Client().get("/ru/certificates/check/", {"code": typed.format(**forms)})
    if "«" in typed:
        assert Client().get(answer.url).status_code == 404
        return
    assert answer.url == f"/c/{code}?lang=ru"
    assert "Сертификат действителен" in Client().get(answer.url).text


@pytest.mark.parametrize("typed", ["", "   ", "---", "x" * 201, "a\x00b"])
def test_what_can_be_no_code_comes_back_at_its_field(typed):
    answer = Client().get("/kk/certificates/check/", {"code": typed})
    assert answer.status_code == 400
    assert "is-invalid" in answer.text


def test_codes_are_tidied_before_they_are_looked_up():
    assert tidy(" ABCD-efgh jkmn_pqrs ") == UNKNOWN
    assert is_well_formed(UNKNOWN)
    assert not any(is_well_formed(code) for code in (UNKNOWN[:-1], UNKNOWN + "a", "i" * 16, UNKNOWN + "\n", ""))
