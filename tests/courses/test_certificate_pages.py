"""Certificates in a browser: giving, downloading, revoking, correcting, and the letters about it."""

import subprocess
from io import BytesIO

import pytest
import zxingcpp
from pypdf import PdfReader

from courses import certificate_pdf, certificates
from courses.models import Certificate
from courses.states import CertificateState
from schools import mailing
from schools.models import AuditEntry, Mail
from tests import make
from tests.courses import rows

pytestmark = pytest.mark.django_db
HOSTILE = "#set page(fill: red)<script>'\"\\ Ә‮🦅 $x$ *a* `b`"


@pytest.fixture
def run(cast):
    return rows.past_run(cast.trainer.person)


@pytest.fixture
def seat(cast, run):
    return rows.seats(run, [cast.librarian.person], school=cast.school, state="completed")[0]


@pytest.fixture
def certificate(cast, seat):
    return certificates.issue(enrolment=seat, actor=cast.hq.actor)


def url(certificate, part=""):
    return f"/kk/certificates/{certificate.number}/{part}"


def pdf_of(answer):
    return PdfReader(BytesIO(answer.getvalue()))


def test_one_is_given_from_the_page_of_the_run(cast, run, seat):
    client = cast.hq.client()
    answer = client.post(f"/kk/applications/{seat.uid}/certificate/")
    assert answer.url == f"/kk/teaching/{run.uid}/certificates/"
    certificate = Certificate.objects.get()
    assert certificate.number in client.get(answer.url).text
    assert client.post(f"/kk/applications/{seat.uid}/certificate/").status_code == 302
    assert Certificate.objects.count() == 1


def test_nobody_gets_one_without_having_completed(cast, run):
    seat = rows.seats(run, [cast.librarian.person], school=cast.school)[0]
    answer = cast.hq.client().post(f"/kk/applications/{seat.uid}/certificate/")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_the_holder_gets_one_letter_in_the_own_language_with_a_link(cast, seat):
    person = cast.librarian.person
    person.language = "ru"
    person.save(update_fields=["language"])
    certificate = certificates.issue(enrolment=seat, actor=cast.hq.actor)
    certificates.issue(enrolment=seat, actor=cast.hq.actor)
    mail = Mail.objects.get()
    assert (mail.kind, mail.language, mail.person, mail.dedupe_key) == (
        "certificate",
        "ru",
        person,
        f"certificate:{certificate.pk}:issued",
    )
    assert "Ваш сертификат готов" in mail.subject
    assert f"http://testserver/ru/certificates/{certificate.number}/" in text_of(mail)


def text_of(mail):
    parts = mailing.parts_of(bytes(mail.message))
    return parts.text + parts.html


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_document_comes_in_the_language_that_the_holder_chooses(cast, certificate, language):
    answer = cast.librarian.client().get(url(certificate, f"{language}.pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert f'filename="certificate-{certificate.number}-{language}.pdf"' in answer["Content-Disposition"]
    text = pdf_of(answer).pages[0].extract_text()
    assert "Сәрсенова Әлия Қайратқызы" in text
    assert f"({language})" in text


@pytest.mark.parametrize("order", range(3))
def test_a_camera_reads_the_address_of_the_check_from_the_document(cast, seat, order, tmp_path):
    """The page as pixels, coarse as a phone sees a whole sheet; codes are random, so there are some of them."""
    certificate = certificates.issue(enrolment=seat, actor=cast.hq.actor)
    (tmp_path / "page.pdf").write_bytes(certificate_pdf.render(certificate, language="kk"))
    subprocess.run(["pdftoppm", "-gray", "-r", "110", "-singlefile", "page.pdf", "page"], cwd=tmp_path, check=True)
    _kind, width, height, _white, pixels = (tmp_path / "page.pgm").read_bytes().split(maxsplit=4)
    picture = memoryview(pixels).cast("B", shape=[int(height), int(width)])
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [f"http://testserver/c/{certificate.code}"]


def test_the_documents_say_what_they_are_to_screen_readers(cast, certificate):
    document = pdf_of(cast.librarian.client().get(url(certificate, "kk.pdf")))
    meta = document.metadata
    assert certificate.number in meta.title
    assert document.trailer["/Root"]["/Lang"] == "kk"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"].value
    assert b"pdfuaid" in document.trailer["/Root"]["/Metadata"].get_data()


def test_a_hostile_name_is_printed_as_it_can_be_and_does_nothing(cast, seat):
    person = cast.librarian.person
    person.surname = HOSTILE
    person.save(update_fields=["surname"])
    certificate = certificates.issue(enrolment=seat, actor=cast.hq.actor)
    text = pdf_of(cast.librarian.client().get(url(certificate, "kk.pdf"))).pages[0].extract_text()
    assert "#set page(fill: red)<script>" in text.replace("\n", " ")
    assert "Ә" in text
    assert "🦅" not in text


def test_the_list_of_the_holder_offers_documents_of_what_is_valid(cast, certificate, run):
    client = cast.librarian.client()
    assert client.get("/kk/certificates/").text.count(".pdf") == 3
    certificates.revoke(certificate=certificate, actor=cast.hq.actor, reason="Қате")
    page = client.get("/kk/certificates/").text
    assert ".pdf" not in page
    assert certificate.number in page
    assert client.get(url(certificate, "kk.pdf")).status_code == 404
    assert "Қате" in client.get(url(certificate)).text


def test_who_opens_a_document(cast, certificate):
    entered = {
        name
        for name, member in cast.everyone().items()
        if member.client().get(url(certificate, "kk.pdf")).status_code == 200
    }
    assert entered == {"librarian", "director", "deputy", "hq", "administrator", "auditor"}


def test_revoking_asks_for_a_reason_and_tells_the_holder(cast, certificate):
    client = cast.hq.client()
    Mail.objects.all().delete()
    assert client.post(url(certificate, "revoke/"), {"reason": ""}).status_code == 422
    long = client.post(url(certificate, "revoke/"), {"reason": "ұ" * 2001})
    assert (long.status_code, "ұ" * 2001 in long.text) == (422, True)
    assert client.post(url(certificate, "revoke/"), {"reason": "Сағат саны қате"}).url == url(certificate)
    certificate.refresh_from_db()
    assert certificate.state == CertificateState.REVOKED
    assert AuditEntry.objects.get(verb="certificate.revoke").values.note == "Сағат саны қате"
    assert "Сағат саны қате" in text_of(Mail.objects.get())
    again = client.post(url(certificate, "revoke/"), {"reason": "Тағы"})
    assert (again.status_code, "Тағы" in again.text) == (422, True)


def test_correcting_gives_a_new_one_and_takes_back_the_letter_about_the_old(cast, certificate):
    person = cast.librarian.person
    person.surname = "Сарсенова"
    person.save(update_fields=["surname"])
    answer = cast.hq.client().post(url(certificate, "reissue/"), {"reason": "Тегі түзетілді"})
    new = Certificate.objects.get(state=CertificateState.VALID)
    assert (answer.url, new.holder, new.supersedes) == (url(new), "Сарсенова Әлия Қайратқызы", certificate)
    assert dict(Mail.objects.values_list("subject", "state")) == {
        f"Сертификатыңыз дайын: {certificate.number}": "superseded",
        f"Сертификатыңыз түзетілді: {new.number}": "queued",
    }
    assert new.number in cast.hq.client().get(url(certificate)).text


def test_one_that_was_revoked_is_not_given_back_by_the_batch_but_can_be_by_hand(cast, run, seat, certificate):
    certificates.revoke(certificate=certificate, actor=cast.hq.actor, reason="Қате")
    client = cast.hq.client()
    assert client.post(f"/kk/teaching/{run.uid}/certificates/issue/").status_code == 422
    client.post(f"/kk/applications/{seat.uid}/certificate/")
    assert list(Certificate.objects.order_by("id").values_list("state", flat=True)) == ["revoked", "valid"]


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(cast, django_assert_num_queries, count):
    for _ in range(count):
        seat = rows.seats(rows.past_run(cast.trainer.person), [cast.librarian.person], state="completed")[0]
        certificates.issue(enrolment=seat, actor=cast.hq.actor)
    client = cast.librarian.client()
    with django_assert_num_queries(4):
        assert client.get("/kk/certificates/").text.count(".pdf") == 3 * count


def test_a_school_of_a_certificate_keeps_its_name_of_that_day(cast, certificate):
    cast.school.names.update(official_kk="Жаңа атау")
    assert "Жаңа атау" not in cast.librarian.client().get(url(certificate)).text
    assert make.school(name="Жаңа атау").official_name() == "Жаңа атау (kk)"
