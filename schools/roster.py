"""Importing a roster of librarians: read, show what would happen, then do just that in one transaction.

Nobody is removed by a roster, and an empty cell erases nothing.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from schools import audit, people, roles
from schools.access import Actor, may_change_person
from schools.errors import Refused, Stale
from schools.models import Membership, Person, RosterImport, School, User
from schools.states import Role, SchoolKind

KEPT = timedelta(days=7)
PERSON_FIELDS = ("surname", "given_name", "patronymic", "latin_name", "phone", "post", "category", "language")


class Kind(models.TextChoices):
    NEW = "new", pgettext_lazy("roster row", "new")
    CHANGED = "changed", gettext_lazy("changed")
    TRANSFER = "transfer", gettext_lazy("transfer")
    SAME = "same", gettext_lazy("unchanged")
    ERROR = "error", gettext_lazy("error")


@dataclass(slots=True)
class Entry:
    """One row of a file: its number there, its values (cleaned, or as typed where wrong), what is wrong by column."""

    number: int
    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """What one row comes to. `changes` holds old and new values by column; `errors` sentences by column."""

    number: int
    kind: Kind
    values: dict[str, str]
    person: Person | None = None
    school: School | None = None
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def keep(*, name: str, entries: list[Entry], since: date, actor: Actor) -> RosterImport:
    """Keep what a file said for the dry run. Raises Refused for an account that belongs to no person."""
    if actor.person_id is None:
        raise Refused(_("This account belongs to no person: a roster is imported in somebody's name."))
    _forget_old()
    plans = plan(entries, since=since, actor=actor)
    return RosterImport.objects.create(
        owner_id=actor.person_id,
        file_name=name[-120:],
        since=since,
        rows=[asdict(entry) for entry in entries],
        shown=digest(plans),
    )


def _forget_old() -> None:
    """What nobody decided on in a week is set aside: it is personal data."""
    now = timezone.now()
    old = RosterImport.objects.filter(applied_at=None, dropped_at=None, created_at__lt=now - KEPT)
    old.update(rows=[], dropped_at=now)


def show(*, roster: RosterImport, actor: Actor) -> list[Plan]:
    """The dry run as of now. What is shown is remembered, so that nothing else is applied."""
    plans = plan(entries_of(roster), since=roster.since, actor=actor)
    if roster.is_open and roster.shown != digest(plans):
        roster.shown = digest(plans)
        roster.save(update_fields=["shown"])
    return plans


def most_urgent(one: Plan) -> tuple[int, int]:
    """Order of a dry run: errors first, then what moves and changes, the unchanged last."""
    return (Kind.ERROR, Kind.TRANSFER, Kind.CHANGED, Kind.NEW, Kind.SAME).index(one.kind), one.number


def entries_of(roster: RosterImport) -> list[Entry]:
    return [Entry(**row) for row in roster.rows]


@dataclass(slots=True)
class _Record:
    """What the portal knows of the people and schools that a file names."""

    people: dict[str, Person | None]
    taken: set[str]
    supers: set[int]
    roles: dict[int, list[Membership]]
    schools: dict[str, School]


def plan(entries: Iterable[Entry], *, since: date, actor: Actor) -> list[Plan]:
    """What each row would come to today, in a fixed number of queries."""
    entries = list(entries)
    record = _look_up([entry.values["email"] for entry in entries if "email" not in entry.errors])
    plans = []
    for entry in entries:
        one = Plan(entry.number, Kind.ERROR, entry.values, errors=dict(entry.errors))
        email = entry.values["email"]
        one.school, one.person = record.schools.get(entry.values["school"]), record.people.get(email)
        if not one.errors and (email in record.taken or (email in record.people and not one.person)):
            one.errors["email"] = _("This e-mail has an account already.")
        if not one.errors:
            _weigh(one, record, since, actor)
        plans.append(one)
    return plans


def _look_up(emails: list[str]) -> _Record:
    users = list(User.objects.filter(email__in=emails).select_related("person"))
    further = EmailAddress.objects.filter(email__in=emails, verified=True).exclude(user__email__in=emails)
    open_rows = Membership.objects.filter(person__account__email__in=emails)
    open_rows = open_rows.exclude(valid_to__lt=timezone.localdate()).select_related("school")
    held: dict[int, list[Membership]] = {}
    for row in open_rows.prefetch_related("school__names"):
        held.setdefault(row.person_id, []).append(row)
    return _Record(
        people={user.email: user.person for user in users},
        taken=set(further.values_list("email", flat=True)),
        supers={user.person_id for user in users if user.is_superuser and user.person_id},
        roles=held,
        schools={
            school.code: school for school in School.objects.filter(kind=SchoolKind.NIS).prefetch_related("names")
        },
    )


def _weigh(one: Plan, record: _Record, since: date, actor: Actor) -> None:
    """Compare a sound row with what is on record."""
    if one.person is None:
        one.kind = Kind.NEW
        return
    rows = record.roles.get(one.person.pk, [])
    one.changes = {
        column: (getattr(one.person, column), one.values[column])
        for column in PERSON_FIELDS
        if one.values.get(column) and one.values[column] != getattr(one.person, column)
    }
    now = next((row for row in rows if row.role == Role.LIBRARIAN and row.valid_to is None), None)
    moves = now is None or now.school != one.school
    if moves:
        one.changes["school"] = (str(now.school) if now else "", str(one.school))
    one.kind = Kind.TRANSFER if moves and now else Kind.CHANGED if one.changes else Kind.SAME
    held = {row.role for row in rows} | ({Role.ADMINISTRATOR} if one.person.pk in record.supers else set())
    if one.person.archived_at:
        one.errors["email"] = _("This person's record is closed.")
    elif one.changes and not may_change_person(actor, held):
        one.errors["email"] = _("Only an administrator changes this person.")
    elif moves and actor.person_id == one.person.pk:
        one.errors["school"] = _("Nobody changes their own roles.")
    elif moves and now and since <= now.valid_from:
        day = {"day": f"{now.valid_from:%d.%m.%Y}"}
        one.errors["school"] = _("Work at the present school began on %(day)s: choose a later day.") % day
    if one.errors:
        one.kind = Kind.ERROR


def digest(plans: Iterable[Plan]) -> str:
    """What was shown, in short: two dry runs are the same if their digests are."""
    seen = [[one.number, one.kind.value, one.values, one.changes, one.errors] for one in plans]
    return hashlib.sha256(audit.canonical(seen)).hexdigest()


@transaction.atomic
def apply(*, roster: RosterImport, actor: Actor) -> list[Person]:
    """Do what the dry run showed; returns the people who are new. All rows or none.

    Raises Refused where a row is wrong, Stale where the roster was applied or the portal has changed since.
    """
    roster = RosterImport.objects.select_for_update(no_key=True).get(pk=roster.pk)
    if not roster.is_open:
        raise Stale(_("This roster has been dealt with already."))
    entries = entries_of(roster)
    _lock_known(entries)
    plans = plan(entries, since=roster.since, actor=actor)
    if digest(plans) != roster.shown:
        raise Stale(_("The portal has changed since the dry run. Look at the rows once more."))
    if any(one.kind == Kind.ERROR for one in plans):
        raise Refused(_("Correct the rows with errors in the file first."))
    added = _add([one for one in plans if one.kind == Kind.NEW], roster.since, actor)
    for one in plans:
        if one.kind in (Kind.CHANGED, Kind.TRANSFER):
            _change(one, roster, actor)
    roster.applied_at, roster.rows = timezone.now(), []
    roster.counts = Counter(one.kind.value for one in plans)
    roster.save(update_fields=["applied_at", "rows", "counts"])
    audit.record(actor=actor, verb="roster.apply", subject=roster, changes={"counts": (None, roster.counts)})
    return added


@transaction.atomic
def drop(*, roster: RosterImport, actor: Actor) -> None:
    """Set a roster aside; its rows are forgotten. Raises Stale where it was dealt with already."""
    roster = RosterImport.objects.select_for_update(no_key=True).get(pk=roster.pk)
    if not roster.is_open:
        raise Stale(_("This roster has been dealt with already."))
    roster.dropped_at, roster.rows = timezone.now(), []
    roster.save(update_fields=["dropped_at", "rows"])


def _lock_known(entries: list[Entry]) -> None:
    """Persons by key first, as everywhere."""
    emails = [entry.values["email"] for entry in entries]
    found = Person.objects.filter(account__email__in=emails).order_by("pk")
    list(found.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))


def _change(one: Plan, roster: RosterImport, actor: Actor) -> None:
    person, school = one.person, one.school
    assert person is not None
    assert school is not None
    values = {column: new for column, (_old, new) in one.changes.items() if column != "school"}
    if values:
        people.correct(person=person, values=values, actor=actor, note=roster.file_name)
    if one.kind == Kind.TRANSFER:
        roles.transfer(person=person, school=school, on=roster.since, actor=actor)
    elif "school" in one.changes:
        roles.grant(person=person, role=Role.LIBRARIAN, school=school, since=roster.since, actor=actor)


def _add(plans: list[Plan], since: date, actor: Actor) -> list[Person]:
    """People, accounts, addresses and work, each kind in one statement; one audit entry a person and a role."""
    known = [
        {column: one.values[column] for column in (*PERSON_FIELDS, "email") if one.values.get(column)} for one in plans
    ]
    added = Person.objects.bulk_create(Person(**values) for values in known)
    users = User.objects.bulk_create(
        User(email=person.email, person=person, password=make_password(None)) for person in added
    )
    EmailAddress.objects.bulk_create(EmailAddress(user=user, email=user.email, primary=True) for user in users)
    work = Membership.objects.bulk_create(
        Membership(person=person, role=Role.LIBRARIAN, school=one.school, valid_from=since)
        for one, person in zip(plans, added, strict=True)
    )
    for person, row, values in zip(added, work, known, strict=True):
        written = {column: ("", value) for column, value in values.items()}
        audit.record(actor=actor, verb="person.add", subject=person, changes=written, school=row.school)
        given = {"role": ("", row.role), "valid_from": (None, since)}
        audit.record(actor=actor, verb="role.grant", subject=row, changes=given, person=person, school=row.school)
    return added
