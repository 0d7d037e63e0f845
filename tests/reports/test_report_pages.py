"""Reports in a browser: building, reading, opening a figure, taking files away."""

import csv
import io

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from nis_library.reports import build
from nis_library.reports.models import YearlyReport
from nis_library.reports.states import JOB_KIND
from schools import jobs
from schools.models import AuditEntry, Job
from tests.reports.test_reports import YEAR, built, finished, year  # noqa: F401

pytestmark = pytest.mark.django_db


def test_hq_builds_and_watches(cast, year):  # noqa: F811
    client = cast.hq.client()
    assert client.get("/kk/reports/").status_code == 200
    answer = client.post("/kk/reports/", {"kind": "calendar", "year": "2024"})
    job = Job.objects.get(kind=JOB_KIND)
    assert answer.url == f"/kk/jobs/{job.uid}/"
    jobs.run(job.pk)
    shown = client.get(f"/kk/reports/job/{job.uid}/")
    assert shown.url == f"/kk/reports/{YearlyReport.objects.get().uid}/"
    page = client.get(shown.url).text
    assert "Семей ФМБ НЗМ" in page
    assert page.count('<section class="card') >= 10


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "lunar", "year": "2024"},
        {"kind": "calendar", "year": "1999"},
        {"kind": "calendar", "year": "x" * 5000},
        {"kind": "academic", "year": "2999"},
    ],
)
def test_bad_years_are_answered_at_their_field(cast, data):
    answer = cast.hq.client().post("/kk/reports/", data)
    assert answer.status_code == 422
    assert "is-invalid" in answer.text
    assert not Job.objects.exists()


def test_others_cannot_build_by_an_edited_form(cast):
    for member in (cast.auditor, cast.director, cast.finance):
        assert member.client().post("/kk/reports/", {"kind": "calendar", "year": "2024"}).status_code == 403
    assert not Job.objects.exists()


def test_a_figure_opens_its_rows_and_reading_is_written_down(cast, year):  # noqa: F811
    report = built(cast)
    page = cast.auditor.client().get(f"/kk/reports/{report.uid}/rows/?school=almaty-chb").text
    assert "Ермекова" in page
    assert "Сәрсенова" not in page
    entry = AuditEntry.objects.get(verb="report.read_rows")
    assert entry.actor == cast.auditor.person


def test_a_director_opens_the_own_school_alone(cast, year):  # noqa: F811
    report = built(cast)
    client = cast.director.client()
    assert client.get(f"/kk/reports/{report.uid}/rows/?school=semey").status_code == 200
    for query in ("", "?school=almaty-chb", "?topic=reading", "?school="):
        assert client.get(f"/kk/reports/{report.uid}/rows/{query}").status_code == 403


def test_changed_rows_are_refused(cast, year):  # noqa: F811
    report = built(cast)
    path = build.folder() / report.rows_name
    path.write_bytes(path.read_bytes()[:-9])
    answer = cast.hq.client().get(f"/kk/reports/{report.uid}/rows/")
    assert answer.status_code == 409
    YearlyReport.objects.update(rows_sha256="0" * 64)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_files_say_the_same_in_each_language(cast, year, language):  # noqa: F811
    report = built(cast)
    client = cast.hq.client()

    def fetch(kind):
        answer = client.get(f"/{language}/reports/{report.uid}/file.{kind}")
        assert answer["Cache-Control"] == "private, no-store"
        return answer.content

    book = CalamineWorkbook.from_filelike(io.BytesIO(fetch("xlsx")))
    sheet = book.get_sheet_by_index(0).to_python()
    lines = list(csv.reader(io.StringIO(fetch("csv").decode("utf-8-sig")), delimiter=";"))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(fetch("pdf"))).pages)
    assert [row[1] for row in sheet[3:9]] == [2, 62, 3, 2, 1, 2]
    assert [line[1] for line in lines[4:10]] == ["2", "62", "3", "2", "1", "2"]
    assert lines[3][0] in text


def test_a_name_like_a_formula_stays_text(cast, year):  # noqa: F811
    cast.school.names.update(short_kk='=HYPERLINK("http://example.kz")')
    report = built(cast)
    client = cast.hq.client()
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"/kk/reports/{report.uid}/file.xlsx").content))
    cells = [row[0] for row in book.get_sheet_by_index(1).to_python()]
    assert '=HYPERLINK("http://example.kz")' in cells
    lines = client.get(f"/kk/reports/{report.uid}/file.csv").content.decode("utf-8-sig")
    assert "\"'=HYPERLINK" in lines


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(cast, django_assert_num_queries, count):
    for number in range(count):
        YearlyReport.objects.create(
            kind="calendar", year=2020, issue=number + 1, figures={}, rows_count=0, built_by=cast.hq.person
        )
    client = cast.hq.client()
    with django_assert_num_queries(6):
        assert client.get("/kk/reports/").text.count('scope="row"') == count


def test_an_unknown_kind_of_file_is_404(cast, year):  # noqa: F811
    report = built(cast)
    for kind in ("exe", "xlsx/", "../etc"):
        assert cast.hq.client().get(f"/kk/reports/{report.uid}/file.{kind}").status_code == 404
