"""/healthz and /readyz: what they ask, and what they keep to themselves."""

import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from nis_library.home import health
from tests.services.process import free_port


@pytest.fixture(autouse=True)
def forget(monkeypatch):
    monkeypatch.setattr(health, "_up_to_date", set())


def test_alive_without_a_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_ready(client, db):
    answer = client.get("/readyz")
    checks = dict.fromkeys(("database", "migrations", "cache", "broker"), "ok")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "checks": checks})


def test_tables_behind_the_code_are_not_ready(client, db, caplog):
    MigrationRecorder(connection).migration_qs.filter(app="schools").delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "failed")
    assert "manage.py migrate" in caplog.text
    assert b"manage.py" not in answer.content


def test_a_dead_broker_is_told_within_seconds_and_without_its_address(client, db, settings, point_celery_at):
    settings.REDIS_URL = f"redis://:geheim@127.0.0.1:{free_port()}"
    point_celery_at(settings.REDIS_URL)
    began = time.monotonic()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["broker"]) == (503, "failed")
    assert time.monotonic() - began < 10
    assert b"geheim" not in answer.content


@pytest.mark.redis
def test_redis_that_is_killed_is_noticed(db, settings, broker):
    settings.REDIS_URL = broker.url
    assert health.failures() == {}
    broker.kill()
    assert list(health.failures()) == ["broker"]
    broker.start()
    assert health.failures() == {}


def test_the_cache_is_asked(db):
    health.shared_cache()
    assert cache.get("readyz") == "1"
