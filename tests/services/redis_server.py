"""A Redis of the tests' own, which may be killed and started again on the same port."""

import os
import shutil
from pathlib import Path

from tests.services.process import Process, free_port, listens, wait_until

PROGRAM = "redis-server"


def available() -> bool:
    return shutil.which(PROGRAM) is not None


class RedisServer:
    """`start()`, `kill()` (as a crash), `stop()`. Keeps nothing on disk: what is lost is lost."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder, self.port = folder, port or free_port()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process: Process | None = None

    @property
    def server(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address of the first database."""
        return f"{self.server}/0"

    def start(self) -> "RedisServer":
        command = [PROGRAM, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        command += ["--databases", "64", "--dir", str(self.folder)]
        self.process = Process("redis", command, env=os.environ, log=self.folder / "redis.log")
        wait_until(lambda: listens(self.port), seconds=10, what=f"Redis on port {self.port}")
        return self

    def kill(self) -> None:
        if self.process:
            self.process.kill()

    def stop(self) -> None:
        if self.process:
            self.process.stop()
