"""Child processes of a test: started in a folder of their own, read by their log, always ended."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition: Callable[[], object], *, seconds: float = 60, what: str = "the condition") -> None:
    """Ask until the answer is true. Raises TimeoutError with `what` after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise TimeoutError(f"waited {seconds} s for {what}")


class Process:
    """One child in a process group of its own, with its output in a file.

    `kill()` is `kill -9` of the whole group; `stop()` asks first. Both may be called again.
    """

    def __init__(self, name: str, command: Sequence[str], *, env: Mapping[str, str], log: Path) -> None:
        self.name, self.log = name, log
        with log.open("ab") as out:
            self.child = subprocess.Popen(
                command, env=dict(env), stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )

    @property
    def alive(self) -> bool:
        return self.child.poll() is None

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, text: str, *, seconds: float = 90) -> None:
        """Wait until the log has `text`. Raises RuntimeError with the log if the child ends or time does."""

        def said() -> bool:
            if text in self.output:
                return True
            if not self.alive:
                raise RuntimeError(f"{self.name} ended with {self.child.returncode}:\n{self.output}")
            return False

        try:
            wait_until(said, seconds=seconds)
        except TimeoutError as error:
            raise RuntimeError(f"{self.name} did not say {text!r} in {seconds} s:\n{self.output}") from error

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        self.child.wait()

    def stop(self) -> None:
        self._signal(signal.SIGTERM)
        try:
            self.child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.child.pid, number)
