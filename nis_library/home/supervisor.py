"""Keeps the portal's processes running together and ends them together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType

PATIENCE_S = 12
"""Seconds that children get to finish what they do before they are killed."""
LONGEST_PAUSE_S = 30
SETTLED_S = 60
"""A child that lived this long has started well: its earlier failures are forgotten."""
ATTEMPTS = 5
LOOK_EVERY_S = 0.2


@dataclass
class Child:
    """One process to be kept: what it is called, how it starts and how that went."""

    name: str
    command: list[str]
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    failures: int = 0
    start_at: float = field(default=0.0)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Starts the children, passes on what they print line by line, restarts one that dies.

    A child that dies again and again ends everything, with a sentence. SIGINT, SIGTERM and SIGHUP stop all:
    each child has its own process group, so that whatever it forked goes with it and nothing is left behind.
    """

    def __init__(self, commands: Mapping[str, list[str]], *, say: Callable[[str], object]) -> None:
        self.children = [Child(name, list(command)) for name, command in commands.items()]
        self.say = say
        self.width = max(len(child.name) for child in self.children)
        self.stopping = False
        self.lock = threading.Lock()

    def run(self, *, when_up: Callable[[], object] | None = None) -> int:
        """Run until told to stop; gives the exit code: 0 after a signal, 1 if a child could not be kept alive."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        code = 0
        try:
            for child in self.children:
                self._start(child)
            if when_up:
                threading.Thread(target=when_up, daemon=True).start()
            while not self.stopping and code == 0:
                time.sleep(LOOK_EVERY_S)
                code = self._look_after()
        finally:
            self._end_all()
        return code

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(
            child.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
        child.started = time.monotonic()
        threading.Thread(target=self._pass_on, args=(child, child.process), daemon=True).start()

    def _pass_on(self, child: Child, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            with self.lock:
                self.say(f"{child.name:<{self.width}} | {line.rstrip()}")

    def _look_after(self) -> int:
        """Restart what has died, after a pause that doubles; 1 if that has happened too often."""
        now = time.monotonic()
        for child in self.children:
            if child.alive:
                continue
            if child.process is not None:
                code = child.process.poll()
                child.failures = 1 if now - child.started > SETTLED_S else child.failures + 1
                _signal_group(child, signal.SIGKILL)
                child.process = None
                if child.failures >= ATTEMPTS:
                    self.say(f"The {child.name} process ended {ATTEMPTS} times in a row (last code {code}): stopping.")
                    return 1
                pause = min(2 ** (child.failures - 1), LONGEST_PAUSE_S)
                child.start_at = now + pause
                self.say(f"The {child.name} process ended with code {code}; it starts again in {pause} s.")
            elif now >= child.start_at:
                self._start(child)
        return 0

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _end_all(self) -> None:
        """Ask every child to end, wait, then kill whatever is left of its group."""
        for child in self.children:
            _signal_group(child, signal.SIGTERM)
        end = time.monotonic() + PATIENCE_S
        while any(child.alive for child in self.children) and time.monotonic() < end:
            time.sleep(0.05)
        for child in self.children:
            _signal_group(child, signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
        self.say("Stopped.")
        sys.stdout.flush()


def _signal_group(child: Child, number: int) -> None:
    if child.process is None:
        return
    try:
        os.killpg(child.process.pid, number)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        pass
