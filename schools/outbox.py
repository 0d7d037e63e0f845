"""The mail outbox's verbs: owe somebody a letter, take it back, try it again. Sending is in `delivery`."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Count, Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from schools import audit, bell, mailing
from schools.access import Actor
from schools.errors import Refused
from schools.models import Mail, Person
from schools.models.base import make_uid
from schools.states import MailState

DELIVER = "schools.tasks.deliver_mail"


def enqueue(
    *,
    kind: str,
    dedupe_key: str,
    language: str,
    context: dict[str, Any],
    person: Person | None = None,
    address: str = "",
    about: Model | None = None,
    calendar: bytes = b"",
    calendar_method: str = "REQUEST",
    secret: bool = False,
    not_after: datetime | None = None,
) -> Mail | None:
    """Owe a letter, rendered now in the reader's language; None if this occasion already has one.

    `dedupe_key` names occasion and fact («reminder:run17:2026-12-08:person5»). The letter goes to `address`,
    or to the person's. `about` is the row it speaks of, see `supersede`. A `secret` letter is wiped once sent;
    after `not_after` it is no longer sent. An address that cannot be written to makes a row in trouble,
    which administrators see, and never an error for whoever caused the letter.
    """
    if Mail.objects.filter(dedupe_key=dedupe_key).exists():
        return None
    return _insert(
        compose(
            kind=kind,
            dedupe_key=dedupe_key,
            language=language,
            context=context,
            person=person,
            address=address,
            about=about,
            calendar=calendar,
            calendar_method=calendar_method,
            secret=secret,
            not_after=not_after,
        )
    )


def compose(
    *,
    kind: str,
    dedupe_key: str,
    language: str,
    context: dict[str, Any],
    person: Person | None = None,
    address: str = "",
    about: Model | None = None,
    calendar: bytes = b"",
    calendar_method: str = "REQUEST",
    secret: bool = False,
    not_after: datetime | None = None,
) -> Mail:
    """The letter of `enqueue`, rendered but not yet owed: the database is neither read nor written."""
    address = (address or (person.email if person else "")).strip()
    uid = make_uid()
    letter = mailing.render(kind=kind, language=language, context=_greeting(person) | context)
    mail = Mail(
        uid=uid,
        kind=kind,
        dedupe_key=dedupe_key,
        person=person,
        address=mailing.clean_line(address)[:254],
        language=language,
        subject=letter.subject,
        message_id=f"<{uid}.{secrets.token_hex(8)}@{_domain()}>",
        secret=secret,
        not_after=not_after,
        subject_type=about._meta.label_lower if about else "",
        subject_id=about.pk if about else None,
    )
    _write_mime(mail, letter, address, calendar, calendar_method)
    return mail


def _write_mime(mail: Mail, letter: mailing.Letter, address: str, calendar: bytes, calendar_method: str) -> None:
    """The finished message; a letter to an impossible address has no addressee and is in trouble from the start."""
    if not _usable(address):
        mail.state, mail.last_error, address = MailState.BOUNCED, "The address cannot be written to.", ""
    mail.message = mailing.build(
        letter=letter,
        name=mail.person.full_name if mail.person else "",
        address=address,
        language=mail.language,
        message_id=mail.message_id,
        calendar=calendar,
        calendar_method=calendar_method,
    )


def _usable(address: str) -> bool:
    try:
        validate_email(address)
        mailing.recipient("", address)
    except (ValidationError, ValueError):
        return False
    return True


def enqueue_composed(mails: Sequence[Mail]) -> int:
    """Owe many composed letters in two statements; returns how many occasions had none yet. One bell for all."""
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    found = Mail.objects.filter(dedupe_key__in=[mail.dedupe_key for mail in mails])
    owed = {key: (pk, uid) for key, pk, uid in found.values_list("dedupe_key", "pk", "uid")}
    if lost := [mail.dedupe_key for mail in mails if mail.dedupe_key not in owed]:
        raise IntegrityError(f"The letter {lost[0]} breaks a rule of the outbox.")
    ours = [owed[mail.dedupe_key][0] for mail in mails if owed[mail.dedupe_key][1] == mail.uid]
    if ours:
        bell.ring_once(DELIVER, ours[0])
    return len(ours)


def _insert(mail: Mail) -> Mail | None:
    """Insert unless somebody else was faster; without a savepoint, inside any transaction."""
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    found = Mail.objects.filter(dedupe_key=mail.dedupe_key).values_list("pk", "uid").first()
    if found is None:
        raise IntegrityError(f"The letter {mail.dedupe_key} breaks a rule of the outbox.")
    if found[1] != mail.uid:
        return None
    mail.pk = found[0]
    if mail.state == MailState.QUEUED:
        bell.ring_once(DELIVER, mail.pk)
    return mail


def supersede(
    *,
    about: Model | Sequence[Model],
    kinds: list[str] | None = None,
    but: Sequence[str] = (),
    person: Person | None = None,
) -> int:
    """Take back the unsent letters (to `person` alone, where given) about a row, or rows of a kind, that have changed.

    Of all `kinds`, where none are given, `but` some.

    Returns how many were waiting.

    A letter that is just being sent cannot be stopped, but it is not tried a second time.
    """
    subjects = [about] if isinstance(about, Model) else about
    if not subjects:
        return 0
    rows = Mail.objects.filter(subject_type=subjects[0]._meta.label_lower, subject_id__in=[row.pk for row in subjects])
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    if but:
        rows = rows.exclude(kind__in=but)
    if person is not None:
        rows = rows.filter(person=person)
    rows.filter(state=MailState.SENDING).update(not_after=timezone.now())
    waiting = rows.filter(state=MailState.QUEUED)
    waiting.filter(secret=True).update(message=b"")
    return waiting.update(state=MailState.SUPERSEDED)


@transaction.atomic
def retry(*, mail: Mail, actor: Actor) -> None:
    """Send a letter in trouble once more, at an administrator's word, to the address that its person has now.

    Letters about accounts stay with the address that they speak of. Raises Refused where the letter is not in
    trouble, its text is wiped, or the address is still of no use.
    """
    row = Mail.objects.select_for_update(no_key=True).get(pk=mail.pk)
    if not row.in_trouble:
        raise Refused(_("This letter is not in trouble any more."))
    if row.is_wiped:
        raise Refused(_("The text of this letter is gone, so it cannot be sent again."))
    before = {"state": row.state, "address": row.address}
    name, address = (row.person.full_name, row.person.email) if row.person and not row.secret else ("", row.address)
    if not _usable(address):
        raise Refused(_("The address cannot be written to. Put it right first."))
    if not row.secret:
        row.message = mailing.addressed(bytes(row.message), name=name, address=address)
    row.state, row.address, row.attempts, row.not_after = MailState.QUEUED, address, 0, None
    row.next_attempt_at = timezone.now()
    row.save(update_fields=["state", "address", "message", "attempts", "not_after", "next_attempt_at"])
    changes = {field: (old, getattr(row, field)) for field, old in before.items()}
    audit.record(actor=actor, verb="mail.retry", subject=row, changes=changes, person=row.person)
    bell.ring_once(DELIVER, row.pk)


SHOWN: dict[str, list[str]] = {
    "trouble": [MailState.FAILED, MailState.BOUNCED],
    "waiting": [MailState.QUEUED, MailState.SENDING],
    "sent": [MailState.SENT],
    "all": MailState.values,
}
"""The outbox as administrators look at it: which states each list holds."""


def letters(*, show: str = "all", to: str = "") -> QuerySet[Mail]:
    """Letters, newest first, without their text; narrowed to a list of SHOWN and to part of an address."""
    rows = Mail.objects.defer("message").annotate(has_text=~Q(message=b"")).select_related("person")
    if show in SHOWN and show != "all":
        rows = rows.filter(state__in=SHOWN[show])
    to = mailing.clean_line(to)  # PostgreSQL refuses to look for a NUL
    return rows.filter(address__icontains=to) if to else rows


def letter_counts() -> dict[str, int]:
    """How many letters each list of SHOWN holds."""
    return Mail.objects.aggregate(**{name: Count("pk", filter=Q(state__in=states)) for name, states in SHOWN.items()})


def _greeting(person: Person | None) -> dict[str, Any]:
    """How a letter addresses its reader: by given name and patronymic, as people speak to each other."""
    if person is None:
        return {"person": None, "greeting_name": ""}
    return {"person": person, "greeting_name": f"{person.given_name} {person.patronymic}".strip()}


def _domain() -> str:
    """The right-hand side of a Message-ID: the sender's domain."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
