"""What money is worth and what a day of travel is worth, each from a day on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conferences.currencies import CODES
from conferences.money import MOST, MOST_RATE
from schools.models.base import UidModel


class Rate(UidModel):
    """The rate of a currency on a day: `micro` millionths of a tenge for one unit, and who published it.

    Estimates copy rate, date and source, so a rate that is corrected later changes no sum that stands.
    """

    currency = models.CharField(_("currency"), max_length=3)
    on = models.DateField(_("date"))
    micro = models.BigIntegerField(_("rate, millionths of a tenge"))
    source = models.CharField(_("source"), max_length=120)

    class Meta:
        ordering = ["-on", "currency"]
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(fields=["currency", "on"], name="one_rate_a_day"),
            models.CheckConstraint(condition=Q(currency__in=CODES[1:]), name="rate_currency"),
            models.CheckConstraint(condition=Q(micro__gt=0, micro__lte=MOST_RATE), name="rate_in_bounds"),
            models.CheckConstraint(condition=~Q(source=""), name="rate_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.on:%d.%m.%Y}"


class PerDiemNorm(UidModel):
    """What one calendar day of travel is paid from `valid_from` on: a sum, or thousandths of the monthly index.

    `country` is ISO 3166; «KZ» for travel inside Kazakhstan, empty for every country abroad without a norm of its own.
    """

    country = models.CharField(_("country"), max_length=2, blank=True)
    valid_from = models.DateField(_("valid from"))
    minor = models.BigIntegerField(_("amount, minor units"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    mci = models.PositiveIntegerField(_("thousandths of the monthly calculation index"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["country", "-valid_from"]
        verbose_name = _("per diem norm")
        verbose_name_plural = _("per diem norms")
        constraints = [
            models.UniqueConstraint(fields=["country", "valid_from"], name="one_per_diem_norm_a_day"),
            models.CheckConstraint(
                condition=Q(minor__isnull=False, minor__gt=0, minor__lte=MOST, currency__in=CODES, mci__isnull=True)
                | Q(minor__isnull=True, currency="", mci__isnull=False, mci__gt=0),
                name="per_diem_is_sum_or_index",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country or '*'} {self.valid_from:%d.%m.%Y}"


class Mci(models.Model):
    """The monthly calculation index (АЕК, МРП) in tenge from a day on; `checked` against its published source."""

    valid_from = models.DateField(_("valid from"), unique=True)
    kzt = models.PositiveIntegerField(_("tenge"))
    checked = models.BooleanField(_("checked"), default=False)

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("monthly calculation index")
        verbose_name_plural = _("monthly calculation indices")
        constraints = [models.CheckConstraint(condition=Q(kzt__gt=0), name="mci_above_zero")]

    def __str__(self) -> str:
        return f"{self.kzt} ({self.valid_from:%d.%m.%Y})"
