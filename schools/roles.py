"""Roles and where they hold: grant, end, transfer. Everything is dated, nothing is overwritten."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from schools import audit, registry
from schools.access import Actor, is_administrator, may_grant
from schools.errors import Refused
from schools.models import Membership, Person, School
from schools.queries import in_force
from schools.states import SCHOOL_ROLES, Role

DAY = timedelta(days=1)


def lock(person: Person) -> Person:
    """The person's row under its lock, first in the one order of locks. Raises Refused for an archived person."""
    row = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if row.archived_at:
        raise Refused(_("This person's record is closed."))
    return row


@transaction.atomic
def grant(
    *, person: Person, role: str, school: School | None, since: date, until: date | None = None, actor: Actor
) -> Membership:
    """Give a role from `since` to `until` (inclusive; open where None).

    Raises Refused: not the actor's to give, the actor's own, school and role do not fit, dates in disorder or
    taken, or a director names a deputy who is not of the school or without a last day.
    """
    _refuse_own(person, actor)
    person = lock(person)
    if bool(school) != (role in SCHOOL_ROLES):
        raise Refused(_("Choose the school.") if not school else _("This role is held for the whole network."))
    if not may_grant(actor, role, school.pk if school else None):
        raise Refused(_("Only an administrator gives or ends this role."))
    if until and until < since:
        raise Refused(_("The last day is before the first."))
    if role == Role.DEPUTY and not (actor.runs_network or is_administrator(actor)):
        _refuse_stand_in(person, school, since, until)
    _refuse_overlap(person, role, school, since, until)
    row = Membership.objects.create(person=person, role=role, school=school, valid_from=since, valid_to=until)
    _write(actor, "role.grant", row, {"role": ("", role), "valid_from": (None, since), "valid_to": (None, until)})
    return row


@transaction.atomic
def end(*, membership: Membership, last_day: date, actor: Actor) -> None:
    """Let a role end after `last_day`; one that has not begun, or began today and ends at once, is taken back.

    Raises Refused: not the actor's to end, the actor's own, ended already, or the day lies before the first.
    """
    _refuse_own(membership.person, actor)
    person = lock(membership.person)
    row = Membership.objects.get(pk=membership.pk, person=person)
    if not may_grant(actor, row.role, row.school_id):
        raise Refused(_("Only an administrator gives or ends this role."))
    if row.valid_to and row.valid_to <= last_day:
        raise Refused(_("This role ends earlier already."))
    if last_day < row.valid_from < timezone.localdate():
        raise Refused(_("The last day is before the first."))
    _close(row, last_day, actor)


@transaction.atomic
def transfer(*, person: Person, school: School, on: date, actor: Actor) -> Membership:
    """Move a librarian to another school from the day `on`; the old row ends the day before, history stays.

    Whoever led the old school ceases to. Other rooms hear of it in the same transaction.
    Raises Refused: the actor's own, no open work as a librarian, the same school, or a day not after its start.
    """
    _refuse_own(person, actor)
    person = lock(person)
    if not may_grant(actor, Role.LIBRARIAN, school.pk):
        raise Refused(_("Only HQ and administrators transfer librarians."))
    now = Membership.objects.filter(person=person, role=Role.LIBRARIAN, valid_to=None).first()
    if now is None:
        raise Refused(_("This person does not work as a librarian: give the role instead."))
    source = now.school
    if source == school:
        raise Refused(_("This person works at that school already."))
    if on <= now.valid_from:
        text = _("Work at the present school began on %(day)s: choose a later day.")
        raise Refused(text % {"day": f"{now.valid_from:%d.%m.%Y}"})
    left = Membership.objects.filter(person=person, school=source).filter(Q(valid_to=None) | Q(valid_to__gte=on))
    for row in left:
        _close(row, on - DAY, actor)
    row = Membership.objects.create(person=person, role=Role.LIBRARIAN, school=school, valid_from=on)
    _write(actor, "person.transfer", row, {"school": (source, school), "valid_from": (now.valid_from, on)})
    registry.transferred.tell(person=person, source=source, target=school, on=on, actor=actor)
    return row


def _refuse_own(person: Person, actor: Actor) -> None:
    if actor.person_id == person.pk:
        raise Refused(_("Nobody changes their own roles."))


def _refuse_stand_in(person: Person, school: School | None, since: date, until: date | None) -> None:
    """A director names somebody of the own school, for coming days with an end."""
    if until is None:
        raise Refused(_("Say until when the deputy stands in."))
    if since < timezone.localdate():
        raise Refused(_("The first day is in the past."))
    if not Membership.objects.filter(in_force(since), person=person, school=school).exists():
        raise Refused(_("This person does not work at your school."))


def _refuse_overlap(person: Person, role: str, school: School | None, since: date, until: date | None) -> None:
    """One row a role and day; a librarian works at one school only."""
    rows = Membership.objects.filter(person=person, role=role).filter(Q(valid_to=None) | Q(valid_to__gte=since))
    if until:
        rows = rows.filter(valid_from__lte=until)
    if role == Role.LIBRARIAN and rows.exclude(school=school).exists():
        raise Refused(_("This person works as a librarian at another school then: transfer instead."))
    if rows.filter(school=school).exists():
        raise Refused(_("This person holds the role then already."))


def _close(row: Membership, last_day: date, actor: Actor) -> None:
    """End a row after `last_day`, or take it back where it would never have held."""
    changes = {"valid_to": (row.valid_to, last_day)}
    if last_day < row.valid_from:
        _write(actor, "role.withdraw", row, {"role": (row.role, ""), "valid_from": (row.valid_from, None)})
        row.delete()
        return
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
    _write(actor, "role.end", row, changes)


def _write(actor: Actor, verb: str, row: Membership, changes: Mapping[str, tuple[object, object]]) -> None:
    audit.record(actor=actor, verb=verb, subject=row, changes=changes, person=row.person, school=row.school)
