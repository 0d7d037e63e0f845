"""Fixtures that every test may ask for. The servers behind them are in `tests/services`."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from hypothesis.configuration import set_hypothesis_home_dir

from nis_library.home import catalogues
from schools import bell
from tests.cast import cast  # noqa: F401
from tests.services import chromium, ready_database, redis_server
from tests.services.smtp import Sink
from tests.services.stack import Stack, empty_queue

set_hypothesis_home_dir(Path(os.environ["TEST_ROOT"]) / "hypothesis")  # not into the tree that the house's tests read
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Tests read the translations as they stand in the source, with or without `make` before them."""
    if not hasattr(session.config, "workerinput"):
        catalogues.compile_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of PostgreSQL that is asked for on SQLite says how to run it."""
    if "sqlite" not in django_settings.DATABASES["default"]["ENGINE"]:
        return
    for item in items:
        if item.get_closest_marker("postgres") or item.get_closest_marker("faults"):
            hint = f"needs PostgreSQL: .venv/bin/python tests/run.py --only postgres {item.location[0]}"
            item.add_marker(pytest.mark.skip(reason=hint))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Where everything must run (REQUIRE_ALL=1), a skipped test fails; a failed one tells what processes said."""
    report = yield
    if report.failed and "stack" in getattr(item, "funcargs", {}):
        report.sections.append(("Processes of the portal", item.funcargs["stack"].logs))
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped under REQUIRE_ALL=1: {call.excinfo}"
    return report


@pytest.fixture(autouse=True)
def start_clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test begins in Kazakh with an empty cache: rate limits live there."""
    # With the database as cache, only tests that commit can leave anything behind.
    shared = bool(django_settings.REDIS_URL)
    commits = "transactional_db" in request.fixturenames or any(
        mark.kwargs.get("transaction") for mark in request.node.iter_markers("django_db")
    )
    if commits:
        request.getfixturevalue("transactional_db")
    if shared:
        cache.clear()
    bell._silent_until = 0.0  # a broker that a test has killed is another test's no longer
    with translation.override(django_settings.LANGUAGE_CODE):
        yield
    if commits and not shared:
        cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_blocker) -> None:
    """The test database begins as a copy of one that is migrated already."""
    with django_db_blocker.unblock():
        ready_database.provide(connection)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """On SQLite the copy lies there before Django comes; the folder of the run goes with it at the end."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """At the end the database is dropped: a thread of a race may still hold a connection to it."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session", autouse=True)
def clean_folder() -> None:
    Path(django_settings.DATA_DIR).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server that keeps what it gets."""
    server = Sink().start()
    yield server
    server.stop()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[redis_server.RedisServer]:
    """A Redis for this test alone, to be killed and started at will. Mark the test `redis`."""
    if not redis_server.available():
        pytest.skip("redis-server is not installed")
    server = redis_server.RedisServer(tmp_path / "redis").start()
    yield server
    server.stop()


@pytest.fixture
def point_celery_at() -> Iterator[Callable[[str], None]]:
    """A function that sends what the test's own process enqueues to another broker, until the test ends."""
    before = current_app.conf.broker_url
    yield _point_celery_at
    _point_celery_at(before)


@pytest.fixture
def broker(redis: redis_server.RedisServer, point_celery_at: Callable[[str], None]) -> redis_server.RedisServer:
    """As `redis`, and what the test's own process enqueues goes there too."""
    point_celery_at(redis.url)
    return redis


@pytest.fixture
def stack(transactional_db: None, sink: Sink, tmp_path: Path) -> Iterator[Stack]:
    """The portal as processes: `stack.web()`, `stack.worker()`, `stack.beat()`; mails arrive in `sink`."""
    empty_queue()
    portal = Stack(tmp_path / "stack", sink)
    yield portal
    portal.stop()


@pytest.fixture(scope="session")
def web_process(django_db_setup: None, django_db_blocker, tmp_path_factory) -> Iterator[Stack]:
    with django_db_blocker.unblock():
        portal = Stack(tmp_path_factory.mktemp("web") / "stack")
        portal.web(threads=4)
    yield portal
    portal.stop()


@pytest.fixture
def server(transactional_db: None, web_process: Stack) -> str:
    """The address of a running web server on the test's database; one process serves the whole session."""
    if not web_process.processes[0].alive:
        raise RuntimeError(f"the web server has died:\n{web_process.logs}")
    return web_process.url


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    if sentence := chromium.missing():
        pytest.skip(sentence)
    return chromium.launch_options()


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    """A phone's width is the first concern; tests widen the page where they look at the desk."""
    return {"viewport": {"width": 360, "height": 800}, "locale": "kk-KZ", "timezone_id": "Asia/Almaty"}


def _point_celery_at(url: str) -> None:
    current_app.pool.force_close_all()
    current_app.conf.broker_url = current_app.conf.broker_write_url = current_app.conf.broker_read_url = url
    current_app._pool = None
    current_app.amqp._producer_pool = None


@pytest.fixture
def in_english():
    """The language of what verbs say, for tests that read it."""
    with translation.override("en"):
        yield
