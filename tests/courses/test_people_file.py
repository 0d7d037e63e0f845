"""The people of a run as a workbook: what stands in it, that it is inert, and that taking it away is written down."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from courses.models import Run
from courses.states import EnrolmentState as S
from schools import workbooks
from schools.models import AuditEntry, AuditValues, Person
from tests import make
from tests.courses import rows

pytestmark = pytest.mark.django_db
FORMULAS = ("=1+1", "+77011234567", "-1", "@SUM(A1)", "\t=1", "http://x.example", '=HYPERLINK("http://x")', "007")
QUERIES = 11
HEADS = ["Аты-жөні", "Мектеп", "Лауазымы", "Электрондық пошта", "Телефон", "Өтінім нөмірі", "Мәртебе"]


@pytest.fixture
def run(cast) -> Run:
    run = rows.past_run(cast.trainer.person, course=rows.course(title_kk="Оқу", final_assessment=True))
    Person.objects.filter(pk=cast.librarian.person.pk).update(phone="+77011234567")
    rows.seats(run, [cast.librarian.person], school=cast.school, assessment="passed", state=S.COMPLETED)
    rows.attend(rows.seats(run, [cast.colleague.person], school=cast.school))
    rows.seats(run, [cast.stranger.person], school=cast.other_school, state=S.WAITING)
    return run


def table(answer) -> list[list[object]]:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == workbooks.CONTENT_TYPE
    assert answer.headers["Cache-Control"] == "private, no-store"
    return CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def test_the_trainer_takes_away_who_takes_part_by_name_with_hours_and_result(cast, run):
    answer = cast.trainer.client().get(f"/kk/teaching/{run.uid}/people.xlsx")
    title, _blank, heads, *people = table(answer)
    assert title[0].startswith("Оқу · ")
    assert heads == [*HEADS, "Қатысқан сағаты", "Осы күнге дейін өткізілген сағат", "Қорытынды бағалау", "Нәтиже"]
    school = cast.school.short_name(on=run.starts_on)
    assert people == [
        [
            cast.colleague.person.full_name,
            school,
            "Аға педагог-кітапханашы",
            "colleague@example.kz",
            "",
            2,
            "Расталды",
            16,
            16,
            "",
            "",
        ],
        [
            *(
                cast.librarian.person.full_name,
                school,
                "Педагог-кітапханашы",
                "librarian@example.kz",
                "+7 701 123 45 67",
                1,
            ),
            *("Орны бар", 0, 16, "Өтті", "Аяқталды"),
        ],
    ]
    name = f"people-{run.starts_on:%Y-%m-%d}-{run.uid}-kk.xlsx"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_organisers_take_away_everybody_in_order_of_number_in_the_language_of_the_page(cast, run):
    people = table(cast.hq.client().get(f"/ru/organise/runs/{run.uid}/people.xlsx"))[3:]
    assert [(row[5], row[6]) for row in people] == [
        (1, "Есть место"),
        (2, "Подтверждено"),
        (3, "В листе ожидания"),
    ]
    assert people[2][0] == cast.stranger.person.full_name


@pytest.mark.parametrize("path", ["teaching", "organise/runs"])
def test_the_ledger_keeps_who_took_how_many_peoples_data_away(cast, run, path):
    cast.hq.client().get(f"/kk/{path}/{run.uid}/people.xlsx")
    entry = AuditEntry.objects.get(verb="run.export_people")
    assert (entry.actor, entry.subject_id) == (cast.hq.person, run.pk)
    assert AuditValues.objects.get(entry=entry).values == {"people": [None, 2 if path == "teaching" else 3]}


def test_who_may_not_open_the_roster_gets_no_file_and_leaves_no_line(cast, run):
    for member in (cast.librarian, cast.director, cast.finance, cast.auditor):
        assert member.client().get(f"/kk/teaching/{run.uid}/people.xlsx").status_code == 404
        assert member.client().get(f"/kk/organise/runs/{run.uid}/people.xlsx").status_code == 403
    assert cast.trainer.client().get(f"/kk/organise/runs/{run.uid}/people.xlsx").status_code == 403
    assert cast.trainer.client().post(f"/kk/teaching/{run.uid}/people.xlsx").status_code == 405
    assert not AuditEntry.objects.filter(verb="run.export_people").exists()


@pytest.mark.parametrize("text", FORMULAS)
def test_whatever_a_text_begins_with_it_stays_text(text):
    body = workbooks.one_table(name=text, title=text, heads=[text], rows=[[text]])
    with ZipFile(BytesIO(body)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"<hyperlink" not in sheet
        assert b"<v>7</v>" not in sheet
        assert "xl/worksheets/_rels/sheet1.xml.rels" not in parts.namelist()
    title, _blank, heads, row = CalamineWorkbook.from_filelike(BytesIO(body)).get_sheet_by_index(0).to_python()
    assert [title, heads, row] == [[text]] * 3


@pytest.mark.parametrize("name", ["", "'", "a/b:c*[d]?", "ұ" * 80])
def test_any_name_makes_a_sheet(name):
    assert CalamineWorkbook.from_filelike(BytesIO(workbooks.one_table(name=name, heads=["x"])))


def test_the_pages_lead_to_the_files_and_one_without_people_does_not(cast, run):
    assert f'href="/kk/teaching/{run.uid}/people.xlsx"' in cast.trainer.client().get(f"/kk/teaching/{run.uid}/").text
    client, empty = cast.hq.client(), rows.run()
    assert "people.xlsx" in client.get(f"/kk/organise/runs/{run.uid}/").text
    assert "people.xlsx" not in client.get(f"/kk/organise/runs/{empty.uid}/").text
    assert len(table(client.get(f"/kk/organise/runs/{empty.uid}/people.xlsx"))) == 3


@pytest.mark.parametrize("number", [1, 30])
def test_the_file_costs_the_same_for_one_and_for_thirty(cast, django_assert_num_queries, number):
    run, client = rows.past_run(cast.trainer.person), cast.trainer.client()
    for _ in range(number):
        rows.seats(run, [make.person()], school=make.school())
    client.get(f"/kk/teaching/{run.uid}/")
    with django_assert_num_queries(QUERIES):
        client.get(f"/kk/teaching/{run.uid}/people.xlsx")
