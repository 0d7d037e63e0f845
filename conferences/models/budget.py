"""A year's money in lines, and the ledger of every move it made."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conferences.budget_states import PLANNING, WAYS, CostKind, MoveKind, Pot
from schools.models import Person, School
from schools.models.base import UidModel, closed_list


def _on_a_way() -> Q:
    found = Q()
    for way in WAYS:
        found |= Q(kind=way.kind, source=way.source, target=way.target)
    return found


class Budget(UidModel):
    """One line of a year's budget, of a school or (without one) of the network. Sums are tiyn, hundredths of a tenge.

    The four sums are those of the ledger, kept here so that the database itself can refuse to go below zero;
    `manage.py verify_budgets` proves that they agree.
    """

    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2008)])
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    kind = models.CharField(_("line"), max_length=10, choices=CostKind.choices)
    planned = models.BigIntegerField(_("planned, tiyn"), default=0)
    reserved = models.BigIntegerField(_("reserved, tiyn"), default=0)
    committed = models.BigIntegerField(_("committed, tiyn"), default=0)
    spent = models.BigIntegerField(_("spent, tiyn"), default=0)

    class Meta:
        ordering = ["year", F("school").asc(nulls_first=True), "id"]
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        constraints = [
            closed_list("kind", CostKind, name="budget_kind"),
            models.CheckConstraint(condition=Q(year__gte=2008, year__lte=2100), name="budget_year"),
            models.CheckConstraint(
                condition=Q(planned__gte=0, reserved__gte=0, committed__gte=0, spent__gte=0),
                name="budget_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(planned__gte=F("reserved") + F("committed") + F("spent")), name="budget_not_overdrawn"
            ),
            models.UniqueConstraint(
                fields=["year", "kind"], condition=Q(school=None), name="one_network_budget_a_line"
            ),
            models.UniqueConstraint(
                fields=["year", "school", "kind"], condition=Q(school__isnull=False), name="one_school_budget_a_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} · {self.school or '—'} · {self.get_kind_display()}"

    @property
    def free(self) -> int:
        """What may still be reserved, tiyn."""
        return self.planned - self.reserved - self.committed - self.spent


class BudgetMove(models.Model):
    """One line of the ledger: `amount` tiyn went from the pot `source` to the pot `target`. Rows are only added."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="moves", verbose_name=_("budget line"))
    trip = models.ForeignKey(
        "conferences.Trip", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("trip")
    )
    kind = models.CharField(_("move"), max_length=8, choices=MoveKind.choices)
    source = models.CharField(_("from"), max_length=9, choices=Pot.choices)
    target = models.CharField(_("to"), max_length=9, choices=Pot.choices)
    amount = models.BigIntegerField(_("amount, tiyn"))
    actor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    note = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("budget move")
        verbose_name_plural = _("budget moves")
        constraints = [
            closed_list("kind", MoveKind, name="budget_move_kind"),
            models.CheckConstraint(condition=_on_a_way(), name="budget_move_on_a_way"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_move_has_amount"),
            models.CheckConstraint(
                condition=Q(kind__in=PLANNING, trip__isnull=True) | ~Q(kind__in=PLANNING) & Q(trip__isnull=False),
                name="budget_move_is_a_trips_or_planning",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a line of the ledger is never changed: add one that corrects it")
        super().save(*args, **kwargs)
