"""What people choose to be reminded of, and what administrators set: the usual rules, and changes to them."""

from collections import Counter
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses import access
from courses.models import ReminderChoice, ReminderRule
from courses.states import ALWAYS_WANTED, ReminderKind
from schools import audit, registry
from schools.access import Actor
from schools.errors import Refused
from schools.models import Person

CHOOSABLE = tuple(kind for kind in ReminderKind if kind not in ALWAYS_WANTED)
USUAL: tuple[tuple[str, int, bool], ...] = (
    (ReminderKind.BEFORE_START, 7, True),
    (ReminderKind.BEFORE_START, 3, True),
    (ReminderKind.DAY_BEFORE, 1, True),
    (ReminderKind.DEADLINE_NEAR, 3, True),
    (ReminderKind.DEADLINE_NEAR, 1, True),
    (ReminderKind.APPROVAL_WAITING, 3, True),
    (ReminderKind.APPROVAL_WAITING, 0, True),
    (ReminderKind.FEEDBACK_DUE, 1, True),
)
"""Kind, days, switched on. With five working days for a decision, three before it is due are two after it began."""


@transaction.atomic
def load() -> Counter[str]:
    """Add the usual rules to a portal that has none yet. What an administrator set stays."""
    if ReminderRule.objects.exists():
        return Counter(same=len(USUAL))
    rules = [ReminderRule(kind=kind, days=days, active=active) for kind, days, active in USUAL]
    return Counter(added=len(ReminderRule.objects.bulk_create(rules)))


def wanted_by(person: Person) -> set[str]:
    """The kinds of reminders that the person gets, those that nobody can switch off among them."""
    declined = ReminderChoice.objects.filter(person=person, wanted=False).values_list("kind", flat=True)
    return set(ReminderKind.values) - set(declined)


@transaction.atomic
def choose(*, person: Person, wanted: Collection[str], actor: Actor) -> None:
    """Keep which of the CHOOSABLE kinds a person wants; the others are declined. Raises Refused for strangers."""
    if actor.person_id != person.pk:
        raise Refused(_("Only the person can choose which reminders to get."))
    before = wanted_by(person)
    for kind in CHOOSABLE:
        fields = {"wanted": kind in wanted}
        ReminderChoice.objects.update_or_create(person=person, kind=kind, defaults=fields)
    after = wanted_by(person)
    if before != after:
        changes = {"reminders": (sorted(before), sorted(after))}
        audit.record(actor=actor, verb="reminders.choose", subject=person, changes=changes)


def add_rule(*, kind: str, days: int, actor: Actor) -> ReminderRule:
    """A new occasion, switched on. Raises Refused for strangers, and if the rule exists or its days do not fit."""
    _refuse_strangers(actor)
    rule = ReminderRule(kind=kind, days=days)
    _refuse_unfit(rule)
    try:
        with transaction.atomic():
            rule.save(force_insert=True)
            audit.record(actor=actor, verb="reminders.add_rule", subject=rule, changes={"days": (None, str(rule))})
    except IntegrityError as error:
        raise Refused(_("There is already a rule for this occasion and number of days.")) from error
    return rule


def change_rule(*, rule: ReminderRule, days: int, active: bool, actor: Actor) -> ReminderRule:
    """Other days, or on and off. Whoever was reminded by the rule of the same event is not reminded again.

    Raises Refused as `add_rule` does.
    """
    _refuse_strangers(actor)
    try:
        with transaction.atomic():
            rule = ReminderRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
            changes = {"days": (rule.days, days), "active": (rule.active, active)}
            rule.days, rule.active = days, active
            _refuse_unfit(rule)
            rule.save(update_fields=["days", "active"])
            changed = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
            if changed:
                audit.record(actor=actor, verb="reminders.change_rule", subject=rule, changes=changed)
    except IntegrityError as error:
        raise Refused(_("There is already a rule for this occasion and number of days.")) from error
    return rule


def listen() -> None:
    """Follow people: an erased person's choices go, and where two rows were one person the kept one's count."""
    registry.erased.listen(forget)
    registry.merged.listen(follow)


def forget(*, person: Person, actor: Actor) -> None:
    ReminderChoice.objects.filter(person=person).delete()


def follow(*, kept: Person, gone: Person, actor: Actor) -> None:
    chosen = list(ReminderChoice.objects.filter(person=kept).values_list("kind", flat=True))
    theirs = ReminderChoice.objects.filter(person=gone)
    theirs.exclude(kind__in=chosen).update(person=kept)
    theirs.delete()


def _refuse_strangers(actor: Actor) -> None:
    if not access.may_set_reminders(actor):
        raise Refused(_("Only administrators change when reminders are sent."))


def _refuse_unfit(rule: ReminderRule) -> None:
    if rule.kind == ReminderKind.DAY_BEFORE and rule.days != 1:
        raise Refused(_("The day before is one day before. For other days there are “Days before the start”."))
    if rule.kind == ReminderKind.BEFORE_START and rule.days < 2:
        raise Refused(_("Write two days or more; for one there is “The day before the start”."))
    if rule.kind in (ReminderKind.DEADLINE_NEAR, ReminderKind.FEEDBACK_DUE) and rule.days < 1:
        raise Refused(_("Write one day or more."))
