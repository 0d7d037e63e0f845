"""The cache while Redis is away."""

import logging
import time
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

FALLBACK = "database"
SILENCE_S = 10.0
"""After a failure this process asks the database for so long before it tries Redis again."""


class RedisElseDatabase(BaseCache):
    """Redis, and the database's cache while Redis does not answer.

    Pages go on, and the limits on sign-in attempts go on counting, in one place for all processes. What was kept
    in Redis is missing meanwhile, as it may be of any cache.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._redis = RedisCache(server, params)
        self._silent_until = 0.0

    def _ask(self, method: str, *args: object, **kwargs: object) -> Any:
        if time.monotonic() >= self._silent_until:
            try:
                return getattr(self._redis, method)(*args, **kwargs)
            except RedisError as error:
                self._silent_until = time.monotonic() + SILENCE_S
                log.warning("Redis does not answer (%s): the database is the cache for a while.", type(error).__name__)
        return getattr(caches[FALLBACK], method)(*args, **kwargs)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask("add", key, value, timeout, version)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask("get", key, default, version)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ask("set", key, value, timeout, version)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask("touch", key, timeout, version)

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._ask("delete", key, version)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return self._ask("incr", key, delta, version)

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self._ask("has_key", key, version)

    def clear(self) -> None:
        self._ask("clear")

    def close(self, **kwargs: object) -> None:
        self._redis.close(**kwargs)
