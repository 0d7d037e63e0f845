"""The whole suite: on SQLite, then on a PostgreSQL that it starts itself, with Redis and a browser where found.

    python tests/run.py [--fast | --stress] [--only sqlite|postgres] [pytest's own words]

It ends by saying what could not run here and why; with REQUIRE_ALL=1 that is a failure. TEST_PROCESSES says
how many tests run side by side (2).
"""

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.services import chromium, postgres, redis_server  # noqa: E402

CLOSING = re.compile(r"^(=+ )?(\d+ \w+(, \d+ \w+)*|no tests ran) in [\d.]+s( \([\d:]+\))?( =+)?$")
INSIDE = "TEST_INSIDE_CLUSTER"
NO_TESTS = 5


def missing() -> dict[str, str]:
    """What cannot run on this machine: marker -> one sentence that says why."""
    found = {
        "postgres": postgres.missing(),
        "redis": None if redis_server.available() else "Redis is not installed (Debian: apt-get install redis-server).",
        "browser": chromium.missing(),
    }
    return {name: reason for name, reason in found.items() if reason}


def selection(part: str, absent: dict[str, str], *, fast: bool) -> str:
    """The `-m` expression of a part. Redis and the browser are used with PostgreSQL, if that is here."""
    left_out = set(absent)
    if part == "sqlite":
        left_out |= {"postgres", "faults"}
        if fast or "postgres" not in absent:
            left_out |= {"redis", "browser"}
    if fast:
        left_out.add("slow")
    return " and ".join(f"not {name}" for name in sorted(left_out))


def run_pytest(part: str, words: list[str], absent: dict[str, str], options: argparse.Namespace) -> tuple[int, str]:
    """One run of pytest, its output shown as it comes; gives the exit code and its closing line."""
    command = [sys.executable, "-m", "pytest", "-n", os.environ.get("TEST_PROCESSES", "2")]
    command += ["--dist", "worksteal", "-p", "no:cacheprovider", "--color=no", "--durations=8", "--durations-min=5"]
    expression = selection(part, absent, fast=options.fast)
    command += ["-m", expression] if expression else []
    print(f"\n== {part}: {' '.join(command[2:])} {' '.join(words)}", flush=True)
    closing = ""
    with subprocess.Popen(
        [*command, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=HERE.parent
    ) as child:
        for line in child.stdout:
            print(line, end="", flush=True)
            if CLOSING.match(line.strip()):
                closing = line.strip()
    return (0 if child.returncode == NO_TESTS and words else child.returncode), closing


@contextlib.contextmanager
def redis_of_the_run(absent: dict[str, str]) -> Iterator[None]:
    """One Redis for the whole part; each process of the run has two of its 64 databases."""
    if "redis" in absent:
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="portal-redis-"))
    server = redis_server.RedisServer(folder).start()
    os.environ["TEST_REDIS_URL"] = server.server
    try:
        yield
    finally:
        server.stop()
        os.environ.pop("TEST_REDIS_URL", None)
        shutil.rmtree(folder, ignore_errors=True)


def postgres_part(words: list[str], absent: dict[str, str], options: argparse.Namespace) -> tuple[int, str]:
    """Run on a cluster of our own: by Debian's wrapper, which starts this program again inside, or by initdb."""
    wrapper = postgres.wrapper()
    if wrapper and INSIDE not in os.environ:
        with tempfile.NamedTemporaryFile("r", suffix=".txt") as note:
            environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", INSIDE: note.name}
            code = subprocess.run([*wrapper, sys.executable, *sys.argv], env=environment).returncode
            return code, note.read()
    with contextlib.ExitStack() as servers:
        inside = INSIDE in os.environ
        url = postgres.url_from_environment() if inside else servers.enter_context(postgres.cluster())
        os.environ["TEST_DATABASE_URL"] = url
        servers.enter_context(redis_of_the_run(absent))
        code, closing = run_pytest("postgres", words, absent, options)
        if inside:
            Path(os.environ[INSIDE]).write_text(closing)
        return code, closing


def missing_files(words: list[str]) -> list[str]:
    """Files among pytest's words that do not exist: it would run no test of them and yet be content."""
    files = [word.partition("::")[0] for word in words if word.startswith("tests/")]
    return [name for name in files if not (HERE.parent / name).exists()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fast", action="store_true", help="unit tests on SQLite only")
    parser.add_argument("--stress", action="store_true", help="the full counts")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    options, words = parser.parse_known_args()
    if gone := missing_files(words):
        sys.exit(f"Not found: {', '.join(gone)}.")
    absent, began = missing(), time.monotonic()
    if options.stress:
        os.environ["STRESS"] = "1"
    if INSIDE in os.environ:
        return postgres_part(words, absent, options)[0]
    results: dict[str, tuple[int, str]] = {}
    if options.only != "postgres":
        results["sqlite"] = run_pytest("sqlite", words, absent, options)
    if options.only != "sqlite" and not options.fast and "postgres" not in absent:
        results["postgres"] = postgres_part(words, absent, options)
    return report(results, absent if not options.fast else {}, time.monotonic() - began)


def report(results: dict[str, tuple[int, str]], absent: dict[str, str], seconds: float) -> int:
    """Say what was not run and why, then pytest's own closing lines."""
    strict = os.environ.get("REQUIRE_ALL") == "1"
    print(f"\n== {seconds:.0f} s in all")
    for name, reason in absent.items():
        print(f"not run: tests that need {name}. {reason}")
    if absent and strict:
        print("REQUIRE_ALL=1: everything has to run, so this is a failure.")
    for part, (code, closing) in results.items():
        print(f"== {part} ({'passed' if code == 0 else f'failed with {code}'})")
        print(closing)
    return 1 if any(code for code, _ in results.values()) or (absent and strict) else 0


if __name__ == "__main__":
    sys.exit(main())
