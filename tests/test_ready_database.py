"""Databases that begin migrated: never a stale one, and never too many kept."""

import os
import shutil

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tests.rooms import ROOT
from tests.services import ready_database


def test_what_a_kept_database_follows_from_is_every_migration():
    files = ready_database.sources()
    loader = MigrationLoader(None)
    assert len(loader.disk_migrations) > 80
    for app, name in loader.disk_migrations:
        assert [path for path in files if path.stem == name and path.parent.parent.name == app] != []
    assert ROOT / "schools/models/base.py" in files  # a migration takes a default from there


@pytest.mark.parametrize("change", ["a word in it", "another name", "one more", "one less"])
def test_a_changed_migration_is_not_served_by_an_old_database(tmp_path, change):
    folder = tmp_path / "courses" / "migrations"
    folder.mkdir(parents=True)
    for path in (ROOT / "courses/migrations").glob("0*.py"):
        shutil.copy(path, folder)
    last = max(folder.glob("0*.py"))
    before = ready_database.digest(sorted(folder.iterdir()), "postgresql", "15.18")
    assert ready_database.digest(sorted(folder.iterdir()), "postgresql", "15.18") == before
    if change == "a word in it":
        last.write_text(last.read_text() + "\n")
    elif change == "another name":
        last.rename(last.with_stem(f"{last.stem}_too"))
    elif change == "one more":
        shutil.copy(last, folder / "9999_last.py")
    else:
        last.unlink()
    assert ready_database.digest(sorted(folder.iterdir()), "postgresql", "15.18") != before
    assert ready_database.digest([], "postgresql", "15.18") != ready_database.digest([], "sqlite", "15.18")


def test_the_oldest_of_the_kept_databases_goes(tmp_path, monkeypatch):
    monkeypatch.setattr(ready_database, "KEPT", tmp_path)
    for number in range(ready_database.STATES + 2):
        (tmp_path / "half").touch()
        os.utime(tmp_path / "half", (number, number))
        ready_database._keep(tmp_path / "half", tmp_path / f"{number}.dump")
    (tmp_path / "0.sqlite3").touch()
    assert {path.name for path in tmp_path.iterdir()} == {"0.sqlite3", "2.dump", "3.dump", "4.dump"}


def test_the_database_of_the_tests_is_migrated_to_the_last(db):
    assert set(MigrationRecorder(connection).applied_migrations()) == set(MigrationLoader(None).disk_migrations)
