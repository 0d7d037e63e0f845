"""`make bench`: one JSON line per measure, each beside a limit measured in the same run.

    python tests/bench/run.py [measure,measure...]

It starts a PostgreSQL and a Redis of its own and makes its own data. BENCH_SCALE sets the size of the yearly
report's database (50: a million enrolments), BENCH_SERVER an address of a PostgreSQL to use in place of its own.
"""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench import databases  # noqa: E402
from tests.services import postgres, process, redis_server  # noqa: E402

MEASURES = {
    "catalogue_page": databases.DEMO,
    "enrol_1": databases.DEMO,
    "enrol_8": databases.DEMO,
    "enrol_32": databases.DEMO,
    "burst_one": databases.DEMO,
    "burst_twenty": databases.DEMO,
    "promotion": databases.DEMO,
    "guest_burst": databases.DEMO,
    "school_search_7690": databases.EMPTY,
    "school_search_76900": databases.EMPTY,
    "report_build": databases.REPORT,
    "certificates": databases.DEMO,
    "bulk_attendance": databases.DEMO,
    "allocation": databases.EMPTY,
    "reminders": databases.DEMO,
    "page_queries": databases.EMPTY,
}
"""Name of each measure, in order, and the database that it works on a copy of."""
IN_DEMO_MODE = ("page_queries",)
"""Looked at as the tests look at pages: without the second factor that production asks offices for."""
AS_INSTALLED = {"fsync": "on"}
"""PostgreSQL as it comes; Debian's wrapper would take `fsync` away."""
INSIDE = "BENCH_INSIDE_CLUSTER"
SITE = "portal.example.kz"
LEFT_OUT = ("PORT", "BIND", "DEBUG", "CSRF_TRUSTED_ORIGINS", "FIELD_KEY", "OIDC_SERVER_URL", "DJANGO_SETTINGS_MODULE")


def chosen(words: list[str]) -> list[str]:
    """The measures that were asked for, all of them if none was. Ends the program at an unknown name."""
    names = [name for word in words for name in word.split(",") if name]
    if unknown := [name for name in names if name not in MEASURES]:
        sys.exit(f"Unknown: {', '.join(unknown)}. There are: {', '.join(MEASURES)}.")
    return names or list(MEASURES)


def environment(folder: Path, redis: redis_server.RedisServer) -> dict[str, str]:
    """What a production portal on two web processes is told, as in compose.yaml."""
    kept = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "NIS_ENV": "production",
        "SECRET_KEY": secrets.token_hex(40),
        "FIELD_KEY": secrets.token_hex(40),
        "ALLOWED_HOSTS": f"{SITE},testserver",
        "SITE_URL": f"https://{SITE}",
        "TRUSTED_PROXY_COUNT": "1",
        "WEB_CONCURRENCY": "2",
        "REDIS_URL": redis.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{process.free_port()}",
        "DATA_DIR": str(folder / "data"),
        "PYTHONPATH": str(ROOT),
    }


@contextlib.contextmanager
def servers(folder: Path) -> Iterator[tuple[str, redis_server.RedisServer]]:
    """The address of a PostgreSQL, and a Redis."""
    redis = redis_server.RedisServer(folder / "redis").start()
    try:
        if given := os.environ.get("BENCH_SERVER"):
            yield given, redis
        elif INSIDE in os.environ:
            yield postgres.url_from_environment(), redis
        else:
            with postgres.cluster(AS_INSTALLED) as url:
                yield url, redis
    finally:
        redis.stop()


def measure(name: str, url: str, told: dict[str, str]) -> dict[str, object]:
    """One measure in a process of its own. Raises RuntimeError if it fails."""
    mode = {"NIS_ENV": "demo"} if name in IN_DEMO_MODE else {}
    command = [sys.executable, "-m", "tests.bench.measure", name]
    done = subprocess.run(
        command, env={**told, **mode, "DATABASE_URL": url}, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{name} ended with {done.returncode}")
    return json.loads(done.stdout.splitlines()[-1])


def say(text: str, where: TextIO) -> None:
    where.write(f"{text}\n")
    where.flush()


def run(names: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as text, contextlib.ExitStack() as stack:
        folder, failures = Path(text), 0
        url, redis = stack.enter_context(servers(folder))
        told = environment(folder, redis)
        made = databases.Databases(url, told)
        stack.callback(made.drop)
        for name in names:
            began = time.monotonic()
            try:
                line = measure(name, made.copy(MEASURES[name], f"bench_of_{name}"), told)
                say(json.dumps(line, ensure_ascii=False), sys.stdout)
            except (RuntimeError, subprocess.CalledProcessError) as problem:
                failures += 1
                say(f"bench: {problem}", sys.stderr)
            say(f"bench: {name} took {time.monotonic() - began:.0f} s", sys.stderr)
        return 1 if failures else 0


def main() -> int:
    names = chosen(sys.argv[1:])
    if not redis_server.available():
        sys.exit("Redis is not installed (Debian: apt-get install redis-server).")
    if reason := postgres.missing():
        sys.exit(reason)
    wrapper = postgres.wrapper(AS_INSTALLED)
    if wrapper and INSIDE not in os.environ and "BENCH_SERVER" not in os.environ:
        inside = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", INSIDE: "1"}
        return subprocess.run([*wrapper, sys.executable, *sys.argv], env=inside).returncode
    return run(names)


if __name__ == "__main__":
    sys.exit(main())
