"""A person's record: all years, the window against the target, and the document for attestation."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader

from courses import certificates, record
from courses.models import Certificate
from schools.models.norm import Norm
from tests import make
from tests.courses import rows

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HOSTILE = "#set page(fill: red)<script>Ә‮🦅 $x$"


def course_of(cast, ended, *, hours=16, state="completed", person=None, **fields):
    """A run of one day that the librarian took."""
    start = datetime(ended.year, ended.month, ended.day, 4, 0, tzinfo=UTC)
    run = rows.run(start=start, days=1, opens_at=None, course=rows.course(hours=hours, **fields))
    return rows.seats(run, [person or cast.librarian.person], school=cast.school, state=state)[0]


def test_years_hours_and_the_window(cast):
    for ended, hours in ((date(2026, 3, 2), 36), (date(2023, 11, 24), 24), (date(2023, 11, 23), 72)):
        course_of(cast, ended, hours=hours)
    course_of(cast, date(2026, 5, 4), hours=80, state="not_completed")
    course_of(cast, date(2026, 6, 1), state="confirmed")
    course_of(cast, date(2026, 12, 1), hours=40)
    row = record.of(cast.librarian.person, on=TODAY)
    assert [(year.year, year.hours, len(year.entries)) for year in row.years] == [(2026, 36, 2), (2023, 96, 2)]
    assert (row.since, row.window_hours, row.target, row.lacking) == (date(2023, 11, 24), 60, 80, 20)
    assert (row.courses, row.hours, row.certificates) == (3, 132, 0)
    Norm.objects.create(key="target_hours", value=50, valid_from=TODAY)
    assert record.of(cast.librarian.person, on=TODAY).lacking == 0


def test_a_course_bears_the_title_of_its_certificate(cast):
    seat = course_of(cast, date(2026, 3, 2), title_kk="Ескі атау")
    certificate = certificates.issue(enrolment=seat, actor=cast.hq.actor)
    seat.run.course.title_kk = "Жаңа атау"
    seat.run.course.save()
    assert record.of(cast.librarian.person, on=TODAY).years[0].entries[0].title == "Ескі атау"
    certificates.revoke(certificate=certificate, actor=cast.hq.actor, reason="Қате")
    entry = record.of(cast.librarian.person, on=TODAY).years[0].entries[0]
    assert (entry.title, entry.certificate) == ("Жаңа атау", None)


def test_the_own_page_and_that_of_a_colleague(cast):
    course_of(cast, date(2026, 3, 2), hours=37)
    with time_machine.travel(NOW):
        own = cast.librarian.client().get("/kk/record/").text
        assert ("37" in own, "мақсат: 80 сағат" in own) == (True, True)
        person = cast.librarian.person
        seen = cast.director.client().get(f"/kk/record/{person.uid}/").text
        assert person.full_name in seen
        linked = cast.director.client().get(f"/kk/people/{person.uid}/").text
        assert f"/kk/record/{person.uid}/" in linked


def test_what_the_reader_may_not_open_is_no_link(cast):
    """The director of the present school sees the record; an application made from another school stays shut."""
    seat = course_of(cast, date(2026, 3, 2))
    certificate = certificates.issue(enrolment=seat, actor=cast.hq.actor)
    seat.school = cast.other_school
    seat.save(update_fields=["school"])
    page = cast.director.client().get(f"/kk/record/{cast.librarian.person.uid}/").text
    assert certificate.number in page
    assert f"/applications/{seat.uid}/" not in page
    assert f"/certificates/{certificate.number}/" not in page


def document(cast, member, language, person=None):
    uid = (person or cast.librarian.person).uid
    return member.client().get(f"/kk/record/{uid}/{language}.pdf")


def read(answer):
    return PdfReader(BytesIO(answer.getvalue()))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", ("Біліктілікті арттыру туралы мәлімет", "2026 жылғы 23 қараша", "1 / 2")),
        ("ru", ("Сведения о повышении квалификации", "23 ноября 2026 г.", "1 / 2")),
        ("en", ("Record of professional development", "23 November 2026", "1 / 2")),
    ],
)
def test_the_document_has_a_day_pages_and_a_place_to_sign(cast, language, words):
    for year in range(2012, 2026):
        certificates.issue(enrolment=course_of(cast, date(year, 3, 2)), actor=cast.hq.actor)
    with time_machine.travel(NOW):
        answer = document(cast, cast.librarian, language)
        assert answer.getvalue() == document(cast, cast.hq, language).getvalue(), "the same day, the same bytes"
    pdf = read(answer)
    first = pdf.pages[0].extract_text()
    assert len(pdf.pages) == 2
    for word in (*words, "Сәрсенова Әлия Қайратқызы", f"Семей ФМБ НЗМ ({language})"):
        assert word in first
    assert Certificate.objects.latest("id").number in first
    assert "45" in pdf.pages[1].extract_text()
    assert f"record-2026-11-23-{language}.pdf" in answer["Content-Disposition"]
    assert pdf.trailer["/Root"]["/Lang"] == language
    assert b"pdfuaid" in pdf.trailer["/Root"]["/Metadata"].get_data()


def test_hostile_names_do_no_harm_in_the_document(cast):
    cast.librarian.person.surname = HOSTILE
    cast.librarian.person.save()
    course_of(cast, date(2026, 3, 2), title_kk=HOSTILE)
    with time_machine.travel(NOW):
        text = read(document(cast, cast.librarian, "kk")).pages[0].extract_text()
    assert text.count("#set page(fill: red)<script>Ә") >= 2
    assert "🦅" not in text


def test_an_empty_record_is_a_document_too(cast):
    text = read(document(cast, cast.stranger, "kk", cast.stranger.person)).pages[0].extract_text()
    assert "аяқталған курс жоқ" in text


def test_who_opens_the_record_of_another(cast):
    entered = {name for name, m in cast.everyone().items() if document(cast, m, "kk").status_code == 200}
    assert entered == {"librarian", "director", "deputy", "hq", "administrator", "auditor"}
    assert document(cast, cast.librarian, "de").status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_for_one_and_for_thirty(cast, django_assert_num_queries, count):
    for number in range(count):
        seat = course_of(cast, date(2025 - number % 10, 3, 2 + number % 20))
        certificates.issue(enrolment=seat, actor=cast.hq.actor)
    client = cast.librarian.client()
    with time_machine.travel(NOW), django_assert_num_queries(17):
        assert client.get("/kk/record/").status_code == 200


def sheet(run, member):
    return read(member.client().get(f"/kk/teaching/{run.uid}/sign-in-sheet.pdf"))


def test_the_sheet_to_sign_lists_names_in_kazakh_order(cast):
    run = rows.past_run(cast.trainer.person, host=cast.school)
    names = ("Әбілова", "Абаева", "Яковлева", "Ғалымова", "Қасымова", "Кәрімова", "Үсенова", "Уәлиева")
    rows.seats(run, [make.person(surname=name, given_name="А") for name in names], school=cast.school)
    pdf = sheet(run, cast.trainer)
    text = pdf.pages[0].extract_text()
    in_order = ("Абаева", "Әбілова", "Ғалымова", "Кәрімова", "Қасымова", "Уәлиева", "Үсенова", "Яковлева")
    assert sorted(in_order, key=text.index) == list(in_order)
    for meeting in run.meetings.all():
        assert f"{meeting.day:%d.%m.%Y}" in text
    assert "Иманбаев Дәурен" in text
    assert b"pdfuaid" in pdf.trailer["/Root"]["/Metadata"].get_data()


def test_many_people_and_many_meetings_take_more_sheets(cast):
    start = datetime(2026, 4, 6, 4, 0, tzinfo=UTC)
    run = rows.past_run(cast.trainer.person, start=start, days=14)
    rows.seats(run, [make.person(surname=HOSTILE), *make.librarians(cast.school, 120)])
    pdf = sheet(run, cast.hq)
    pages = [page.extract_text() for page in pdf.pages]
    assert len(pages) > 12
    assert "#set page(fill: red)" in "".join(pages)
    assert "Қол қою парағы" in pages[0]
    assert "06.04.2026" in pages[0]
    assert "19.04.2026" in pages[-1]
    assert all("Аты-жөні" in page for page in pages), "the head of the table stands on every page"
