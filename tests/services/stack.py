"""The portal as users meet it: gunicorn, Celery workers and beat, as processes on the test's database."""

import os
import shutil
import sys
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from tests.services.process import Process, free_port, listens, wait_until
from tests.services.redis_server import RedisServer
from tests.services.smtp import Sink


def database_url() -> str:
    """The address of the database that the running test has open."""
    row = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{row['NAME']}"
    login = quote(row["USER"]) + (f":{quote(row['PASSWORD'])}" if row["PASSWORD"] else "")
    return f"postgresql://{login}@{row['HOST']}:{row['PORT']}/{row['NAME']}"


def empty_queue() -> None:
    """Forget what earlier tests put on the filesystem broker."""
    for folder in ("messages", "processed", "control"):
        for path in (Path(settings.DATA_DIR) / "queue" / folder).glob("*"):
            path.unlink(missing_ok=True)


class Stack:
    """`web()`, `worker()`, `beat()` start one process each; `url` is where the web server answers.

    All share the database of the test, so its rows must be committed (`transactional_db`).
    `use(redis)` puts broker and cache on a Redis that the test may kill; call it before starting anything.
    """

    def __init__(self, folder: Path, sink: Sink | None = None) -> None:
        self.folder, self.sink = folder, sink
        self.port = free_port()
        self.redis_url = os.environ.get("TEST_REDIS_URL", "")
        self.processes: list[Process] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, **more: str) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONUNBUFFERED": "1",
            "TEST_DATABASE_URL": database_url(),
            "TEST_REDIS_URL": self.redis_url,
            "TEST_EMAIL_URL": self.sink.url if self.sink else "",
            "TEST_SITE_URL": self.url,
            "TEST_LOG_LEVEL": "INFO",
            "TEST_STATIC": "1",
            **more,
        }

    def web(self, *, workers: int = 1, threads: int = 8, **more: str) -> Process:
        """Start gunicorn and wait until it listens. `more` is added to its environment."""
        command = [sys.executable, "-m", "gunicorn", "nis_library.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)]
        command += ["--graceful-timeout", "2", "--worker-tmp-dir", str(self.folder), "--no-control-socket"]
        process = self._start("web", command, self.environment(**more))
        process.wait_for("Booting worker")
        wait_until(lambda: listens(self.port), what="the web server")
        return process

    def worker(self, *, processes: int = 1, **more: str) -> Process:
        """Start a Celery worker and wait until it is ready. Safe to call again for a second one."""
        number = len(self.processes)
        command = [sys.executable, "-m", "celery", "-A", "nis_library", "worker", "--loglevel", "INFO"]
        command += ["--hostname", f"test{number}@localhost", "--without-mingle", "--without-gossip"]
        command += ["--pool", "prefork", "--concurrency", str(processes)] if processes > 1 else ["--pool", "solo"]
        process = self._start(f"worker{number}", command, self.environment(**more))
        process.wait_for("ready.")
        return process

    def beat(self, *, every: float = 1.0, **more: str) -> Process:
        """Start beat with each entry of its schedule due every `every` seconds."""
        number = len(self.processes)
        command = [sys.executable, "-m", "celery", "-A", "nis_library", "beat", "--loglevel", "INFO"]
        command += ["--schedule", str(self.folder / f"beat{number}"), "--pidfile="]
        process = self._start(f"beat{number}", command, self.environment(TEST_BEAT_SECONDS=str(every), **more))
        process.wait_for("beat: Starting...")
        return process

    def use(self, redis: RedisServer) -> None:
        self.redis_url = redis.url

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def logs(self) -> str:
        return "\n".join(f"--- {process.name}\n{process.output[-8000:]}" for process in self.processes)

    def _start(self, name: str, command: list[str], environment: dict[str, str]) -> Process:
        self.folder.mkdir(parents=True, exist_ok=True)
        process = Process(name, command, env=environment, log=self.folder / f"{name}-{len(self.processes)}.log")
        self.processes.append(process)
        return process
