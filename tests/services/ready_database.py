"""Test databases that begin migrated: the migrations run once for each state of them, later starts copy.

What is kept stands in `build/test-databases/` under a name that follows from everything the tables follow from
(`digest`), so a changed migration makes a new one. Django's own `migrate` still runs on the copy and finds nothing
to do. SQLite keeps the file; PostgreSQL keeps a dump, if `pg_dump` is here, and a template in the cluster of the run.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from tests.services import postgres

KEPT = settings.BASE_DIR / "build" / "test-databases"
STATES = 3  # of each kind that are kept: one for the branch of today, and for those it is compared with
IMPORT = re.compile(r"^\s*(?:import|from) +([\w.]+)", re.MULTILINE)


def provide(connection: BaseDatabaseWrapper) -> None:
    """Let the test database of this process, which Django makes next, begin migrated. One process at a time."""
    with _locked():
        if connection.vendor == "postgresql":
            connection.settings_dict["TEST"]["TEMPLATE"] = _template(connection)
        else:
            _copy(connection)


def sources() -> list[Path]:
    """The files that the tables follow from: the migrations of every app, and what those import of the portal."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    migrations = {Path(sys.modules[row.__module__].__file__) for row in loader.disk_migrations.values()}
    named = {name for path in migrations for name in IMPORT.findall(path.read_text(encoding="utf-8"))}
    ours = (Path(sys.modules[name].__file__) for name in named if name in sys.modules and _is_ours(name))
    return sorted(migrations.union(ours))


def digest(files: Iterable[Path], *facts: object) -> str:
    """A name for the state of these files, their contents and the facts beside them (versions)."""
    said = hashlib.sha256(repr((django.__version__, *facts)).encode())
    for path in files:
        said.update(f"\0{path.parent.parent.name}/{path.name}\0".encode() + path.read_bytes())
    return said.hexdigest()[:20]


def _is_ours(name: str) -> bool:
    path = getattr(sys.modules[name], "__file__", None)
    return bool(path) and Path(path).is_relative_to(settings.BASE_DIR) and ".venv" not in Path(path).parts


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _name(connection: BaseDatabaseWrapper) -> str:
    """The key of what is kept: this module decides how it is made, so it belongs to it."""
    version = ".".join(map(str, connection.get_database_version()))
    return digest([*sources(), Path(__file__)], connection.vendor, version)


def _copy(connection: BaseDatabaseWrapper) -> None:
    """SQLite: the kept file under the name of the test database, which Django is told to keep (see conftest)."""
    kept, target = KEPT / f"{_name(connection)}.sqlite3", connection.settings_dict["TEST"]["NAME"]
    if not kept.exists():
        unfinished = kept.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        _migrate(connection, str(unfinished))
        _keep(unfinished, kept)
    kept.touch()
    shutil.copy(kept, target)


def _template(connection: BaseDatabaseWrapper) -> str:
    """PostgreSQL: the name of a template in the cluster of the run, made of the kept dump or by the migrations."""
    name = _name(connection)
    template, unfinished, dump = f"portal_{name}", f"portal_{name}_unfinished", KEPT / f"{name}.dump"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if cursor.fetchone():
            return template
        cursor.execute(f"DROP DATABASE IF EXISTS {unfinished}")
        cursor.execute(f"CREATE DATABASE {unfinished}")
    if dump.exists():
        _tool(connection, "pg_restore", "--exit-on-error", "--no-owner", "--dbname", unfinished, str(dump))
        dump.touch()
    else:
        _migrate(connection, unfinished)
        if postgres.program("pg_dump"):
            half = dump.with_suffix(".unfinished")
            _tool(connection, "pg_dump", "--format=custom", "--no-owner", "--file", str(half), unfinished)
            _keep(half, dump)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {unfinished} RENAME TO {template}")
    return template


def _tool(connection: BaseDatabaseWrapper, name: str, *words: str) -> None:
    """Run a program of PostgreSQL on the cluster of the run."""
    row = connection.settings_dict
    login = {"PGHOST": row["HOST"], "PGPORT": row["PORT"], "PGUSER": row["USER"], "PGPASSWORD": row["PASSWORD"]}
    environment = os.environ | {key: str(value) for key, value in login.items() if value}
    subprocess.run([str(postgres.program(name)), *words], env=environment, check=True)


def _migrate(connection: BaseDatabaseWrapper, name: str) -> None:
    """Run every migration on the database of this name, as Django does for a test database."""
    row, before = connection.settings_dict, connection.settings_dict["NAME"]
    connection.close()
    row["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False, database=connection.alias, run_syncdb=True)
        call_command("createcachetable", database=connection.alias)
    finally:
        connection.close()
        row["NAME"] = before


def _keep(unfinished: Path, kept: Path) -> None:
    """Keep a finished file, and let go of the oldest of its kind."""
    unfinished.rename(kept)
    for old in sorted(KEPT.glob(f"*{kept.suffix}"), key=lambda path: path.stat().st_mtime)[:-STATES]:
        old.unlink()
