"""The portal's web server as users meet it, and clients that ask it with as little work of their own as can be."""

import os
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

from nis_library.home import processes
from tests.services.process import Process, free_port, listens, wait_until

TOKEN = "b" * 32
WARM_CLIENTS = 2 * processes.THREADS


@contextmanager
def server() -> Iterator[int]:
    """gunicorn with the portal's own command line; gives its port."""
    port, log = free_port(), Path(settings.DATA_DIR) / "web.log"
    process = Process("web", processes.web(bind=f"127.0.0.1:{port}"), env=os.environ, log=log)
    try:
        wait_until(lambda: listens(port), what=f"the web server ({log})")
        yield port
    finally:
        process.stop()


def request(path: str, *, session: str = "", data: dict[str, object] | None = None, source: str = "192.0.2.1") -> bytes:
    """A request as the proxy of a production portal passes it on: GET, or POST where there is data."""
    body = urlencode(data or {}).encode()
    cookies = [f"{settings.CSRF_COOKIE_NAME}={TOKEN}"] if data is not None else []
    cookies += [f"{settings.SESSION_COOKIE_NAME}={session}"] if session else []
    lines = [f"{'GET' if data is None else 'POST'} {path} HTTP/1.1", f"Host: {settings.SITE_HOST}"]
    lines += ["X-Forwarded-Proto: https", f"X-Forwarded-For: {source}"]
    lines += [f"Cookie: {'; '.join(cookies)}"] if cookies else []
    if data is not None:
        lines += [f"X-CSRFToken: {TOKEN}", f"Referer: {settings.SITE_URL}/", f"Content-Length: {len(body)}"]
        lines += ["Content-Type: application/x-www-form-urlencoded"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def ask(line: socket.socket, message: bytes) -> tuple[int, bytes]:
    """Send one request over a kept connection; gives status and whole answer."""
    line.sendall(message)
    answer = b""
    while (end := answer.find(b"\r\n\r\n")) < 0:
        if not (part := line.recv(65536)):
            raise ConnectionError(f"the server hung up after {answer[:200]!r}")
        answer += part
    head = answer[:end].lower()
    length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
    while len(answer) < end + 4 + length:
        answer += line.recv(65536)
    return int(answer[9:12]), answer


class Caller:
    """A client with one connection that is kept as long as the process behind it lives."""

    def __init__(self, port: int) -> None:
        self.port, self.line = port, self._line(port)

    def ask(self, message: bytes) -> tuple[int, bytes]:
        try:
            return ask(self.line, message)
        except ConnectionError:  # a process that has served its number of requests closes its lines
            self.line.close()
            self.line = self._line(self.port)
            return ask(self.line, message)

    @staticmethod
    def _line(port: int) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), timeout=120)


@dataclass(frozen=True)
class Rush:
    """Messages per second, and how long each answer took, in milliseconds."""

    speed: float
    times: list[float]


def drive(port: int, messages: Sequence[bytes], *, clients: int, status: int) -> float:
    """As `rush`; gives messages per second."""
    return rush(port, messages, clients=clients, status=status).speed


def rush(port: int, messages: Sequence[bytes], *, clients: int, status: int) -> Rush:
    """Send all messages from so many clients at once, each with one connection.

    Raises RuntimeError where an answer has another status, or does not come.
    """
    waiting, lock, wrong, times = iter(messages), threading.Lock(), [], list[float]()
    gate = threading.Barrier(clients + 1)

    def go() -> None:
        caller = Caller(port)
        gate.wait()
        while True:
            with lock:
                message = next(waiting, None)
            if message is None:
                return caller.line.close()
            sent = time.perf_counter()
            code, answer = caller.ask(message)
            if code != status:
                wrong.append((message, answer))
                return caller.line.close()
            times.append((time.perf_counter() - sent) * 1000)

    threads = [threading.Thread(target=go) for _ in range(clients)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"{wrong[0][0][:300]!r} was answered with {wrong[0][1][:600]!r}")
    took = time.perf_counter() - began
    if len(times) != len(messages):
        raise RuntimeError(f"{len(times)} of {len(messages)} requests were answered")
    return Rush(len(messages) / took, times)


def waited(port: int, messages: Sequence[bytes], *, status: int) -> list[float]:
    """Send all messages one after another over one connection; gives how long each answer took, in milliseconds.

    Raises RuntimeError where an answer has another status.
    """
    times, caller = [], Caller(port)
    for message in messages:
        began = time.perf_counter()
        code, answer = caller.ask(message)
        times.append((time.perf_counter() - began) * 1000)
        if code != status:
            raise RuntimeError(f"{message[:300]!r} was answered with {answer[:600]!r}")
    caller.line.close()
    return times


def percentile(times: Sequence[float], percent: int) -> float:
    """So many of a hundred are no greater."""
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


def side_by_side(rounds: int, value: Callable[[], float], limit: Callable[[], float]) -> tuple[float, float]:
    """Both figures measured in turn, so that a busy moment meets both; gives the medians."""
    pairs = [(value(), limit()) for _ in range(rounds)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)
