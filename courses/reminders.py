"""Writing the reminders that are due into the outbox: in chunks, one rule at a time, safe to run twice.

The letter's row is the truth. A tick looks for people without one, renders their letters while nothing is locked,
and then, under the locks of seats, owes those whose facts still hold. Whoever dies in between leaves no trace.
"""

import logging
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from courses import due, guest_reminders, reminder_words
from courses.letters import page_link
from courses.models import Enrolment, FeedbackGiven, ReminderRule, Run
from courses.states import ReminderKind
from schools import outbox
from schools.models import Mail, Person

log = logging.getLogger(__name__)

DECISIONS_LETTER = "reminder_decisions"
CHUNK = 100
CLAIM_SECONDS = 60
"""A rule is taken for so long at a time; a chunk takes about a second."""
SHOWN = 10
"""Applications named in a letter to an approver; of more it gives the number."""


def send_due(*, seconds: float = 40) -> tuple[int, bool]:
    """Owe every reminder that is due, for about `seconds`. Returns how many letters, and whether time ran out."""
    end, written = time.monotonic() + seconds, 0
    if not due.readers_are_awake(timezone.now()):
        return 0, False
    for rule in ReminderRule.objects.filter(active=True).order_by("id"):
        try:
            for chunk in _chunks(rule):
                written += chunk
                if time.monotonic() > end:
                    return written, True
        except Exception:  # what ails one rule must not silence the others
            log.exception("Reminder rule %s could not be followed.", rule.pk)
        finally:
            _release(rule)
    return written, False


def _chunks(rule: ReminderRule) -> Iterable[int]:
    """Owe the rule's letters chunk by chunk, giving the number of each; ends where another worker has the rule."""
    now = timezone.now()
    rule.claim, rule.claimed_until = secrets.token_hex(16), None
    if rule.kind == ReminderKind.APPROVAL_WAITING:
        for fact in due.open_decision_days(rule, now=now):
            yield from _remind_deciders(rule, fact, now)
        return
    for fact, run_ids in due.open_runs(rule, now=now).items():
        yield from _owe_all(rule, fact, due.to_remind(rule, fact, run_ids, now=now), _owe)
        yield from _owe_all(rule, fact, guest_reminders.to_remind(rule, fact, run_ids, now=now), guest_reminders.owe)


def _owe_all(
    rule: ReminderRule, fact: date, found: QuerySet[Any], owe: Callable[[ReminderRule, date, list[Any]], int]
) -> Iterable[int]:
    while (chunk := list(found[:CHUNK])) and _claim(rule):
        yield (written := owe(rule, fact, chunk))
        if len(chunk) < CHUNK or not written:
            break


def _claim(rule: ReminderRule) -> bool:
    """Take the rule, or keep it; False if another worker has it."""
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now) | Q(claim=rule.claim)
    until = now + timedelta(seconds=CLAIM_SECONDS)
    taken = ReminderRule.objects.filter(free, pk=rule.pk).update(claim=rule.claim, claimed_until=until)
    rule.claimed_until = until if taken else None
    return bool(taken)


def _release(rule: ReminderRule) -> None:
    if rule.claimed_until:
        ReminderRule.objects.filter(pk=rule.pk, claim=rule.claim).update(claim="", claimed_until=None)


def _owe(rule: ReminderRule, fact: date, rows: Sequence[Enrolment]) -> int:
    """Render the letters of a chunk, then owe those whose run and enrolment have not changed meanwhile."""
    runs = due.for_letters({row.run_id for row in rows})
    said: dict[tuple[int, str], reminder_words.About] = {}
    mails = []
    for row in rows:
        row.run, language = runs[row.run_id], row.person.language
        if (about := said.get((row.run_id, language))) is None:
            about = said[row.run_id, language] = reminder_words.about(rule.kind, row.run, language)
        mails.append(_compose(rule, fact, row, about))
    return _insert_where_true(rule, rows, mails)


@transaction.atomic
def _insert_where_true(rule: ReminderRule, rows: Sequence[Enrolment], mails: Sequence[Mail]) -> int:
    """Under the locks of runs and enrolments: a withdrawal, a move, an answer comes before or after, never between."""
    runs = Run.objects.select_for_update(no_key=True).filter(pk__in={row.run_id for row in rows}).order_by("pk")
    facts = {pk: (state, sequence) for pk, state, sequence in runs.values_list("pk", "state", "sequence")}
    enrolments = Enrolment.objects.select_for_update(no_key=True).filter(pk__in=[row.pk for row in rows])
    states = dict(enrolments.order_by("pk").values_list("pk", "state"))
    if rule.kind == ReminderKind.FEEDBACK_DUE:
        for answered in FeedbackGiven.objects.filter(enrolment__in=states).values_list("enrolment", flat=True):
            del states[answered]
    return outbox.enqueue_composed(
        [
            mail
            for row, mail in zip(rows, mails, strict=True)
            if states.get(row.pk) == row.state and facts[row.run_id] == (row.run.state, row.run.sequence)
        ]
    )


def _compose(rule: ReminderRule, fact: date, row: Enrolment, about: reminder_words.About) -> Mail:
    reader, run = row.person, row.run
    return outbox.compose(
        kind=reminder_words.REMINDER,
        dedupe_key=due.key(rule, fact, row.pk, reader.pk, run.sequence),
        language=reader.language,
        person=reader,
        about=row,
        calendar=about.calendar,
        not_after=due.useful_until(rule, fact, run),
        context={
            "words": reminder_words.words(rule.kind, row.state),
            "rows": about.rows,
            "run": run,
            "link": page_link(reminder_words.page(rule.kind), row.uid, language=reader.language),
            "choices_link": page_link("courses:reminder_choices", language=reader.language),
        },
    )


def _remind_deciders(rule: ReminderRule, fact: date, now: datetime) -> Iterable[int]:
    """One letter to each approver about all that must be decided by that day."""
    readers = due.deciders(fact, today=timezone.localdate(now))
    keys = {pk: due.key(rule, fact, pk) for pk in readers}
    told = set(Mail.objects.filter(dedupe_key__in=keys.values()).values_list("dedupe_key", flat=True))
    for pk, (reader, theirs) in sorted(readers.items()):
        if keys[pk] in told:
            continue
        rows = due.awaiting(fact).filter(theirs).exclude(person=reader)
        count = rows.count()
        if not count:
            continue
        if not _claim(rule):
            return
        shown = rows.select_related("person", "run__course", "school").prefetch_related("school__names")
        mail = _compose_decisions(keys[pk], fact, reader, list(shown.order_by("id")[:SHOWN]), count, now)
        yield outbox.enqueue_composed([mail])


def _compose_decisions(
    key: str, fact: date, reader: Person, rows: Sequence[Enrolment], count: int, now: datetime
) -> Mail:
    """`about` is the application where there is one alone: once decided, an unsent letter about it is taken back."""
    with translation.override(reader.language):
        lines = [_line(row) for row in rows]
    return outbox.compose(
        kind=DECISIONS_LETTER,
        dedupe_key=key,
        language=reader.language,
        person=reader,
        about=rows[0] if count == 1 else None,
        not_after=due.morning(max(fact, timezone.localdate(now)) + due.DAY, settings.TIME_ZONE),
        context={
            "count": count,
            "more": count - len(rows),
            "lines": lines,
            "fact": fact,
            "link": page_link("courses:decisions", language=reader.language),
        },
    )


def _line(row: Enrolment) -> tuple[str, str, str]:
    """Applicant, school and course, in the active language."""
    return row.person.full_name, row.school.short_name() if row.school else "", str(row.run.course)
