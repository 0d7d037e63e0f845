"""A mail server that keeps what it gets, and can be told to refuse, to stall or to be away."""

import time
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services.process import free_port


class Sink:
    """`messages` holds every accepted mail in order; `answer` is what DATA is answered with ("250 OK").

    Set `answer` to "451 try later" or "550 no such user" for a refusal, `refused` to addresses that RCPT
    rejects with 550, `delay` to seconds that each mail takes. `stop()` and `start()` take it off and on the
    same port.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.messages: list[EmailMessage] = []
        self.recipients: list[tuple[str, ...]] = []
        self.refused: set[str] = set()
        self.answer = "250 OK"
        self.delay = 0.0
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> "Sink":
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller:
            self._controller.stop(no_assert=True)
            self._controller = None

    def use(self, settings: object) -> None:
        """Point the mail settings of the test's own process here."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", self.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that were accepted for this address."""
        pairs = zip(self.messages, self.recipients, strict=True)
        return [message for message, addresses in pairs if address in addresses]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        time.sleep(self.delay)
        if self.answer.startswith("2"):
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
            self.recipients.append(tuple(envelope.rcpt_tos))
        return self.answer
