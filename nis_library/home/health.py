"""Whether this process can do its work: what `/readyz` and the start command ask."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.cache import cache as default_cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from nis_library.celery import app

PATIENCE_S = 2
"""Seconds that the broker gets to answer: a probe must not hang longer than its caller waits."""


class NotReady(Exception):
    """Something that the portal stands on is missing; the text is one sentence for the operator."""


def database() -> None:
    """Raises NotReady unless the database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise NotReady(f"The database does not answer: {_first_line(error)}.") from error


def migrations() -> None:
    """Raises NotReady if the code is ahead of the tables."""
    waiting = waiting_migrations()
    if waiting:
        raise NotReady(f"{waiting} migrations are not applied: run «manage.py migrate».")


def shared_cache() -> None:
    """Raises NotReady unless the cache gives back what it was given."""
    try:
        default_cache.set("readyz", "1", 30)
        kept = default_cache.get("readyz") == "1"
    except Exception as error:
        raise NotReady(f"The cache does not answer: {_first_line(error)}.") from error
    if not kept:
        raise NotReady("The cache forgets what it is given.")


def broker() -> None:
    """Raises NotReady unless a message for the workers could be left now."""
    if not settings.REDIS_URL:
        folder = Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"]))
        if not folder.is_dir():
            raise NotReady(f"The folder of the queue, {folder}, is missing.")
        return
    try:
        with app.connection_for_write(connect_timeout=PATIENCE_S) as link:
            link.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE_S)
    except Exception as error:
        raise NotReady(f"Redis does not answer: {_first_line(error)}.") from error


_up_to_date: set[str] = set()

CHECKS: dict[str, Callable[[], None]] = {
    "database": database,
    "migrations": migrations,
    "cache": shared_cache,
    "broker": broker,
}


def failures() -> dict[str, str]:
    """Every check that fails, with its sentence; empty if all is well."""
    found: dict[str, str] = {}
    for name, check in CHECKS.items():
        if "database" in found and name == "migrations":
            continue  # it would only fail in the same way, after the same wait
        try:
            check()
        except NotReady as error:
            found[name] = str(error)
    return found


def waiting_migrations() -> int:
    """How many migrations of the code the tables do not have yet."""
    # Tables do not go back while this process lives, so the slow question is asked until the answer is none.
    database = str(connection.settings_dict["NAME"])
    if database in _up_to_date:
        return 0
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not waiting:
        _up_to_date.add(database)
    return waiting


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
