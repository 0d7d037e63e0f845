"""Writing and reading the audit ledger. Verbs call `record` inside the transaction of their deed."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from schools.access import Actor
from schools.models import AuditEntry, AuditValues, Person, School

ERASED = "person.erase_values"
Changes = Mapping[str, tuple[object, object]]


@dataclass(frozen=True, slots=True)
class Deed:
    """One entry of `record_many`; what each field means stands at `record`."""

    subject: Model
    changes: Changes | None = None
    note: str = ""
    school: School | int | None = None
    person: Person | None = None


def record(
    *,
    actor: Actor,
    verb: str,
    subject: Model,
    changes: Changes | None = None,
    note: str = "",
    school: School | int | None = None,
    person: Person | None = None,
) -> AuditEntry:
    """Add one entry: who did `verb` («enrolment.approve») to `subject`, with each field's old and new value.

    `person` is whom it is about (the subject itself where that is a person), `school` (a row or its
    key) whose school may read it. Two inserts, no lock: the sealer chains the entry once the transaction has committed.
    """
    return record_many(actor=actor, verb=verb, deeds=[Deed(subject, changes, note, school, person)])[0]


def record_many(*, actor: Actor, verb: str, deeds: Sequence[Deed]) -> list[AuditEntry]:
    """As `record`, the same verb done to many subjects: one entry for each, in two inserts for all."""
    values = [_values(deed) for deed in deeds]
    with transaction.atomic(savepoint=False):
        entries = AuditEntry.objects.bulk_create(
            AuditEntry(
                actor_id=actor.person_id,
                actor_label="" if actor.person_id else _storable(actor.name)[:254],
                verb=verb,
                subject_type=deed.subject._meta.label_lower,
                subject_id=deed.subject.pk,
                person=deed.subject if deed.person is None and isinstance(deed.subject, Person) else deed.person,
                school_id=deed.school.pk if isinstance(deed.school, School) else deed.school,
                fields=sorted(kept.values or ()),
                digest=digest_of(kept.salt, kept.values, kept.note),
            )
            for deed, kept in zip(deeds, values, strict=True)
        )
        for entry, kept in zip(entries, values, strict=True):
            kept.entry = entry
        AuditValues.objects.bulk_create(values)
    return entries


def _values(deed: Deed) -> AuditValues:
    """The side row, not yet of any entry."""
    values = {field: [plain(old), plain(new)] for field, (old, new) in (deed.changes or {}).items()}
    return AuditValues(salt=secrets.token_hex(16), values=values, note=_storable(deed.note))


def history(subject: Model) -> QuerySet[AuditEntry]:
    """What happened to a row, oldest first, with names and values at hand (for timelines)."""
    return AuditEntry.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).select_related(
        "actor", "person", "values"
    )


def about(person: Person) -> QuerySet[AuditEntry]:
    """What happened to a person, newest first, with names and values at hand."""
    return AuditEntry.objects.filter(person=person).select_related("actor", "school", "values").order_by("-id")


@transaction.atomic
def erase(*, person: Person, actor: Actor) -> int:
    """Erase the values of every entry about `person`, and about the rows that were merged into it.

    The entries and their proof stay. Returns how many were erased. The erasure is an entry itself: `verify_audit`
    accepts missing values only where one stands behind them.
    """
    rows = [person, *Person.objects.filter(merged_into=person)]
    values = AuditValues.objects.filter(entry__person__in=rows, erased_at=None)
    count = values.update(values=None, note="", salt="", erased_at=timezone.now())
    record_many(actor=actor, verb=ERASED, deeds=[Deed(row) for row in rows])
    return count


def digest_of(salt: str, values: object, note: str) -> str:
    """Salted digest of an entry's values: proof that they were not changed, and no way back to them."""
    return hashlib.sha256(canonical([salt, values, note])).hexdigest()


def canonical(data: object) -> bytes:
    """One spelling for one value, whatever the database or the order of keys."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def plain(value: object) -> object:
    """A value as the ledger keeps it: JSON's own kinds, with numbers that no database rewrites."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, datetime):
        return (value if timezone.is_naive(value) else value.astimezone(timezone.get_fixed_timezone(0))).isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (float, Decimal)):
        return str(value)
    if isinstance(value, Mapping):
        return {_storable(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [plain(item) for item in value]
        return sorted(items, key=str) if isinstance(value, (set, frozenset)) else items
    return _storable(str(value))


def _storable(text: str) -> str:
    """Without what PostgreSQL cannot keep in text or JSON: NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
