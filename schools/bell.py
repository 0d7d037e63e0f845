"""Ringing the worker's bell. The row is the truth and the sweepers find what the bell missed, so a ring
may fail, but it may never disturb or delay the request that rang it.
"""

import logging
import time
from functools import partial

from celery import Task, current_app
from django.db import connection, transaction
from kombu import Connection
from kombu.pools import producers

log = logging.getLogger(__name__)

SILENCE_SECONDS = 20.0
"""After a failure this process leaves the broker alone for so long."""
TIMEOUT_SECONDS = 0.25
"""What a ring may cost at the worst, once per silence."""

_silent_until = 0.0


def ring(task: Task | str, *ids: int) -> None:
    """Ask a worker, once the transaction has committed, to run `task` with `ids`. Never raises.

    Verbs name a task of their own room by its registered name, since tasks import verbs.
    """
    transaction.on_commit(partial(_ring, task, ids), robust=True)


def ring_once(task: Task | str, *ids: int) -> None:
    """As `ring`, for a task that does all there is to do: one ring for a transaction, whatever its ids."""
    holds = set(connection.savepoint_ids)
    for pending in connection.run_on_commit:
        savepoints, call = pending[0], pending[1]
        # One that a savepoint may still take back does not count.
        if getattr(call, "args", ())[:1] == (task,) and set(savepoints) <= holds:
            return
    ring(task, *ids)


def warm() -> None:
    """Load what the first ring needs (a quarter of a second). A web process calls it as it starts."""
    _broker().get_transport_cls()
    current_app.finalize()
    _ = current_app.amqp.Producer


def _ring(task: Task | str, ids: tuple[int, ...]) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        with producers[_broker()].acquire(block=True, timeout=TIMEOUT_SECONDS) as producer:
            signature = current_app.signature(task) if isinstance(task, str) else task
            signature.apply_async(args=ids, producer=producer, retry=False, ignore_result=True)
    except Exception as problem:  # whatever ails the broker, the committed request goes on
        _silent_until = time.monotonic() + SILENCE_SECONDS
        log.warning("The broker did not answer (%s); sweepers take over for a while.", type(problem).__name__)


def _broker() -> Connection:
    """The broker with patience for a request: no reconnecting, short timeouts. Pools are kept by this key."""
    url = current_app.conf.broker_write_url or current_app.conf.broker_url
    options = {**current_app.conf.broker_transport_options, "max_retries": 0}
    if url.startswith("redis"):
        options |= {"socket_connect_timeout": TIMEOUT_SECONDS, "socket_timeout": TIMEOUT_SECONDS}
    return Connection(url, transport_options=options, connect_timeout=TIMEOUT_SECONDS)
