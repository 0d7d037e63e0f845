"""Dockerfile and compose.yaml without an engine: each of their steps is a step that runs here too."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
import yaml
from django.db import connection

from tests.rooms import ROOT
from tests.services.process import Process, free_port, wait_until
from tests.services.stack import database_url

GIVEN = {
    "SECRET_KEY": "Zq8-vN3kT_xW5rB1mY7cJ4hL9sD2fG6pA0uEoIiRtKlMnPbVyQw3",
    "FIELD_KEY": "gT4-wQ9zLp_Xr2cVb7nM5kJ8hD1sF6aY3uEoPiZtRxWqNvBmKyHj",
    "DB_PASSWORD": "word",
    "SITE_URL": "https://pd.example.kz",
    "ALLOWED_HOSTS": "pd.example.kz",
    "EMAIL_URL": "smtp+tls://portal:word@mail.example.kz:587",
    "DEFAULT_FROM_EMAIL": "portal@example.kz",
}
DATABASE = "compose"


def dockerfile(word: str) -> list[str]:
    """The arguments of one instruction of the Dockerfile, in order."""
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    return [line.removeprefix(f"{word} ") for line in lines if line.startswith(f"{word} ")]


def services() -> dict[str, dict]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


def filled(environment: dict[str, str]) -> dict[str, str]:
    """The environment of a service, with `${NAME:-default}` and `${NAME:?sentence}` replaced as compose does."""
    name = re.compile(r"\$\{(\w+)(?::[-?]([^}]*))?\}")
    return {key: name.sub(lambda m: GIVEN.get(m[1], m[2] or ""), str(value)) for key, value in environment.items()}


def by_hand(command: str | list[str]) -> list[str]:
    """A command of the container as this machine runs it: the same words, the Python of this run."""
    words = [command] if isinstance(command, str) else list(command)
    words = (
        words[1:] if words[0] == "CMD" else ["sh", "-c", words[1].replace("$$", "$")] if "SHELL" in words[0] else words
    )
    folder = Path(sys.executable).parent
    return [word.replace(".venv/bin/", f"{folder}/") for word in words]


def test_each_step_of_the_image_is_a_step_of_make():
    recipes = (ROOT / "Makefile").read_text().replace("$(PY)", ".venv/bin/python")
    steps = dockerfile("RUN")
    assert steps == [".ci/bootstrap requirements.txt", ".venv/bin/python manage.py prepare --files-only"]
    assert [step for step in steps if step not in recipes] == []


def test_what_the_image_copies_is_there():
    sources = [
        word for line in dockerfile("COPY") if "--from" not in line for word in line.split()[:-1] if word[:2] != "--"
    ]
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_the_image_runs_without_root_and_keeps_data_in_a_volume():
    assert (dockerfile("USER"), dockerfile("VOLUME")) == (["10001"], ["/data"])
    assert json.loads(dockerfile("CMD")[0]) == services()["web"]["command"]


def test_every_service_has_a_health_check_or_ends():
    unwatched = [name for name, service in services().items() if "healthcheck" not in service]
    assert unwatched == ["migrate"]
    assert set(services()) == {"db", "redis", "migrate", "web", "worker", "beat"}


def ask(port: int, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    """Status and headers of one answer; redirects are not followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: object) -> None:
            return None

    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": "pd.example.kz", **headers})
    try:
        with urllib.request.build_opener(Stay).open(request) as answer:
            return answer.status, dict(answer.headers)
    except HTTPError as answer:
        with answer:
            return answer.code, dict(answer.headers)


@pytest.fixture
def environment(db, redis, tmp_path):
    """What compose gives each service, on an empty database and a Redis of the test's own."""
    given = filled(services()["web"]["environment"])
    assert (urlsplit(given["DATABASE_URL"]).hostname, urlsplit(given["REDIS_URL"]).hostname) == ("db", "redis")
    connection.cursor().execute("COMMIT")
    connection.cursor().execute(f"CREATE DATABASE {DATABASE}")
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    url = database_url().rsplit("/", 1)[0] + f"/{DATABASE}"
    own = {"DATABASE_URL": url, "REDIS_URL": redis.url, "DATA_DIR": str(tmp_path / "data"), "PORT": str(free_port())}
    yield kept | given | own
    connection.cursor().execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.slow
def test_the_services_of_compose_run_here_as_they_do_there(environment, tmp_path):
    build = environment | {"NIS_ENV": "demo"}
    subprocess.run(by_hand(dockerfile("RUN")[1].split()), cwd=ROOT, env=build, check=True, timeout=300)
    subprocess.run(by_hand(services()["migrate"]["command"]), cwd=ROOT, env=environment, check=True, timeout=300)
    running = [
        Process(name, by_hand(services()[name]["command"]), env=environment, log=tmp_path / name)
        for name in ("web", "worker", "beat")
    ]
    try:
        running[1].wait_for("ready.")
        for name in ("web", "worker", "beat"):
            check = by_hand(services()[name]["healthcheck"]["test"])
            wait_until(
                lambda check=check: subprocess.run(check, cwd=ROOT, env=environment, timeout=60).returncode == 0,
                what=f"{name} to be healthy",
            )
        assert_production_is_shut(int(environment["PORT"]))
    except BaseException:
        print("\n".join(process.output for process in running))  # noqa: T201
        raise
    finally:
        for process in running:
            process.stop()


def assert_production_is_shut(port: int) -> None:
    """Plain HTTP is sent away, a strange host is refused, and behind the proxy cookies and headers are strict."""
    status, headers = ask(port, "/kk/account/login/")
    assert (status, headers["Location"]) == (301, "https://pd.example.kz/kk/account/login/")
    assert ask(port, "/kk/account/login/", Host="evil.example", **{"X-Forwarded-Proto": "https"})[0] == 400
    status, headers = ask(port, "/kk/account/login/", **{"X-Forwarded-Proto": "https"})
    assert (status, headers["Strict-Transport-Security"]) == (200, "max-age=31536000; includeSubDomains; preload")
    assert "Secure" in headers["Set-Cookie"]
