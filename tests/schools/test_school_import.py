"""A file of schools: read, shown, written in the background, as often as one likes; and files meant to do harm."""

import csv
import io
import time

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from schools import audit, directory, jobs, reference, school_import, sheets
from schools.errors import Refused, Stale
from schools.forms import school_rows
from schools.models import AuditEntry, Job, School, SchoolImport
from schools.school_search import search_schools
from tests import make
from tests.schools.test_roster import HOSTILE

HEAD = ["Код", "Облыс", "Аудан", "Район", "Елді мекен", "Атауы", "Название", "Село/город"]
TWELVE = ["7012", "Алматы облысы", "Талғар", "Талгар", "Талғар", "№ 12 мектеп", "Школа № 12", "город"]
VILLAGE = ["", "KZ-10", "Абай", "", "Қайнар", "Қайнар мектебі", "", "ауыл"]
WRONG = ["", "Атлантида", "", "", "", "", "", "көл"]


@pytest.fixture(autouse=True)
def regions(cast):
    reference.load_regions()


def csv_of(*rows: list[str], head: list[str] = HEAD) -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows([head, *rows])
    return file.getvalue().encode()


def xlsx_of(*rows: list[object], head: list[str] = HEAD) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([head, *rows]):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def read(cast, content: bytes, name: str = "schools.csv") -> SchoolImport:
    rows = school_rows.read_rows(sheets.read_table(name, content, school_rows.LIMITS))
    return school_import.keep(name=name, entries=rows, actor=cast.hq.actor)


def write(cast, found: SchoolImport) -> Job:
    job = school_import.start(found=found, actor=cast.hq.actor)
    jobs.run(job.pk)
    job.refresh_from_db()
    found.refresh_from_db()
    return job


def kinds(found: SchoolImport) -> list[str]:
    return [one.kind for one in school_import.plans_of(found)]


def test_a_file_is_shown_written_and_found(cast):
    found = read(cast, csv_of(TWELVE, VILLAGE, WRONG))
    assert (kinds(found), School.objects.filter(kind="general").count()) == (["new", "new", "error"], 0)
    job = write(cast, found)
    assert (job.state, job.done, job.total) == ("done", 3, 3)
    twelve, village = search_schools("12 талғар")[0], search_schools("кайнар")[0]
    assert (twelve.external_code, twelve.region.iso, twelve.rural, twelve.source) == ("7012", "KZ-19", False, "import")
    assert (twelve.short_name(language="ru"), village.rural, village.city_kk) == ("Школа № 12", True, "Қайнар")
    assert [audit.history(school).get().verb for school in (twelve, village)] == ["school.add", "school.add"]
    assert found.applied_at
    assert [(row["number"], sorted(row["errors"])) for row in found.rows] == [(4, ["name_kk", "region", "rural"])]


def test_the_same_file_changes_nothing_again(cast):
    content = xlsx_of([7012, *TWELVE[1:]], VILLAGE)
    write(cast, read(cast, content, "schools.xlsx"))
    rows, entries = list(School.objects.values()), AuditEntry.objects.filter(verb__startswith="school.").count()
    again = read(cast, content, "schools.xlsx")
    assert (kinds(again), again.gone) == (["same", "same"], [])
    write(cast, again)
    assert list(School.objects.values()) == rows
    assert AuditEntry.objects.filter(verb__startswith="school.").count() == entries + 1


def test_changes_are_shown_and_written_and_empty_cells_erase_nothing(cast):
    write(cast, read(cast, csv_of(TWELVE, VILLAGE)))
    moved = ["7012", "KZ-10", "", "", "Есік", "№ 12 гимназия", "", ""]
    found = read(cast, csv_of(moved))
    (plan,) = school_import.plans_of(found)
    assert plan.changes == {
        "region": ["KZ-19", "KZ-10"],
        "city_kk": ["Талғар", "Есік"],
        "name_kk": ["№ 12 мектеп", "№ 12 гимназия"],
    }
    write(cast, found)
    (school,) = search_schools("12 гимназия есик")
    assert (school.region.iso, school.district_kk, school.short_name(language="ru")) == (
        "KZ-10",
        "Талғар",
        "Школа № 12",
    )


def test_schools_that_the_file_does_not_name_are_told_and_left_alone(cast):
    write(cast, read(cast, csv_of(TWELVE, VILLAGE)))
    found = read(cast, csv_of(["", "KZ-10", "Абай", "", "Талды", "Талды мектебі", "", ""]))
    village = search_schools("кайнар")[0]
    assert found.gone == [village.pk]
    write(cast, found)
    assert search_schools("кайнар") == [village]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (["", "область Абай", "АБАЙ", "", "Қайнар", "Кайнар  Мектебі", "", ""], "changed"),
        (["", "Abai Region", "Абай", "", "", "Қайнар мектебі", "", ""], "same"),
        (["", "KZ-10", "Абай", "", "Басқа", "Қайнар мектебі", "", ""], "changed"),
        (["", "KZ-10", "Жарма", "", "Қайнар", "Қайнар мектебі", "", ""], "new"),
        (["", "KZ-19", "Абай", "", "Қайнар", "Қайнар мектебі", "", ""], "new"),
        (["55", "KZ-10", "Абай", "", "Қайнар", "Қайнар мектебі", "", ""], "changed"),
    ],
)
def test_a_row_means_the_school_of_its_region_district_and_name(cast, row, kind):
    write(cast, read(cast, csv_of(VILLAGE)))
    assert kinds(read(cast, csv_of(row))) == [kind]


def test_two_schools_of_one_name_are_told_apart_by_settlement_or_code(cast):
    other = [*VILLAGE[:4], "Талды", *VILLAGE[5:]]
    found = read(cast, csv_of(VILLAGE, other, ["9", *VILLAGE[1:]]))
    assert kinds(found) == ["new", "new", "new"]
    write(cast, found)
    assert kinds(read(cast, csv_of(other, VILLAGE, ["9", *VILLAGE[1:]]))) == ["same", "same", "same"]


def test_repeated_rows_are_errors(cast):
    found = read(cast, csv_of(TWELVE, TWELVE, VILLAGE, VILLAGE))
    assert kinds(found) == ["new", "error", "new", "error"]


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("Алматы", "KZ-75"),
        ("г. Алматы", "KZ-75"),
        ("Алматы облысы", "KZ-19"),
        ("Алматинская обл.", "KZ-19"),
        ("алматинская", "KZ-19"),
        ("Almaty city", "KZ-75"),
        ("Түркістан", "KZ-61"),
        ("kz-61", "KZ-61"),
        ("Шымкент қаласы", "KZ-79"),
    ],
)
def test_a_region_is_known_by_any_of_its_names(cast, typed, iso):
    (row,) = school_rows.read_rows([["облыс", "мектеп"], [typed, "№ 1 мектеп"]])
    assert (row.values["region"], row.errors) == (iso, {})


def test_a_file_is_written_once_and_by_one_worker(cast):
    found = read(cast, csv_of(TWELVE))
    job = school_import.start(found=found, actor=cast.hq.actor)
    for deed in (school_import.start, school_import.drop):
        with pytest.raises(Stale):
            deed(found=found, actor=cast.hq.actor)
    jobs.run(job.pk)
    for deed in (school_import.start, school_import.drop):
        with pytest.raises(Stale):
            deed(found=found, actor=cast.hq.actor)


def test_nothing_is_written_but_what_was_shown(cast):
    found = read(cast, csv_of(VILLAGE))
    make.general_school("Қайнар мектебі", district_kk="Абай", city_kk="Қайнар")
    job = write(cast, found)
    assert (job.state, kinds(found), found.is_open) == ("failed", ["changed"], True)
    assert write(cast, found).state == "done"
    assert search_schools("кайнар")[0].rural is True


def test_a_worker_that_died_midway_loses_and_doubles_nothing(cast, monkeypatch):
    monkeypatch.setattr(school_import, "AT_ONCE", 2)
    rows = [["", "KZ-10", "Абай", "", "Қайнар", f"№ {n} мектеп", "", ""] for n in range(1, 6)]
    found = read(cast, csv_of(*rows))
    job, seen, advance = school_import.start(found=found, actor=cast.hq.actor), [], jobs.advance

    def stop(job, done, total=0, stage=""):
        seen.append(done)
        if done >= 2:
            raise jobs.Cancelled
        advance(job, done, total, stage)

    monkeypatch.setattr(jobs, "advance", stop)
    jobs.run(job.pk)
    monkeypatch.setattr(jobs, "advance", advance)
    assert School.objects.filter(source="import").count() == 2
    found.refresh_from_db()
    assert write(cast, found).state == "done"
    assert School.objects.filter(source="import").count() == 5


def test_who_lost_the_role_writes_nothing(cast):
    found = read(cast, csv_of(TWELVE))
    job = school_import.start(found=found, actor=cast.hq.actor)
    cast.hq.person.memberships.update(valid_to=make.LONG_AGO)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, School.objects.filter(source="import").count()) == ("failed", 0)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_within_a_second(name):
    content = HOSTILE[name] * (5 if name.startswith("oversize") else 1)
    began = time.process_time()
    file_name = "a.csv" if name == "oversize-csv" else "a.xlsx"
    with translation.override("en"), pytest.raises(Refused):
        school_rows.read_rows(sheets.read_table(file_name, content, school_rows.LIMITS))
    assert time.process_time() - began < 1


@pytest.mark.slow
def test_the_whole_country_is_read_within_seconds(cast):
    rows = [
        [str(n), "KZ-10", f"Аудан {n % 30}", f"Район {n % 30}", "Ауыл", f"№ {n} мектеп", f"Школа {n}", "ауыл"]
        for n in range(7690)
    ]
    content = xlsx_of(*rows)
    began = time.process_time()
    found = read(cast, content, "schools.xlsx")
    assert time.process_time() - began < 15
    assert found.counts == {"new": 7690}
    job = write(cast, found)
    assert (job.state, School.objects.filter(source="import").count()) == ("done", 7690)


# -- pages ------------------------------------------------------------------------------------------------------------


def upload(cast, content: bytes, name: str = "schools.csv"):
    return cast.hq.client().post(reverse("schools:school_imports"), {"file": SimpleUploadedFile(name, content)})


def test_a_file_goes_through_the_pages(cast):
    answer = upload(cast, csv_of(TWELVE, WRONG))
    client, check = cast.hq.client(), answer.url
    page = client.get(check).text
    assert "№ 12 мектеп" in page
    assert "Атлантида" in page
    job = Job.objects.get(kind="school_import") if client.post(f"{check}apply/") else None
    jobs.run(job.pk)
    assert check in client.get(reverse("schools:job", args=[job.uid])).text
    after = client.get(check).text
    assert "Атлантида" in after
    assert "№ 12 мектеп" not in after
    assert client.post(f"{check}apply/").url == reverse("schools:school_imports")


@pytest.mark.parametrize("kind", ["new", "error", "gone", "nothing"])
def test_the_dry_run_is_shown_by_kind(cast, kind):
    make.general_school("Жоғалған мектеп")
    check = upload(cast, csv_of(VILLAGE, WRONG)).url
    page = cast.hq.client().get(check, {"kind": kind}).text
    shown = ["Қайнар" in page, "Атлантида" in page, "Жоғалған" in page]
    assert (
        shown
        == {
            "new": [True, False, False],
            "error": [False, True, False],
            "gone": [False, False, True],
            "nothing": [True, True, False],
        }[kind]
    )


def test_a_file_is_set_aside(cast):
    check = upload(cast, csv_of(TWELVE)).url
    assert cast.hq.client().post(f"{check}drop/").status_code == 302
    assert cast.hq.client().get(check).status_code == 404
    assert School.objects.filter(source="import").count() == 0


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2", csv_of(), HOSTILE["bomb"], HOSTILE["oversize"] * 5])
def test_what_is_no_table_of_schools_is_refused_at_the_field(cast, content):
    answer = upload(cast, content)
    assert (answer.status_code, SchoolImport.objects.count()) == (422, 0)
    assert "invalid-feedback" in answer.text


def test_the_dry_run_of_others_is_not_to_be_seen(cast):
    check = upload(cast, csv_of(TWELVE)).url
    assert cast.administrator.client().get(check).status_code == 404


def test_the_dry_run_costs_as_many_queries_for_thirty_rows_as_for_one(cast, django_assert_num_queries):
    rows = [["", "KZ-10", "Абай", "", "Қайнар", f"№ {n} мектеп", "", ""] for n in range(1, 31)]
    for n in (1, 30):
        directory.add_school(
            values={"region": make.region(), "name_kk": f"№ {n} мектеп", "district_kk": "Абай", "city_kk": "Қайнар"},
            actor=cast.hq.actor,
        )
        check, client = upload(cast, csv_of(*rows[:n])).url, cast.hq.client()
        with django_assert_num_queries(7):
            client.get(check)
