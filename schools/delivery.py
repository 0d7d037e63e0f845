"""Sending the outbox: claim what is due, send it over one kept connection, settle each letter by itself.

No transaction is open while a letter travels. A worker that dies leaves its claim behind; when that has
run out the sweeper takes the letters up again, with the same Message-ID, so a reader's program sees a repeat.
"""

import secrets
import smtplib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from schools import mailing
from schools.models import Mail
from schools.states import MailState

BATCH = 50
CLAIM_SECONDS = 180
SPARE_SECONDS = 120
"""A letter is begun only with so much of the claim left: more than EMAIL_TIMEOUT for each of its five steps."""
AWAY_SECONDS = 60
"""When letters come up again that met no mail server at all. It is not held against them."""
PAUSE_SECONDS = 15.0
"""For so long after that, a process does not knock again."""
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 360, 720, 1440))
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

_no_knocking_until = 0.0


class NoServer(Exception):
    """The mail server cannot be reached or refuses to talk: no letter's fault."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter: sent, tried again later, or given up (failed, bounced, superseded)."""

    state: MailState
    error: str = ""


def claim_due(limit: int = BATCH) -> list[Mail]:
    """Take up to `limit` due letters for this worker alone, codes first.

    Locked rows are passed over on PostgreSQL; on SQLite the transaction itself lets no second writer in.
    """
    now, token = timezone.now(), secrets.token_hex(16)
    order = ("-secret", "next_attempt_at", "id")
    with transaction.atomic():
        due = Mail.objects.filter(state=MailState.QUEUED, next_attempt_at__lte=now).order_by(*order)
        ids = list(due.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:limit])
        if not ids:
            return []
        Mail.objects.filter(pk__in=ids, state=MailState.QUEUED).update(
            state=MailState.SENDING, claim=token, claimed_until=now + timedelta(seconds=CLAIM_SECONDS)
        )
    return list(Mail.objects.filter(pk__in=ids, claim=token).order_by(*order))


def drain(*, seconds: float = 20, claim: Callable[[], list[Mail]] = claim_due) -> tuple[int, bool]:
    """Send what is due, for at most about `seconds`. Returns how many were sent and whether time ran out."""
    global _no_knocking_until
    if time.monotonic() < _no_knocking_until:
        return 0, False
    end, sent, line = time.monotonic() + seconds, 0, Line()
    try:
        while batch := claim():
            sent += _send_batch(batch, line)
            if time.monotonic() > end:
                return sent, True
        return sent, False
    except NoServer:
        _no_knocking_until = time.monotonic() + PAUSE_SECONDS
        return sent, False
    finally:
        line.close()


def take_back() -> int:
    """Letters whose worker died come up again, the attempt counted; returns how many."""
    late = Mail.objects.filter(state=MailState.SENDING, claimed_until__lt=timezone.now())
    fields = {"claim": "", "claimed_until": None, "attempts": F("attempts") + 1}
    fields["last_error"] = "The worker died while it was sending."
    hopeless = late.filter(attempts__gte=len(BACKOFF))
    if not settings.DEMO:
        hopeless.filter(secret=True).update(message=b"")
    hopeless.update(**fields, state=MailState.FAILED)
    return late.update(**fields, state=MailState.QUEUED, next_attempt_at=timezone.now())


def settle(mail: Mail, outcome: Outcome) -> bool:
    """Write down what became of a claimed letter; False if the claim was lost in the meantime."""
    now, state = timezone.now(), outcome.state
    fields: dict[str, object] = {"claim": "", "claimed_until": None, "last_error": outcome.error}
    if state == MailState.SENT:
        fields |= {"sent_at": now, "attempts": F("attempts") + 1}
    elif state == MailState.QUEUED:
        if mail.attempts >= len(BACKOFF):
            state = MailState.FAILED
        else:
            fields["next_attempt_at"] = now + BACKOFF[mail.attempts]
        fields["attempts"] = F("attempts") + 1
    elif state != MailState.SUPERSEDED:
        fields["attempts"] = F("attempts") + 1
    if mail.secret and state != MailState.QUEUED and not settings.DEMO:
        fields["message"] = b""
    return bool(Mail.objects.filter(pk=mail.pk, claim=mail.claim).update(state=state, **fields))


def _send_batch(batch: Sequence[Mail], line: "Line") -> int:
    """Send and settle one letter after another; raises NoServer once the rest is released."""
    sent = 0
    for place, mail in enumerate(batch):
        now = timezone.now()
        if mail.not_after and mail.not_after <= now:
            settle(mail, Outcome(MailState.SUPERSEDED, "Too late to be of use."))
            continue
        if mail.claimed_until and mail.claimed_until - now < timedelta(seconds=SPARE_SECONDS):
            _release(batch[place:], timedelta(0), "")
            break
        try:
            outcome = line.send(mail)
        except NoServer as problem:
            _release(batch[place:], timedelta(seconds=AWAY_SECONDS), str(problem))
            raise
        settle(mail, outcome)
        sent += outcome.state == MailState.SENT
    return sent


def _release(rows: Sequence[Mail], wait: timedelta, error: str) -> None:
    Mail.objects.filter(pk__in=[mail.pk for mail in rows], claim=rows[0].claim).update(
        state=MailState.QUEUED, claim="", claimed_until=None, next_attempt_at=timezone.now() + wait, last_error=error
    )


class Line:
    """One connection to the mail server, opened with the first letter and kept for the batch.

    Where no mail server is set (the demo) letters stay in the portal, readable in the mailbox, and count as sent.
    """

    def __init__(self) -> None:
        self.backend: EmailBackend | None = None
        if settings.EMAIL_BACKEND == SMTP_BACKEND:
            self.backend = EmailBackend()
        self.sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]

    def send(self, mail: Mail) -> Outcome:
        """Hand one letter over. Raises NoServer where there is nobody to hand it to."""
        if self.backend is None:
            return Outcome(MailState.SENT)
        server = self._open(self.backend)
        try:
            address = mailing.recipient("", mail.address).addr_spec
            server.sendmail(self.sender, [address], bytes(mail.message))
        except OSError as problem:  # smtplib's own errors are of this kind too
            return self._problem(problem)
        return Outcome(MailState.SENT)

    def close(self) -> None:
        if self.backend is not None:
            try:
                self.backend.close()
            except OSError:
                self.backend.connection = None

    def _open(self, backend: EmailBackend) -> smtplib.SMTP:
        try:
            backend.open()
        except OSError as problem:
            backend.connection = None
            raise NoServer(_sentence(problem)) from problem
        if backend.connection is None:
            raise NoServer("No connection.")
        return backend.connection

    def _problem(self, problem: Exception) -> Outcome:
        code, text = _reply(problem)
        if code == 0 or code == 421:
            self.close()
        if 500 <= code < 600:
            bounced = isinstance(problem, smtplib.SMTPRecipientsRefused)
            return Outcome(MailState.BOUNCED if bounced else MailState.FAILED, text)
        return Outcome(MailState.QUEUED, text)


def _reply(problem: Exception) -> tuple[int, str]:
    """The server's code (0 if it gave none) and its words."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(problem.recipients.values()))
    elif isinstance(problem, smtplib.SMTPResponseException):
        code, said = problem.smtp_code, problem.smtp_error  # type: ignore[assignment]  # bytes or str
    else:
        return 0, _sentence(problem)
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return code, mailing.clean_line(f"{code} {words}")[:500]


def _sentence(problem: Exception) -> str:
    return mailing.clean_line(f"{type(problem).__name__}: {problem}")[:500]
