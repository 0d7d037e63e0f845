"""Reminders in words, for the pages on which they are chosen and set."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import ReminderRule
from courses.reminder_settings import CHOOSABLE
from courses.states import ALWAYS_WANTED, ReminderKind

PURPOSE = {
    ReminderKind.BEFORE_START: gettext_lazy("Day, place and calendar entry of a course in which you have a place."),
    ReminderKind.DAY_BEFORE: gettext_lazy("Hour, place and joining link, on the day before the course."),
    ReminderKind.DEADLINE_NEAR: gettext_lazy(
        "While a nomination waits for your answer, or an application for your change."
    ),
    ReminderKind.APPROVAL_WAITING: gettext_lazy(
        "One letter about all the applications that you have to decide by the same day."
    ),
    ReminderKind.FEEDBACK_DUE: gettext_lazy("After a course, until you have said how it was."),
}
UNITS = {
    ReminderKind.BEFORE_START: gettext_lazy("days before the first day, 2 or more"),
    ReminderKind.DAY_BEFORE: gettext_lazy("always 1"),
    ReminderKind.DEADLINE_NEAR: gettext_lazy("days before the last day of registration"),
    ReminderKind.APPROVAL_WAITING: gettext_lazy("working days before the decision is due, 0 for the day itself"),
    ReminderKind.FEEDBACK_DUE: gettext_lazy("days after the last day"),
}
WHEN = {
    ReminderKind.BEFORE_START: gettext_lazy("Days before: %(days)s."),
    ReminderKind.DEADLINE_NEAR: gettext_lazy("Days before: %(days)s."),
    ReminderKind.APPROVAL_WAITING: gettext_lazy("Working days before the decision is due: %(days)s."),
    ReminderKind.FEEDBACK_DUE: gettext_lazy("Days after: %(days)s."),
}


def choice_rows(rules: Iterable[ReminderRule], wanted: Collection[str]) -> list[dict[str, object]]:
    """The kinds that a person may choose: value, label, purpose, when, and whether it is wanted."""
    rules = list(rules)
    return [_row(kind, rules) | {"wanted": kind in wanted} for kind in CHOOSABLE]


def duty_rows(rules: Iterable[ReminderRule]) -> list[dict[str, object]]:
    """The kinds that nobody can switch off."""
    rules = list(rules)
    return [_row(kind, rules) for kind in ALWAYS_WANTED]


def _row(kind: ReminderKind, rules: list[ReminderRule]) -> dict[str, object]:
    days = sorted((rule.days for rule in rules if rule.kind == kind), reverse=True)
    return {"kind": kind.value, "label": kind.label, "purpose": PURPOSE[kind], "when": _when(kind, days)}


def _when(kind: ReminderKind, days: list[int]) -> str:
    if not days:
        return _("Not sent at present.")
    listed = ", ".join(str(number) if number else _("on the day itself") for number in days)
    return WHEN[kind] % {"days": listed} if kind in WHEN else ""
