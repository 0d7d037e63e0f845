"""The cache goes on in the database while Redis is away."""

import time

import pytest
from django.core.cache import caches

from nis_library.home import caching
from nis_library.home.caching import RedisElseDatabase

OPTIONS = {"OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1, "retry": None}}


@pytest.fixture
def database_cache(db, settings):
    settings.CACHES = {
        **settings.CACHES,
        "database": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    }
    return caches["database"]


@pytest.mark.redis
def test_limits_go_on_counting_without_redis(redis, database_cache, monkeypatch, caplog):
    monkeypatch.setattr(caching, "SILENCE_S", 0.2)
    cache = RedisElseDatabase(redis.url, OPTIONS)
    cache.set("attempts", 1)
    assert cache.incr("attempts") == 2
    redis.kill()
    began = time.monotonic()
    assert cache.get("attempts") is None
    assert time.monotonic() - began < 3
    cache.add("attempts", 5)
    assert (cache.incr("attempts"), database_cache.get("attempts")) == (6, 6)
    assert caplog.text.count("Redis does not answer") >= 1
    redis.start()
    time.sleep(0.3)
    assert cache.get("attempts") is None
    cache.set("attempts", 9)
    assert (cache.get("attempts"), database_cache.get("attempts")) == (9, 6)


@pytest.mark.redis
def test_a_dead_redis_is_not_asked_again_at_once(redis, database_cache):
    cache = RedisElseDatabase(redis.url, OPTIONS)
    redis.kill()
    cache.get("a")
    redis.start()
    cache.set("a", "in the database")
    assert database_cache.get("a") == "in the database"
