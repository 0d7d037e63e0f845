"""A network cable between a browser and the portal that a test can pull: what is under way is lost with it."""

import contextlib
import socket
from threading import Lock, Thread


class Cable:
    """Listens on a port of its own and passes everything on to `target` (host, port) while it is whole."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target, self.whole, self._lock = target, True, Lock()
        self._ends: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0))
        Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def cut(self) -> None:
        with self._lock:
            self.whole = False
            for end in self._ends:
                _close(end)
            self._ends.clear()

    def mend(self) -> None:
        self.whole = True

    def close(self) -> None:
        self.cut()
        _close(self._door)

    def _serve(self) -> None:
        while True:
            try:
                near, _address = self._door.accept()
            except OSError:
                return
            Thread(target=self._join, args=[near], daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self.target, timeout=20)
        except OSError:
            return _close(near)
        far.settimeout(None)
        with self._lock:
            if not self.whole:
                _close(near)
                return _close(far)
            self._ends |= {near, far}
        Thread(target=self._pass_on, args=[near, far], daemon=True).start()
        self._pass_on(far, near)
        return None

    def _pass_on(self, here: socket.socket, there: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := here.recv(65536):
                there.sendall(data)
        with self._lock:
            self._ends -= {here, there}
        _close(here)
        _close(there)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
