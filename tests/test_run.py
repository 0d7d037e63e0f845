"""The runner of the suite: what runs where, and that nothing is left out in silence."""

import os
import subprocess
import sys

import pytest

from tests import run
from tests.rooms import ROOT

NOTHING: dict[str, str] = {}
ALONE = {"postgres": "no PostgreSQL.", "redis": "no Redis.", "browser": "no Chromium."}


@pytest.mark.parametrize(
    ("part", "absent", "fast", "expression"),
    [
        ("postgres", NOTHING, False, ""),
        ("sqlite", NOTHING, False, "not browser and not faults and not postgres and not redis"),
        ("sqlite", ALONE, False, "not browser and not faults and not postgres and not redis"),
        # Without PostgreSQL the browser meets the portal on SQLite.
        ("sqlite", {"postgres": "no PostgreSQL."}, False, "not faults and not postgres"),
        ("postgres", {"redis": "no Redis."}, False, "not redis"),
        ("sqlite", NOTHING, True, "not browser and not faults and not postgres and not redis and not slow"),
    ],
)
def test_what_runs_where(part, absent, fast, expression):
    assert run.selection(part, absent, fast=fast) == expression


@pytest.mark.parametrize(
    ("required", "absent", "code", "ends_with"),
    [("", NOTHING, 0, 0), ("", ALONE, 0, 0), ("1", NOTHING, 0, 0), ("1", ALONE, 0, 1), ("", NOTHING, 1, 1)],
)
def test_what_could_not_run_is_said_and_counts_where_all_is_required(
    monkeypatch, capsys, required, absent, code, ends_with
):
    monkeypatch.setenv("REQUIRE_ALL", required)
    closing = "==== 5 passed in 1.00s ===="
    assert run.report({"sqlite": (code, closing)}, absent, 1.0) == ends_with
    said = capsys.readouterr().out.splitlines()
    assert [line for line in said if line.startswith("not run")] == [
        f"not run: tests that need {name}. {reason}" for name, reason in absent.items()
    ]
    assert said[-1] == closing


def test_a_file_that_does_not_exist_is_no_success():
    assert run.missing_files(["tests/test_run.py::test_x", "tests/courses", "-k", "seat", "-q"]) == []
    assert run.missing_files(["tests/test_run.py", "tests/test_gone.py::test_x"]) == ["tests/test_gone.py"]
    done = subprocess.run(
        [sys.executable, "tests/run.py", "--fast", "tests/test_gone.py"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr.strip()) == (1, "Not found: tests/test_gone.py.")


@pytest.mark.parametrize("line", ["=== 5 passed in 1.00s ===", "1 failed, 2 skipped in 61.20s (0:01:01)"])
def test_the_closing_line_of_pytest_is_known(line):
    assert run.CLOSING.match(line)


def test_other_lines_are_not_closing_lines():
    assert not run.CLOSING.match("FAILED tests/test_a.py::test_b - it failed in 3s or so")


@pytest.mark.slow
@pytest.mark.parametrize(("required", "code", "words"), [("", 0, "1 skipped"), ("1", 1, "1 error")])
def test_a_skipped_test_is_a_failure_where_all_is_required(required, code, words):
    test = "tests/test_services.py::test_this_is_postgresql_with_kazakh_order"
    environment = {**os.environ, "REQUIRE_ALL": required, "TEST_DATABASE_URL": ""}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", test]
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (done.returncode, words in done.stdout.splitlines()[-1]) == (code, True)
