"""How often one address may ask: a small count in the cache, for public pages that could be tried code by code."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

V6_PREFIX = 64
"""A household has a whole network of this size in IPv6, so it counts as one address."""


STEP_S = 0.1
"""Answers that must not tell by their time what was found come after whole steps of so many seconds."""


def address_of(request: HttpRequest) -> str:
    """The address that asks: what the last trusted proxy saw, else the other end of the connection."""
    forwarded, trusted = request.headers.get("x-forwarded-for", ""), settings.TRUSTED_PROXY_COUNT
    hops = forwarded.split(",") if forwarded else []
    seen = hops[-trusted] if trusted and len(hops) >= trusted else request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(seen.strip())
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ip_network(f"{address}/{V6_PREFIX}", strict=False))
    return str(address)


def spend(name: str, address: str, *, most: int, seconds: int) -> bool:
    """Count one question of `address`; False if it had `most` in this span of `seconds` already.

    The database's cache counts without a lock, so a burst may get a few through: it limits, it does not guard.
    """
    key = f"limit:{name}:{address}:{int(time.time() // seconds)}"
    cache.add(key, 0, timeout=2 * seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:  # the cache has thrown it out
        return True


@contextmanager
def in_whole_steps() -> Iterator[None]:
    """What is done inside takes a whole number of steps, so that a quick answer betrays nothing.

    Use it outside of transactions: nobody should wait for a lock meanwhile.
    """
    began = time.monotonic()
    try:
        yield
    finally:
        time.sleep(STEP_S - (time.monotonic() - began) % STEP_S)
