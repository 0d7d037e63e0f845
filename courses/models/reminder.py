"""When people are reminded, as data, and which reminders each of them wants."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.states import ALWAYS_WANTED, ReminderKind
from schools.models import Person
from schools.models.base import UidModel, closed_list

MOST_DAYS = 90


class ReminderRule(UidModel):
    """One occasion of reminders; `days` counts what `ReminderKind` says for its kind.

    `claim` names the worker that writes this rule's letters now, until `claimed_until`: a worker that dies
    leaves the rule to the next one.
    """

    kind = models.CharField(_("occasion"), max_length=20, choices=ReminderKind.choices)
    days = models.PositiveSmallIntegerField(_("days"), validators=[MaxValueValidator(MOST_DAYS)])
    active = models.BooleanField(_("switched on"), default=True)
    claim = models.CharField(max_length=32, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        constraints = [
            closed_list("kind", ReminderKind, name="reminder_rule_kind"),
            models.UniqueConstraint(fields=["kind", "days"], name="one_reminder_rule_an_occasion"),
            models.CheckConstraint(
                condition=Q(kind=ReminderKind.DAY_BEFORE, days=1)
                | Q(kind=ReminderKind.BEFORE_START, days__gte=2)
                | Q(kind__in=[ReminderKind.DEADLINE_NEAR, ReminderKind.FEEDBACK_DUE], days__gte=1)
                | Q(kind=ReminderKind.APPROVAL_WAITING),
                name="reminder_rule_days_fit_kind",
            ),
            models.CheckConstraint(condition=Q(days__lte=MOST_DAYS), name="reminder_rule_days_at_most"),
            models.CheckConstraint(
                condition=Q(claim="", claimed_until=None) | ~Q(claim="") & Q(claimed_until__isnull=False),
                name="reminder_rule_claim_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.days}"


class ReminderChoice(models.Model):
    """That a person wants a kind of reminder, or does not. Without a row it is wanted."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("occasion"), max_length=20, choices=ReminderKind.choices)
    wanted = models.BooleanField(_("wanted"), default=True)

    class Meta:
        verbose_name = _("choice of reminders")
        verbose_name_plural = _("choices of reminders")
        constraints = [
            closed_list("kind", ReminderKind, name="reminder_choice_kind"),
            models.UniqueConstraint(fields=["person", "kind"], name="one_reminder_choice_a_kind"),
            models.CheckConstraint(
                condition=Q(wanted=True) | ~Q(kind__in=ALWAYS_WANTED), name="reminder_choice_not_of_duties"
            ),
        ]
