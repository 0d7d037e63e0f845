"""Private files: whole on the disk or not there, sealed where few may read, gone when their time is over."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.utils import timezone, translation

from schools import files, registry, tasks, vault
from schools.forms.contact import PageForm
from schools.forms.files import MEGABYTE, PrivateFileField
from schools.handing_out import hand_out
from schools.models import AuditEntry, PrivateFile
from schools.states import PICTURES, FileKind
from tests import file_samples as samples
from tests import make

TODAY = date(2030, 4, 10)
OTHER_KEY = "another key of forty letters or more, of tests"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def upload(content: bytes = b"", name: str = "билет.pdf") -> files.Upload:
    return files.Upload(name, FileKind.PDF, content or samples.pdf())


def kept(cast, **how) -> PrivateFile:
    return files.keep(upload=upload(), owner=cast.librarian.person, actor=cast.librarian.actor, **how)


def on_disk() -> list[Path]:
    return sorted(path for path in (Path(django_settings.DATA_DIR) / "files").glob("*/*"))


def deeds() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


def test_what_is_kept_can_be_read_and_stands_in_the_ledger(cast):
    file = kept(cast)
    assert (file.name, file.kind, file.size, file.media_type) == (
        "билет.pdf",
        "pdf",
        len(samples.pdf()),
        "application/pdf",
    )
    assert files.read(file=file, actor=cast.hq.actor) == samples.pdf()
    assert deeds() == ["file.keep"], "an open file is read without a row"
    (path,) = on_disk()
    assert path.read_bytes() == samples.pdf()
    assert oct(path.stat().st_mode)[-3:] == "600"


def test_restricted_content_is_sealed_and_each_reading_names_reader_and_person(cast):
    file = kept(cast, restricted=True)
    (path,) = on_disk()
    assert samples.pdf()[:20] not in path.read_bytes()
    assert b"%PDF" not in path.read_bytes()
    for _time in range(2):
        assert files.read(file=file, actor=cast.hq.actor) == samples.pdf()
    rows = AuditEntry.objects.filter(verb="file.read").values_list("actor", "person", "subject_type", "subject_id")
    assert list(rows) == [(cast.hq.person.pk, cast.librarian.person.pk, "schools.privatefile", file.pk)] * 2


def test_sealed_content_opens_with_no_other_key_and_under_no_other_name(cast, settings):
    file, other = kept(cast, restricted=True), kept(cast, restricted=True)
    files.path_of(other.uid).write_bytes(files.path_of(file.uid).read_bytes())
    with pytest.raises(files.Gone):
        files.read(file=other, actor=cast.hq.actor)
    body = bytearray(files.path_of(file.uid).read_bytes())
    body[-1] ^= 1
    files.path_of(other.uid).write_bytes(bytes(body))
    with pytest.raises(vault.Unreadable):
        vault.unseal(bytes(body), name=file.uid)
    first = settings.FIELD_KEY
    settings.FIELD_KEY = OTHER_KEY
    with pytest.raises(files.Gone):
        files.read(file=file, actor=cast.hq.actor)
    settings.FIELD_KEY = f"{OTHER_KEY}, {first}"
    assert files.read(file=file, actor=cast.hq.actor) == samples.pdf()
    newer = kept(cast, restricted=True)
    settings.FIELD_KEY = OTHER_KEY
    assert files.read(file=newer, actor=cast.hq.actor) == samples.pdf(), "the first key writes"
    settings.FIELD_KEY = " "
    with pytest.raises(ImproperlyConfigured):
        files.read(file=newer, actor=cast.hq.actor)


def test_unread_content_leaves_no_row_of_a_reading(cast):
    file = kept(cast, restricted=True)
    files.path_of(file.uid).unlink()
    with pytest.raises(files.Gone):
        files.read(file=file, actor=cast.hq.actor)
    assert "file.read" not in deeds()


def test_a_dropped_file_leaves_a_row_without_content_or_name(cast, django_capture_on_commit_callbacks):
    file = kept(cast, restricted=True)
    with django_capture_on_commit_callbacks(execute=True):
        assert files.drop(file=file, actor=cast.librarian.actor) is True
        assert on_disk(), "until the deed is committed the content stays"
    assert on_disk() == []
    assert files.drop(file=file, actor=cast.librarian.actor) is False
    row = PrivateFile.objects.get(pk=file.pk)
    assert (row.is_gone, row.name, row.size) == (True, "", len(samples.pdf()))
    with pytest.raises(files.Gone):
        files.read(file=row, actor=cast.librarian.actor)
    assert deeds() == ["file.keep", "file.drop"]


@pytest.mark.parametrize(("day", "goes"), [(TODAY, False), (TODAY - timedelta(days=1), True), (None, False)])
def test_the_sweep_deletes_what_was_kept_long_enough(cast, day, goes, django_capture_on_commit_callbacks):
    kept(cast, delete_after=day)
    with django_capture_on_commit_callbacks(execute=True):
        assert files.sweep(today=TODAY) == goes
        assert files.sweep(today=TODAY) == 0, "a second sweep finds nothing"
    assert on_disk() == [] if goes else len(on_disk()) == 1
    assert deeds() == ["file.keep"] + ["file.drop"] * goes


def test_the_sweep_takes_what_crashes_left_behind_and_nothing_else(cast):
    living, dead, fresh = kept(cast), kept(cast), kept(cast)
    PrivateFile.objects.filter(pk=dead.pk).update(deleted_at=timezone.now(), name="")
    PrivateFile.objects.filter(pk=fresh.pk).update(deleted_at=timezone.now(), name="")
    stranger = files.path_of(living.uid).parent / "readme.txt"
    stranger.write_text("not ours")
    old = timezone.now().timestamp() - 25 * 3600
    for path in (files.path_of(living.uid), files.path_of(dead.uid), stranger):
        os.utime(path, (old, old))
    tasks.sweep_files()
    assert set(on_disk()) == {files.path_of(living.uid), files.path_of(fresh.uid), stranger}


def test_what_is_rolled_back_is_a_stray(cast):
    with transaction.atomic():
        kept(cast)
        transaction.set_rollback(True)
    assert (PrivateFile.objects.count(), len(on_disk())) == (0, 1)
    old = timezone.now().timestamp() - 25 * 3600
    os.utime(on_disk()[0], (old, old))
    files.sweep()
    assert on_disk() == []


def test_how_long_it_stays_can_move(cast):
    file = kept(cast, delete_after=TODAY)
    files.keep_until(file=file, day=TODAY + timedelta(days=30), actor=cast.hq.actor)
    files.keep_until(file=file, day=TODAY + timedelta(days=30), actor=cast.hq.actor)
    file.refresh_from_db()
    assert (file.delete_after, file.is_due(TODAY + timedelta(days=31)), deeds()) == (
        TODAY + timedelta(days=30),
        True,
        ["file.keep", "file.keep_until"],
    )


def test_papers_go_with_the_person_and_receipts_stay(cast):
    paper, receipt = kept(cast, restricted=True), kept(cast)
    with transaction.atomic():
        registry.erased.tell(person=cast.librarian.person, actor=cast.administrator.actor)
    gone = {file.pk: file.is_gone for file in PrivateFile.objects.all()}
    assert gone == {paper.pk: True, receipt.pk: False}


def test_files_follow_a_person_who_was_two_rows(cast):
    guest = make.person()
    file = files.keep(upload=upload(), owner=guest, actor=cast.librarian.actor)
    with transaction.atomic():
        registry.merged.tell(kept=cast.librarian.person, gone=guest, actor=cast.hq.actor)
    file.refresh_from_db()
    assert file.owner == cast.librarian.person


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "html"},
        {"size": 0},
        {"sha256": "x" * 64},
        {"name": ""},
        {"name": "a/b.pdf"},
        {"name": "a\\b.pdf"},
        {"name": ".htaccess"},
        {"deleted_at": "2030-04-10T00:00:00Z"},
    ],
    ids=str,
)
def test_the_database_holds_to_the_rules(cast, fault):
    file = kept(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        PrivateFile.objects.filter(pk=file.pk).update(**fault)


class OneFile(PageForm):
    file = PrivateFileField(label="file", megabytes=1)
    picture = PrivateFileField(label="picture", kinds=PICTURES, required=False)


def errors(**sent) -> dict[str, list[str]]:
    return OneFile({}, {name: samples.sent(*file) for name, file in sent.items()}).errors


def test_a_sound_file_comes_out_ready_to_keep():
    form = OneFile({}, {"file": samples.sent("../Шот.PDF", samples.pdf())})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"file": files.Upload("Шот.pdf", FileKind.PDF, samples.pdf()), "picture": None}


def test_what_is_wrong_is_said_at_the_field():
    right = ("a.pdf", samples.pdf())
    with translation.override("en"):
        assert errors() == {"file": ["This field is required."]}
        assert errors(file=("a.pdf", b"")) == {"file": ["The file is empty: choose another."]}
        assert errors(file=("a.pdf", b"x" * (MEGABYTE + 1))) == {"file": ["The file is larger than 1 MB."]}
        assert errors(file=right, picture=right) == {"picture": ["Here only these kinds are taken: JPEG, PNG, WEBP."]}
        assert errors(file=("a.pdf", samples.png())) == {
            "file": ["The name ends in .pdf, but the content is: PNG picture. Give it its right name."]
        }
        (sentence,) = errors(file=("a.pdf", b"<html>"))["file"]
        assert sentence.startswith("The content of the file is not a PDF")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_it_is_said_in_the_readers_language(language):
    with translation.override("en"):
        english = [errors(file=("a.pdf", b"<html>")), errors(file=("a.pdf", samples.png()))]
    with translation.override(language):
        own = [errors(file=("a.pdf", b"<html>")), errors(file=("a.pdf", samples.png()))]
    assert all(ours != theirs for ours, theirs in zip(own, english, strict=True))


def answer(cast, file: PrivateFile, query: str = ""):
    request = RequestFactory().get(f"/{query}")
    request.actor = cast.hq.actor
    return hand_out(request, file)


def test_it_is_handed_out_to_be_kept_by_nobody_on_the_way(cast):
    file = kept(cast)
    away, shown = answer(cast, file), answer(cast, file, "?show")
    assert away["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert shown["Content-Disposition"].startswith("inline;")
    for response in (away, shown):
        assert response.content == samples.pdf()
        assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
        assert response["Cache-Control"] == "private, no-store, max-age=0"


def test_a_document_is_never_shown_in_the_page(cast):
    table = files.Upload("a.xlsx", FileKind.XLSX, samples.xlsx())
    file = files.keep(upload=table, owner=cast.librarian.person, actor=cast.librarian.actor)
    assert answer(cast, file, "?show")["Content-Disposition"] == 'attachment; filename="a.xlsx"'
