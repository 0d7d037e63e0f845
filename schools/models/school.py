"""Regions and schools. Both keep the names they had, by date: a certificate states the name of its day."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField

from schools.models.base import UidModel, closed_list
from schools.states import Direction, RegionKind, SchoolKind


class DatedName(models.Model):
    """One name in three languages with the first and the last day on which it held (both inclusive)."""

    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["valid_from"]


def name_on(names, day: date | None):
    """The row of `names` that held on `day` (the newest where `day` is None or lies before all)."""
    rows = sorted(names, key=lambda row: row.valid_from or date.min)
    if day is not None:
        for row in rows:
            if (row.valid_from or date.min) <= day <= (row.valid_to or date.max):
                return row
    return rows[-1] if rows else None


def in_language(row, field: str, language: str | None = None) -> str:
    """`row`'s text in the language asked for (the active one by default), Kazakh where it is empty."""
    language = (language or get_language() or "kk")[:2]
    return getattr(row, f"{field}_{language}", "") or getattr(row, f"{field}_kk")


class Region(UidModel):
    """An oblast or a city of republican significance, by its ISO 3166-2 code."""

    iso = models.CharField("ISO 3166-2", max_length=6, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=RegionKind.choices)
    name = TranslatedField(models.CharField(_("name"), max_length=120))
    centre = TranslatedField(models.CharField(_("centre"), max_length=80, blank=True))
    since = models.DateField(_("since"), null=True, blank=True)
    general_schools = models.PositiveIntegerField(_("general-education schools"), null=True, blank=True)

    class Meta:
        ordering = ["iso"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [closed_list("kind", RegionKind, name="region_kind")]

    def __str__(self) -> str:
        return self.name


class RegionName(DatedName):
    region = models.ForeignKey(Region, models.CASCADE, related_name="names", verbose_name=_("region"))
    name = TranslatedField(models.CharField(_("name"), max_length=120))

    class Meta(DatedName.Meta):
        constraints = [models.UniqueConstraint(fields=["region", "valid_from"], name="one_region_name_a_day")]

    def __str__(self) -> str:
        return self.name


class School(UidModel):
    """A school, of NIS or not. `code` never changes; names and membership of the network carry dates."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=SchoolKind.choices, default=SchoolKind.NIS)
    direction = models.CharField(_("direction"), max_length=2, choices=Direction.choices, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="schools", verbose_name=_("region"))
    city = TranslatedField(models.CharField(_("city"), max_length=80))
    opened = models.DateField(_("opened"), null=True, blank=True)
    map_x = models.FloatField(null=True, blank=True)
    map_y = models.FloatField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        constraints = [
            closed_list("kind", SchoolKind, name="school_kind"),
            models.CheckConstraint(
                condition=Q(direction="") | Q(direction__in=Direction.values), name="school_direction"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name()

    def short_name(self, *, on: date | None = None, language: str | None = None) -> str:
        """The short name of the day `on` (today's by default), for instance «NIS PhM Semey»."""
        row = name_on(self.names.all(), on)
        return in_language(row, "short", language) if row else self.code

    def official_name(self, *, on: date | None = None, language: str | None = None) -> str:
        """The full legal name of the day `on`, as a certificate states it."""
        row = name_on(self.names.all(), on)
        return in_language(row, "official", language) if row else self.code


class SchoolName(DatedName):
    school = models.ForeignKey(School, models.CASCADE, related_name="names", verbose_name=_("school"))
    short = TranslatedField(models.CharField(_("short name"), max_length=120))
    official = TranslatedField(models.CharField(_("official name"), max_length=300))

    class Meta(DatedName.Meta):
        constraints = [
            models.UniqueConstraint(fields=["school", "valid_from"], name="one_school_name_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="school_name_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.short


class NetworkPeriod(models.Model):
    """When a school belonged to the NIS network. Figures about «our schools» ask these dates."""

    school = models.ForeignKey(School, models.CASCADE, related_name="network_periods", verbose_name=_("school"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        ordering = ["valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["school"], condition=Q(valid_to=None), name="one_open_network_period"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="network_period_dates_in_order",
            ),
        ]
