"""The portal's three processes as command lines, the same on a laptop, in a container and in the tests."""

import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

WEB, WORKER, BEAT = "web", "worker", "beat"
ROLES = (WEB, WORKER, BEAT)
THREADS = 8
"""Threads of a web process: pages wait for the database more than they compute."""


def command(role: str) -> list[str]:
    """The command line of a role. Raises KeyError for an unknown one."""
    commands: dict[str, Callable[[], list[str]]] = {WEB: web, WORKER: worker, BEAT: beat}
    return commands[role]()


def web(*, bind: str = "", workers: int = 0, threads: int = THREADS) -> list[str]:
    """gunicorn with threads. It writes no access log: the portal's own line names the route and no secret."""
    return [
        *(sys.executable, "-m", "gunicorn", "nis_library.wsgi"),
        *("--bind", bind or f"{settings.BIND}:{settings.PORT}"),
        *("--workers", str(workers or settings.WEB_CONCURRENCY)),
        *("--worker-class", "gthread", "--threads", str(threads)),
        *("--timeout", "60", "--graceful-timeout", "5", "--keep-alive", "5"),
        *("--max-requests", "5000", "--max-requests-jitter", "500"),
        *("--log-level", "warning", "--no-control-socket"),
    ]


def worker(*, name: str = "worker") -> list[str]:
    """A Celery worker: processes on PostgreSQL under Linux, two threads where one file or macOS forbids forks.

    SQLite has one writer, so more would only wait; two, so that a reminder does not wait for a yearly report.
    """
    forks = connection.vendor != "sqlite" and sys.platform != "darwin"
    pool = ["--pool", "prefork"] if forks else ["--pool", "threads"]
    return [
        *(sys.executable, "-m", "celery", "-A", "nis_library", "--quiet", "worker", "--hostname", f"{name}@%h"),
        *(*pool, "--concurrency", str(settings.WORKER_CONCURRENCY)),
        *("--loglevel", "INFO", "--without-mingle", "--without-gossip"),
    ]


def beat(*, schedule: Path | None = None) -> list[str]:
    """Celery beat. Its memory is a file beside the data; two beats at once do no harm."""
    return [
        *(sys.executable, "-m", "celery", "-A", "nis_library", "--quiet", "beat"),
        *("--schedule", str(schedule or settings.DATA_DIR / "beat-schedule"), "--pidfile=", "--loglevel", "INFO"),
    ]
