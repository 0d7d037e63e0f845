"""Reminders to guests: one for a sign-up about all its people, with the link in it; afterwards a word of thanks.

As `due` and `reminders` do it for people with an account: found from rows, rendered while nothing is locked, and owed
under the locks where it is still true.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext

from courses import due, guest_links, reminder_words
from courses.guest_letters import people_lines
from courses.models import Attendance, Enrolment, EnrolmentMove, ReminderRule, Run, Signup
from courses.states import Presence, ReminderKind
from schools import outbox
from schools.models import Mail
from schools.states import MailState

KINDS = tuple(reminder_words.TO_GUESTS)
"""Guests have nothing to answer before a deadline and decide nothing."""


def to_remind(rule: ReminderRule, fact: date, run_ids: list[int], *, now: datetime) -> QuerySet[Signup]:
    """Sign-ups for these runs with an address, somebody to speak of, and no letter of this occasion yet."""
    if rule.kind not in KINDS:
        return Signup.objects.none()
    moves = EnrolmentMove.objects.filter(enrolment__signup=OuterRef("pk"), told_at=None)
    fresh = Enrolment.objects.filter(signup=OuterRef("pk"), changed_at__gt=now - due.SETTLE)
    return (
        Signup.objects.filter(Exists(_people(rule).filter(signup=OuterRef("pk"))), run__in=run_ids)
        .filter(~Exists(moves), ~Exists(fresh), ~Exists(_same_letter(rule, fact)))
        .exclude(email="")
        .exclude(pk__in=_told(rule, fact))
        .order_by("run", "id")
    )


def owe(rule: ReminderRule, fact: date, rows: Sequence[Signup]) -> int:
    """Render the letters of a chunk, then owe those whose run, people and address have not changed meanwhile."""
    runs, people = due.for_letters({row.run_id for row in rows}), _of_each(rule, rows)
    said: dict[tuple[int, str], reminder_words.About] = {}
    mails = []
    for row in rows:
        row.run, place = runs[row.run_id], (row.run_id, row.language)
        if (about := said.get(place)) is None:
            about = said[place] = reminder_words.about(rule.kind, row.run, row.language)
        mails.append(_compose(rule, fact, row, people[row.pk], about))
    return _insert_where_true(rule, rows, people, mails)


def _people(rule: ReminderRule) -> QuerySet[Enrolment]:
    """Whom such a letter speaks of; thanked are those who were there and have not answered yet."""
    rows = Enrolment.objects.filter(state__in=due.AUDIENCE[rule.kind], person__archived_at=None)
    if rule.kind != ReminderKind.FEEDBACK_DUE:
        return rows
    came = Attendance.objects.filter(enrolment=OuterRef("pk"), presence=Presence.PRESENT)
    return rows.filter(Exists(came), feedback_given=None)


def _of_each(rule: ReminderRule, rows: Sequence[Signup]) -> dict[int, list[Enrolment]]:
    found: dict[int, list[Enrolment]] = defaultdict(list)
    for row in _people(rule).filter(signup__in=rows).select_related("person").order_by("number"):
        found[row.signup_id or 0].append(row)
    return found


def _key(rule: ReminderRule, fact: date, *rest: int) -> str:
    """After rule and day: sign-up, how many letters about it there were, sequence of the run."""
    return f"guests:{due.key(rule, fact, *rest)}"


def _told(rule: ReminderRule, fact: date) -> QuerySet[Mail, Any]:
    letters = Mail.objects.filter(dedupe_key__startswith=_key(rule, fact) + ":", subject_id__isnull=False)
    return letters.exclude(state=MailState.SUPERSEDED).values("subject_id")


def _same_letter(rule: ReminderRule, fact: date) -> QuerySet[Mail]:
    """One that was taken back comes again only after another letter about the sign-up, or with other facts."""
    parts = (Concat(Value(":"), Cast(OuterRef(name), CharField())) for name in ("pk", "letters", "run__sequence"))
    return Mail.objects.filter(dedupe_key=Concat(Value(_key(rule, fact)), *parts))


@transaction.atomic
def _insert_where_true(
    rule: ReminderRule, rows: Sequence[Signup], people: dict[int, list[Enrolment]], mails: Sequence[Mail]
) -> int:
    """Under the locks of runs, enrolments and sign-ups, in this order."""
    runs = Run.objects.select_for_update(no_key=True).filter(pk__in={row.run_id for row in rows}).order_by("pk")
    facts = {pk: (state, sequence) for pk, state, sequence in runs.values_list("pk", "state", "sequence")}
    keys = [row.pk for row in rows]
    list(Enrolment.objects.select_for_update(no_key=True).filter(signup__in=keys).order_by("pk").values_list("pk"))
    signups = Signup.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    links = {pk: rest for pk, *rest in signups.values_list("pk", "email", "link_epoch", "letters")}
    now = _of_each(rule, rows)
    return outbox.enqueue_composed(
        [
            mail
            for row, mail in zip(rows, mails, strict=True)
            if facts[row.run_id] == (row.run.state, row.run.sequence)
            and links[row.pk] == [row.email, row.link_epoch, row.letters]
            and _standing(now[row.pk]) == _standing(people[row.pk])
        ]
    )


def _standing(rows: Sequence[Enrolment]) -> list[tuple[int, int, str]]:
    return [(row.pk, row.person_id, row.state) for row in rows]


def _compose(
    rule: ReminderRule, fact: date, signup: Signup, rows: Sequence[Enrolment], about: reminder_words.About
) -> Mail:
    run, language = signup.run, signup.language
    with translation.override(language):
        lines = _lines(rule, rows)
    return outbox.compose(
        kind=reminder_words.REMINDER,
        dedupe_key=_key(rule, fact, signup.pk, signup.letters, run.sequence),
        language=language,
        address=signup.email,
        about=signup,
        calendar=about.calendar,
        not_after=due.useful_until(rule, fact, run),
        context={
            "words": reminder_words.TO_GUESTS[rule.kind],
            "rows": [*about.rows, *lines],
            "run": run,
            "greeting_name": signup.name,
            "to_guests": True,
            "link": guest_links.address(signup),
        },
    )


def _lines(rule: ReminderRule, rows: Sequence[Enrolment]) -> list[tuple[str, str | Promise]]:
    if rule.kind != ReminderKind.FEEDBACK_DUE:
        return people_lines(rows)
    return [(gettext("Who was there"), ", ".join(row.person.full_name for row in rows))]
