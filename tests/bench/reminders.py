"""Due reminders from the rule to the mail server, against a bare loop with the same claims, commits and sends."""

import os
import secrets
import smtplib
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from courses import reminders, tasks
from courses.models import Enrolment, ReminderRule, Run
from courses.states import EnrolmentState, ReminderKind
from nis_library.home import processes
from schools import delivery
from schools.models import Mail
from schools.models.base import make_uid
from schools.states import MailState
from tests.bench import people, sizes, web
from tests.bench.measure import Line, more_is_better
from tests.courses import rows
from tests.services.process import Process, listens, wait_until

DUE, DAYS = sizes.count(500, 6), 3
NOON = timezone.localtime().replace(hour=12, minute=0, tzinfo=ZoneInfo(settings.TIME_ZONE)) + timedelta(days=1)
COLUMNS = [field.column for field in Mail._meta.concrete_fields if not field.primary_key]


@contextmanager
def sink() -> Iterator[None]:
    """A mail server in a process of its own, at the address that the settings name."""
    command = [sys.executable, "-m", "tests.bench.sink", str(settings.EMAIL_PORT)]
    process = Process("sink", command, env=os.environ, log=Path(settings.DATA_DIR) / "sink.log")
    try:
        wait_until(lambda: listens(settings.EMAIL_PORT), what="the mail server")
        yield
    finally:
        process.stop()


def due(day: datetime) -> tuple[ReminderRule, Run]:
    """A rule that reminds everybody with a place in one run, of which nobody was told yet."""
    ReminderRule.objects.update(active=False)
    rule = ReminderRule.objects.filter(kind=ReminderKind.BEFORE_START, days=DAYS).first()
    rule = rule or ReminderRule(kind=ReminderKind.BEFORE_START, days=DAYS)
    rule.active = True
    rule.save()
    run = rows.run(capacity=DUE, start=day + timedelta(days=DAYS), host=people.school())
    members, before = people.librarians(DUE), day - timedelta(days=2)
    Enrolment.objects.bulk_create(
        Enrolment(run=run, person_id=one.person, number=place, state=EnrolmentState.CONFIRMED, changed_at=before)
        for place, one in enumerate(members, start=1)
    )
    return rule, run


@contextmanager
def worker() -> Iterator[None]:
    """A worker with the portal's own command line; its clock shows what ours does."""
    command = ["tests.bench.worker" if word == "celery" else word for word in processes.worker()]
    told = {**os.environ, "BENCH_NOW": timezone.now().isoformat()}
    process = Process("worker", command, env=told, log=Path(settings.DATA_DIR) / "worker.log")
    try:
        process.wait_for("ready.")
        yield
    finally:
        process.stop()


def portal() -> float:
    """Reminders per second, from the beat's task to the last letter that the mail server took."""
    due(timezone.now())
    before, began = _sent(), time.perf_counter()
    tasks.send_reminders.delay()
    wait_until(lambda: _sent() - before >= DUE, seconds=300, what="the last reminder")
    return DUE / (time.perf_counter() - began)


def _sent() -> int:
    return Mail.objects.filter(state=MailState.SENT).count()


def bare() -> float:
    """The same number of letters, ready-made, through the same claims, commits and one SMTP connection."""
    rule, run = due(timezone.now())
    letters = [_again(row) for row in Mail.objects.filter(state=MailState.SENT).order_by("-pk")[:DUE]]
    began = time.perf_counter()
    with connection.cursor() as cursor:
        for first in range(0, len(letters), reminders.CHUNK):
            _owe(cursor, rule, run, letters[first : first + reminders.CHUNK])
        server = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT)
        while _send(cursor, server):
            pass
        server.quit()
    return len(letters) / (time.perf_counter() - began)


def _again(row: Mail) -> tuple[Any, ...]:
    row.uid, row.dedupe_key, row.message_id = make_uid(), secrets.token_hex(16), f"<{secrets.token_hex(8)}@x>"
    row.state, row.sent_at, row.attempts = MailState.QUEUED, None, 0
    row.next_attempt_at = timezone.now()
    fields = [field for field in Mail._meta.concrete_fields if not field.primary_key]
    return tuple(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields)


def _owe(cursor: Any, rule: ReminderRule, run: Run, letters: Sequence[tuple[Any, ...]]) -> None:
    cursor.execute(
        "UPDATE courses_reminderrule SET claim = %s, claimed_until = %s WHERE id = %s AND claimed_until IS NULL",
        [secrets.token_hex(16), timezone.now(), rule.pk],
    )
    with transaction.atomic():
        cursor.execute("SELECT id, state, sequence FROM courses_run WHERE id = %s FOR NO KEY UPDATE", [run.pk])
        enrolments = "SELECT id, state FROM courses_enrolment WHERE run_id = %s ORDER BY id LIMIT %s FOR NO KEY UPDATE"
        cursor.execute(enrolments, [run.pk, len(letters)])
        cursor.fetchall()
        line = f"({', '.join(['%s'] * len(COLUMNS))})"
        names = ", ".join(f'"{name}"' for name in COLUMNS)
        insert = f"INSERT INTO schools_mail ({names}) VALUES {', '.join([line] * len(letters))} ON CONFLICT DO NOTHING"
        cursor.execute(insert, [value for letter in letters for value in letter])
        keys = [letter[COLUMNS.index("dedupe_key")] for letter in letters]
        cursor.execute("SELECT dedupe_key, id, uid FROM schools_mail WHERE dedupe_key = ANY(%s)", [keys])
        cursor.fetchall()


def _send(cursor: Any, server: smtplib.SMTP) -> int:
    """One batch: claim, read, and for each letter send and settle; gives how many there were."""
    now, token = timezone.now(), secrets.token_hex(16)
    with transaction.atomic():
        cursor.execute(
            "SELECT id FROM schools_mail WHERE state = 'queued' AND next_attempt_at <= %s "
            "ORDER BY secret DESC, next_attempt_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
            [now, delivery.BATCH],
        )
        ids = [row[0] for row in cursor.fetchall()]
        claim = "UPDATE schools_mail SET state = 'sending', claim = %s, claimed_until = %s WHERE id = ANY(%s)"
        cursor.execute(claim, [token, now + timedelta(seconds=delivery.CLAIM_SECONDS), ids])
    cursor.execute("SELECT id, address, message FROM schools_mail WHERE id = ANY(%s) AND claim = %s", [ids, token])
    for pk, address, message in cursor.fetchall():
        server.sendmail("portal@nis.example.kz", [address], bytes(message))
        cursor.execute(
            "UPDATE schools_mail SET state = 'sent', claim = '', claimed_until = NULL, sent_at = %s, "
            "attempts = attempts + 1 WHERE id = %s AND claim = %s",
            [timezone.now(), pk, token],
        )
    return len(ids)


def measure() -> Line:
    with time_machine.travel(NOON), sink(), worker():
        portal()  # templates and such are read once
        value, limit = web.side_by_side(sizes.ROUNDS, portal, bare)
    note = (
        f"{DUE} due at a time, from the rule to the mail server, with {settings.WORKER_CONCURRENCY} worker processes; "
        f"the limit is one loop with the same claims, commits and sends of letters that are ready"
    )
    return more_is_better("reminders", value, "reminders/s", limit, note)
