"""Starting everything with one command: together, and none left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from nis_library.home import health, processes
from tests.rooms import ROOT
from tests.services.process import Process, free_port, wait_until

SUPERVISE = """
import json, sys
from nis_library.home import supervisor
supervisor.PATIENCE_S, supervisor.SETTLED_S = 2, 60
supervisor.LONGEST_PAUSE_S, supervisor.ATTEMPTS = 0.1, 3
sys.exit(supervisor.Supervisor(json.loads(sys.argv[1]), say=lambda line: print(line, flush=True)).run())
"""
SAY = "import os, signal, subprocess, sys, time; print('pids', os.getpid()); "
PARENT = SAY + "print('pids', subprocess.Popen(['sleep', '600']).pid); time.sleep(600)"
STUBBORN = SAY + "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('set'); time.sleep(600)"


def supervise(tmp_path: Path, **scripts: str) -> Process:
    commands = {name: [sys.executable, "-uc", script] for name, script in scripts.items()}
    command = [sys.executable, "-c", SUPERVISE, json.dumps(commands)]
    return Process("supervisor", command, env={**os.environ, "PYTHONPATH": str(ROOT)}, log=tmp_path / "log")


def runs(pid: int) -> bool:
    """True while the process does anything at all; one that has ended and not been fetched does not count."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")


def pids(process: Process) -> list[int]:
    lines = [line.split("pids ")[1] for line in process.output.splitlines() if "pids " in line]
    return [int(word) for line in lines for word in line.split()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_children_and_grandchildren(tmp_path, number):
    portal = supervise(tmp_path, parent=PARENT, stubborn=STUBBORN)
    wait_until(lambda: len(pids(portal)) == 3 and "set" in portal.output)
    assert all(runs(pid) for pid in pids(portal))
    os.kill(portal.child.pid, number)
    assert portal.child.wait(timeout=30) == 0
    assert [pid for pid in pids(portal) if runs(pid)] == []
    assert portal.output.endswith("Stopped.\n")


def test_each_line_says_whose_it_is(tmp_path):
    portal = supervise(
        tmp_path, web="import time; print('hello'); time.sleep(600)", beat="import time; time.sleep(600)"
    )
    portal.wait_for("web  | hello")
    portal.stop()


def test_a_child_that_is_killed_starts_again(tmp_path):
    portal = supervise(tmp_path, web=STUBBORN)
    wait_until(lambda: len(pids(portal)) == 1)
    os.kill(pids(portal)[0], signal.SIGKILL)
    wait_until(lambda: len(pids(portal)) == 2)
    first, second = pids(portal)
    assert (runs(first), runs(second)) == (False, True)
    assert "The web process ended with code -9; it starts again in 0.1 s." in portal.output
    portal.stop()


def test_a_child_that_cannot_live_ends_everything_with_a_sentence(tmp_path):
    portal = supervise(tmp_path, parent=PARENT, broken="raise SystemExit(7)")
    assert portal.child.wait(timeout=60) == 1
    assert "The broken process ended 3 times in a row (last code 7): stopping." in portal.output
    assert [pid for pid in pids(portal) if runs(pid)] == []


def test_a_taken_port_is_one_sentence(db, settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings.PORT = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"^Port {settings.PORT} cannot be used") as refusal:
            call_command("start")
    assert f"PORT={settings.PORT + 1} make run" in str(refusal.value)


def test_tables_behind_the_code_are_one_sentence(db, monkeypatch):
    monkeypatch.setattr(health, "_up_to_date", set())
    MigrationRecorder(connection).migration_qs.filter(app="schools").delete()
    with pytest.raises(CommandError, match=r"^\d+ migrations are not applied: run «manage.py migrate»\.$"):
        call_command("start")


def test_each_role_has_its_command():
    commands = {role: processes.command(role)[2] for role in processes.ROLES}
    assert commands == {"web": "gunicorn", "worker": "celery", "beat": "celery"}


@pytest.mark.slow
def test_the_portal_starts_answers_stops_and_starts_again(tmp_path):
    """`make run` on the embedded default, without the installing: prepare, start, look, Ctrl-C."""
    port = free_port()
    names = ("PATH", "HOME", "LANG", "VIRTUAL_ENV")
    environment = {name: os.environ[name] for name in names if name in os.environ}
    environment |= {"DATA_DIR": str(tmp_path / "data"), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    for _ in ("the first time", "and again with the same data"):
        prepared = subprocess.run([sys.executable, "manage.py", "prepare"], env=environment, cwd=ROOT, timeout=600)
        assert prepared.returncode == 0
        portal = Process("start", [sys.executable, "manage.py", "start"], env=environment, log=tmp_path / "log")
        portal.wait_for("ready.")
        portal.wait_for(f"http://localhost:{port}/")
        portal.wait_for("beat: Starting...")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            assert json.load(answer)["ready"] is True
        group = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True).stdout.splitlines()[1:]
        children = [int(pid) for pid, parent in map(str.split, group) if int(parent) == portal.child.pid]
        assert len(children) == 3
        os.kill(portal.child.pid, signal.SIGINT)
        assert portal.child.wait(timeout=60) == 0
        time.sleep(0.2)
        assert [pid for pid in children if runs(pid)] == []
        (tmp_path / "log").unlink()
