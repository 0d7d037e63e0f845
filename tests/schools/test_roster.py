"""Importing a roster: what is read, what the dry run says, what is applied, and which files are turned away."""

import io
import time
import zipfile
from datetime import date, timedelta

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from schools import jobs, people, roles, roster, sheets
from schools.errors import Refused, Stale
from schools.forms import roster_rows
from schools.models import AuditEntry, Job, Mail, Membership, Person, RosterImport, User
from schools.roster import Kind
from schools.states import Role
from tests import make

DAY = timedelta(days=1)
HEAD = ["Тегі", "Аты", "Әкесінің аты", "E-mail", "Телефон", "Мектеп", "Лауазымы"]
NEW = ["Жаңа", "Адам", "", "New@example.kz", "8 701 123 45 67", "semey", ""]


def csv_of(*rows: list[str], head: list[str] = HEAD, delimiter: str = ";") -> bytes:
    return "\n".join(delimiter.join(row) for row in [head, *rows]).encode("utf-8-sig")


def xlsx_of(*rows: list[object], head: list[str] = HEAD) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([head, *rows]):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def read(content: bytes, cast: object, *, name: str = "roster.csv", who: str = "hq", since: date | None = None):
    entries = roster_rows.read_entries(sheets.read_table(name, content))
    return roster.keep(name=name, entries=entries, since=since or timezone.localdate(), actor=getattr(cast, who).actor)


def plans(content: bytes, cast: object, **more: object) -> list[tuple[Kind, dict, dict]]:
    who = more.get("who", "hq")
    found = roster.show(roster=read(content, cast, **more), actor=getattr(cast, who).actor)
    return [(one.kind, one.changes, one.errors) for one in found]


def row_of(member: object, school: str = "semey", **changes: str) -> list[str]:
    person = member.person
    values = {
        "surname": person.surname,
        "given": person.given_name,
        "patronymic": person.patronymic,
        "email": person.email,
        "phone": person.phone,
        "school": school,
        "post": "",
        **changes,
    }
    return list(values.values())


@pytest.mark.parametrize("make_file", [csv_of, xlsx_of])
def test_the_dry_run_tells_each_row_apart_and_changes_nothing(cast, make_file):
    name = "roster.xlsx" if make_file is xlsx_of else "roster.csv"
    before = (Person.objects.count(), Membership.objects.count(), AuditEntry.objects.count())
    content = make_file(
        NEW,
        row_of(cast.librarian),
        row_of(cast.colleague, phone="87010000000", post="head of library"),
        row_of(cast.stranger),
        row_of(cast.deputy, school="Атлантида", phone="12"),
    )
    with translation.override("en"):
        found = plans(content, cast, name=name)
    assert found == [
        (Kind.NEW, {}, {}),
        (Kind.SAME, {}, {}),
        (
            Kind.CHANGED,
            {"phone": ("", "+77010000000"), "post": ("senior_teacher_librarian", "library_head")},
            {},
        ),
        (Kind.TRANSFER, {"school": ("Алматы ХББ НЗМ", "Семей ФМБ НЗМ")}, {}),
        (
            Kind.ERROR,
            {},
            {
                "phone": "Write the phone as +7 7xx xxx xx xx.",
                "school": "No school has this code or name.",
            },
        ),
    ]
    assert (Person.objects.count(), Membership.objects.count(), AuditEntry.objects.count()) == before


def test_applying_does_what_was_shown_and_audits_each_row(cast, django_capture_on_commit_callbacks):
    content = csv_of(NEW, row_of(cast.librarian), row_of(cast.colleague, phone="87010000000"), row_of(cast.stranger))
    found = read(content, cast)
    added = roster.apply(roster=found, actor=cast.hq.actor)
    person = Person.objects.get(email="new@example.kz")
    assert added == [person]
    assert (person.phone, person.search_key) == ("+77011234567", "жана адам new@example.kz")
    assert User.objects.get(person=person).has_usable_password() is False
    cast.colleague.person.refresh_from_db()
    assert cast.colleague.person.phone == "+77010000000"
    today = timezone.localdate()
    work = Membership.objects.filter(person=cast.stranger.person).order_by("valid_from")
    assert list(work.values_list("school__code", "valid_to")) == [("almaty-chb", today - DAY), ("semey", None)]
    verbs = AuditEntry.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == [
        "person.add",
        "role.grant",
        "person.correct",
        "role.end",
        "person.transfer",
        "roster.apply",
    ]
    found.refresh_from_db()
    assert (found.rows, found.counts) == ([], {"new": 1, "same": 1, "changed": 1, "transfer": 1})
    with pytest.raises(Stale):
        roster.apply(roster=found, actor=cast.hq.actor)


def test_a_roster_with_an_error_is_applied_not_even_in_part(cast):
    found = read(csv_of(NEW, row_of(cast.librarian, school="?")), cast)
    with pytest.raises(Refused):
        roster.apply(roster=found, actor=cast.hq.actor)
    assert not Person.objects.filter(email="new@example.kz").exists()


def test_nothing_is_applied_but_what_was_shown(cast):
    found = read(csv_of(NEW), cast)
    people.add(data=people.PersonData(surname="Жаңа", given_name="Адам", email="new@example.kz"), actor=cast.hq.actor)
    with pytest.raises(Stale):
        roster.apply(roster=found, actor=cast.hq.actor)
    assert roster.show(roster=found, actor=cast.hq.actor)[0].kind == Kind.CHANGED
    assert roster.apply(roster=found, actor=cast.hq.actor) == []
    assert Membership.objects.filter(person__email="new@example.kz").count() == 1


def test_rows_that_reach_above_the_importer_are_errors(cast):
    rows = [row_of(cast.administrator, surname="Басқа"), row_of(cast.hq)]
    assert [kind for kind, _changes, _errors in plans(csv_of(*rows), cast)] == [Kind.ERROR, Kind.ERROR]
    kinds = [(kind, set(errors)) for kind, _changes, errors in plans(csv_of(*rows), cast, who="administrator")]
    assert kinds == [(Kind.ERROR, {"school"}), (Kind.CHANGED, set())]


def test_a_move_before_the_work_began_is_an_error(cast):
    (row,) = plans(csv_of(row_of(cast.stranger)), cast, since=make.LONG_AGO)
    assert (row[0], set(row[2])) == (Kind.ERROR, {"school"})


def test_an_empty_cell_and_a_missing_column_erase_nothing(cast):
    head = ["surname", "given name", "e-mail", "school", "phone"]
    people.correct(person=cast.librarian.person, values={"phone": "+77010000000"}, actor=cast.hq.actor)
    content = csv_of(["Сәрсенова", "Әлия", "librarian@example.kz", "semey", ""], head=head, delimiter=",")
    assert plans(content, cast) == [(Kind.SAME, {}, {})]


def test_a_repeated_address_and_bad_cells_are_told_at_their_cells(cast):
    rows = [
        NEW,
        ["Басқа", "Адам", "", "new@EXAMPLE.kz", "", "semey", ""],
        ["", "Адам", "", "not an address", "", "semey", "queen"],
        ["Ж\x07", "1", "", "x@example.kz", "", "", ""],
    ]
    found = plans(csv_of(*rows), cast)
    assert [set(errors) for _kind, _changes, errors in found] == [
        set(),
        {"email"},
        {"surname", "email", "post"},
        {"surname", "given_name", "school"},
    ]


def test_headings_and_words_in_any_language_and_numbers_as_telephones(cast):
    head = ["ФАМИЛИЯ *", "Имя", "Электронная почта", "Школа", "Должность", "Язык", "Телефон", "Примечание"]
    row = ["Иванова", "Анна", "anna@example.kz", "Семей ФМБ НЗМ", "teacher-librarian", "ru", 87011234567, "x"]
    found = read(xlsx_of(row, head=head), cast, name="r.xlsx")
    (entry,) = roster.entries_of(found)
    assert entry.errors == {}
    assert (entry.values["phone"], entry.values["language"], entry.values["school"]) == ("+77011234567", "ru", "semey")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        csv_of(),
        csv_of(NEW, head=["a", "b"]),
        "Тегі;Аты".encode("cp1251"),
        b'"unclosed;x\ny',
        csv_of(*[NEW] * (sheets.USUAL.rows + 1)),
        csv_of(["x" * (sheets.USUAL.text + 1)]),
        ";".join("a" * 9999).encode(),
    ],
    ids=["empty", "no-rows", "no-headings", "encoding", "unclosed", "too-many-rows", "long-cell", "too-many-columns"],
)
def test_tables_that_cannot_be_a_roster_are_refused(cast, content):
    with pytest.raises(Refused):
        read(content, cast)
    assert not RosterImport.objects.exists()


# -- hostile files ----------------------------------------------------------------------------------------------------


def workbook(sheet: str, *, shared: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    """A workbook with this XML as its only sheet, zipped as tightly as it goes."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{package}">'
        f'<Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}">'
        '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">'
        f'<Relationship Id="rId1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{rel}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{shared}</sst>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for name, body in (extra or {}).items():
            archive.writestr(name, body)
    return file.getvalue()


def data(rows: str) -> str:
    return f"<sheetData>{rows}</sheetData>"


CELL = '<c r="A1" t="inlineStr"><is><t>x</t></is></c>'
FAR = '<c r="XFD1048576"><v>1</v></c>'
REPEATED = '<row><c t="s"><v>0</v></c></row>' * 1900
HOSTILE = {
    "oversize": b"PK\x03\x04" + b"\0" * (sheets.USUAL.bytes + 1),
    "oversize-csv": b"a;" * sheets.USUAL.bytes,
    "bomb": workbook(data(CELL), extra={"xl/media/a.xml": b"<a>" + b" " * 60_000_000 + b"</a>"}),
    "bomb-in-sheet": workbook(data("<row><c><v>" + "1" * 60_000_000 + "</v></c></row>")),
    "sparse-cell": workbook(data(f'<row r="1">{CELL}</row><row r="1048576">{FAR}</row>')),
    "sparse-row": workbook(data(f'<row r="1">{CELL}</row><row r="1048576"><c><v>1</v></c></row>')),
    "sparse-column": workbook(data('<row r="1"><c r="ZZZ1"><v>1</v></c></row>')),
    "sparse-by-prefix": workbook(
        data(f'<row xmlns:x="x" r="1"><c x:r="A1" r="XFD9"><v>1</v></c></row><row r="2">{CELL}</row>')
    ),
    "unplaced-cells": workbook(data("<row>" + "<c/>" * 400_000 + "</row>")),
    "unplaced-rows": workbook(data("<row/>" * 500_000)),
    "endless-elements": workbook("<x/>" * 1_000_000 + data(CELL)),
    "long-shared-text": workbook(data(REPEATED), shared=f"<si><t>{'я' * 900_000}</t></si>"),
    "long-rich-text": workbook(data(REPEATED), shared=f"<si>{'<r><t>яяяяяяяяяя</t></r>' * 50_000}</si>"),
    "long-nested-text": workbook(data(REPEATED), shared=f"<si>{'<t>яяяяяяяяяя</t><c/><si/>' * 50_000}</si>"),
    "billion-laughs": workbook('<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">]>' + data("<row><c><v>&a;</v></c></row>")),
    "entity": workbook(data(CELL), extra={"xl/a.xml": b'<!DOCTYPE a [<!ENTITY a "x">]><a>&a;</a>'}),
    "many-parts": workbook(data(CELL), extra={f"xl/{n}.xml": b"<a/>" for n in range(500)}),
    "not-xml": workbook("<<<"),
    "truncated": workbook(data(CELL))[:-200],
    "only-a-zip": workbook(data(CELL)).replace(b"xl/workbook.xml", b"xl/walkbook.xml"),
    "legacy-xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096,
}


BROKEN = {"billion-laughs", "entity", "not-xml", "truncated", "only-a-zip"}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_within_a_second_by_the_guard_and_not_by_luck(name):
    began = time.process_time()
    with translation.override("en"), pytest.raises(Refused) as refusal:
        sheets.read_table("roster.csv" if name == "oversize-csv" else "roster.xlsx", HOSTILE[name])
    assert time.process_time() - began < 1
    if name.startswith("oversize"):
        reason = "The file is larger than 1 MB."
    elif name == "legacy-xls":
        reason = "Only XLSX and CSV files are read: save the table in one of these formats."
    elif name in BROKEN:
        reason = "This is not a readable XLSX file."
    else:
        reason = "The table is too large: at most 2000 rows, 30 columns and 500 characters in a cell."
    assert str(refusal.value) == reason


def test_the_harness_of_hostile_files_makes_readable_ones_too():
    rows = f'<row r="1">{CELL}</row><row r="2"><c r="B2"><v>87011234567</v></c></row>'
    assert sheets.read_table("a.xlsx", workbook(data(rows))) == [["x", ""], ["", "87011234567"]]
    shared = workbook(data('<row><c t="s"><v>0</v></c></row>'), shared="<si><r><t>а</t></r><r><t>б</t></r></si>")
    assert sheets.read_table("a.xlsx", shared) == [["аб"]]


def test_a_new_row_costs_its_two_audit_entries_and_no_query_more(cast):
    def queries(number: int) -> int:
        rows = [["Жаңа", "Адам", "", f"new{number}-{n}@example.kz", "", "semey", ""] for n in range(number)]
        found = read(csv_of(*rows), cast)
        with CaptureQueriesContext(connection) as log:
            roster.apply(roster=found, actor=cast.hq.actor)
        return len(log)

    assert queries(30) - queries(10) == 20 * 4


# -- pages ------------------------------------------------------------------------------------------------------------


def upload(member: object, content: bytes, name: str = "roster.csv", **more: str):
    form = {"file": SimpleUploadedFile(name, content), "since": timezone.localdate().isoformat(), **more}
    return member.client().post(reverse("schools:roster"), form)


def test_a_roster_goes_through_the_pages_and_invites_who_is_new(cast, django_capture_on_commit_callbacks):
    check = upload(cast.hq, csv_of(NEW)).url
    client = cast.hq.client()
    page = client.get(check).content.decode()
    assert "new@example.kz" in page
    response = client.post(f"{check}apply/", {"send": "on"})
    job = Job.objects.get(kind="invitations")
    assert response.url == reverse("schools:job", args=[job.uid])
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert list(Mail.objects.values_list("kind", "address")) == [("invitation", "new@example.kz")]
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 1, 1)


def test_without_the_tick_nobody_is_invited(cast):
    check = upload(cast.hq, csv_of(NEW)).url
    assert cast.hq.client().post(f"{check}apply/").url == reverse("schools:people")
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.csv"), (b"x", "roster.exe"), (b"PK\x03\x04", "roster.xlsx"), (b"a" * 1_100_000, "roster.csv")],
)
def test_a_bad_upload_gets_a_word_at_the_field(cast, content, name):
    response = upload(cast.hq, content, name)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["file"]


def test_an_upload_without_file_or_day_is_refused(cast):
    response = cast.hq.client().post(reverse("schools:roster"), {"since": "x"})
    assert set(response.context["form"].errors) == {"file", "since"}


def test_a_roster_is_seen_by_its_owner_only_and_set_aside(cast):
    check = upload(cast.hq, csv_of(NEW)).url
    assert cast.administrator.client().get(check).status_code == 404
    assert cast.administrator.client().post(f"{check}apply/").status_code == 404
    assert cast.librarian.client().get(check).status_code == 403
    cast.hq.client().post(f"{check}drop/")
    assert RosterImport.objects.get().rows == []
    assert cast.hq.client().get(check).status_code == 404
    assert not Person.objects.filter(email="new@example.kz").exists()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_dry_run_takes_the_same_queries_for_few_and_many(cast, django_assert_num_queries, rows):
    table = [["Жаңа", "Адам", "", f"new{n}@example.kz", "", "semey", ""] for n in range(rows)]
    table += [row_of(member) for member in (cast.librarian, cast.colleague)][: 1 + (rows > 1)]
    check = upload(cast.hq, csv_of(*table)).url
    client = cast.hq.client()
    client.get(check)
    with django_assert_num_queries(11):
        client.get(check)


def test_the_empty_table_can_be_filled_in_and_read_back(cast):
    content = cast.hq.client().get(reverse("schools:roster_empty")).content
    (head,) = sheets.read_table("r.xlsx", content)
    assert head[:4] == ["Тегі", "Аты", "Әкесінің аты", "Латынша аты"]
    assert (
        len(read(xlsx_of(["Жаңа", "Адам", "", "", "n@example.kz", "", "semey"], head=head), cast, name="x.xlsx").rows)
        == 1
    )


def test_librarians_of_a_transfer_by_roster_lose_what_they_led(cast):
    today = timezone.localdate()
    roles.grant(
        person=cast.stranger.person, role=Role.DEPUTY, school=cast.other_school, since=today - DAY, actor=cast.hq.actor
    )
    roster.apply(roster=read(csv_of(row_of(cast.stranger)), cast), actor=cast.hq.actor)
    deputy = Membership.objects.get(person=cast.stranger.person, role=Role.DEPUTY)
    assert deputy.valid_to == today - DAY


def test_a_roster_that_nobody_decided_on_is_forgotten_in_a_week(cast):
    old = read(csv_of(NEW), cast)
    read(csv_of(NEW), cast)
    RosterImport.objects.filter(pk=old.pk).update(created_at=timezone.now() - 8 * DAY)
    read(csv_of(NEW), cast)
    assert [row.is_open for row in RosterImport.objects.order_by("pk")] == [False, True, True]
    assert RosterImport.objects.get(pk=old.pk).rows == []


def test_an_account_without_a_person_imports_nothing(cast):
    root = make.client_of(User.objects.create_superuser("root@example.kz", make.PASSWORD))
    form = {"file": SimpleUploadedFile("r.csv", csv_of(NEW)), "since": "2026-09-01"}
    assert root.post(reverse("schools:roster"), form).status_code == 422
