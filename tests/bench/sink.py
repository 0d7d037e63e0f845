"""A mail server in a process of its own that takes everything: `python -m tests.bench.sink PORT`."""

import signal
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Takes:
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return "250 OK"


if __name__ == "__main__":
    controller = Controller(Takes(), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    signal.sigwait([signal.SIGTERM, signal.SIGINT])
    controller.stop()
