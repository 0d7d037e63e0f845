"""The databases of the bench, on a server of its own: migrated once, then copied."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg2

from tests.bench import sizes

ROOT = Path(__file__).resolve().parents[2]
EMPTY, DEMO, REPORT = "bench_empty", "bench_demo", "bench_report"


class Databases:
    """`url(kind)` fills the database on first use; `copy(kind, name)` is a fresh copy of it, `drop()` removes all."""

    def __init__(self, server: str, environment: Mapping[str, str]) -> None:
        self.server, self.environment = server, environment
        self.made: list[str] = []

    def copy(self, kind: str, name: str) -> str:
        """The address of a new database with the same rows."""
        self._fill(kind)
        self._create(name, kind)
        self._run("ANALYZE", inside=name)
        return self._url(name)

    def drop(self) -> None:
        for name in reversed(self.made):
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _fill(self, kind: str) -> None:
        if kind in self.made:
            return
        if kind == EMPTY:
            self._create(EMPTY, "template1")
            self._manage(EMPTY, "migrate", "--verbosity", "0")
            self._manage(EMPTY, "createcachetable")
            return
        self._fill(EMPTY)
        self._create(kind, EMPTY)
        scale = sizes.REPORT_SCALE if kind == REPORT else sizes.DEMO_SCALE
        self._manage(kind, "demo_data", "--seed", "1", "--scale", scale, "--verbosity", "0")

    def _create(self, name: str, template: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self.made.append(name)

    def _run(self, statement: str, *, inside: str = "") -> None:
        connection = psycopg2.connect(self._url(inside) if inside else self.server)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    def _url(self, name: str) -> str:
        return f"{self.server.rpartition('/')[0]}/{name}"

    def _manage(self, name: str, *words: str) -> None:
        """A command of the portal on one of the databases; demonstration data is made in demo mode only."""
        environment = {**os.environ, **self.environment, "NIS_ENV": "demo", "DATABASE_URL": self._url(name)}
        subprocess.run([sys.executable, "manage.py", *words], check=True, cwd=ROOT, env=environment)
