"""Regions and schools. Both keep the names they had, by date: a certificate states the name of its day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField

from schools.models.base import UidModel, closed_list
from schools.models.words import WordsField, search_key
from schools.states import Direction, RegionKind, SchoolKind, SchoolSource

LANGUAGES = ("kk", "ru", "en")
KEYS_AT_ONCE = 500


def dates_in_order(*, name: str) -> models.CheckConstraint:
    """The last day is not before the first; either may be open."""
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")), name=name
    )


class Dated(models.Model):
    """What held from one day to another (both inclusive); an open date is empty."""

    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["valid_from"]


def row_on(rows: Iterable[Any], day: date | None = None) -> Any:
    """The dated row that held on `day` (today where `day` is None).

    Where none did, the nearest that had begun by then, else the first: a certificate from before the
    records still has a name to state. None only where there are no rows at all.
    """
    day = day or timezone.localdate()
    rows = sorted(rows, key=lambda row: row.valid_from or date.min)
    begun = [row for row in rows if (row.valid_from or date.min) <= day]
    held = [row for row in begun if day <= (row.valid_to or date.max)]
    return (held or begun or rows[:1] or [None])[-1]


def in_language(row: Any, field: str, language: str | None = None) -> str:
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The schools of a region that was renamed are found by its new name."""
        super().save(*args, **kwargs)
        write_search_keys(School.objects.filter(region=self))

    def name_on(self, day: date | None = None, *, language: str | None = None) -> str:
        """The name of the day, for instance «South Kazakhstan Region» before 19 June 2018."""
        return in_language(row_on(self.names.all(), day) or self, "name", language)


class RegionName(Dated):
    """What a region was called. Source: the decrees on renaming, in `schools/data/dated_names.csv`."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="names", verbose_name=_("region"))
    name = TranslatedField(models.CharField(_("name"), max_length=120))

    class Meta(Dated.Meta):
        constraints = [
            models.UniqueConstraint(fields=["region", "valid_from"], name="one_region_name_a_day"),
            dates_in_order(name="region_name_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.name


class CityName(Dated):
    """What a city was called; `city` is the Kazakh name of today, as `School.city_kk` has it."""

    city = models.CharField(_("city"), max_length=80)
    name = TranslatedField(models.CharField(_("name"), max_length=80))

    class Meta(Dated.Meta):
        constraints = [
            models.UniqueConstraint(fields=["city", "valid_from"], name="one_city_name_a_day"),
            dates_in_order(name="city_name_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.name


class School(UidModel):
    """A school, of NIS or not. `code` never changes; names and membership of the network carry dates.

    Names of general-education schools repeat: the ministry's code, where it is known, tells them apart.
    `bulk_create()` and `update()` write `search_key` only if told: see `search_key_of` and `write_search_keys`.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=SchoolKind.choices, default=SchoolKind.NIS)
    direction = models.CharField(_("direction"), max_length=2, choices=Direction.choices, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="schools", verbose_name=_("region"))
    city = TranslatedField(models.CharField(_("city"), max_length=80))
    district = TranslatedField(models.CharField(_("district"), max_length=120, blank=True))
    rural = models.BooleanField(_("rural"), null=True, blank=True)
    source = models.CharField(
        _("source"), max_length=10, choices=SchoolSource.choices, default=SchoolSource.ADDED, editable=False
    )
    external_code = models.CharField(_("code of the ministry"), max_length=40, blank=True)
    opened = models.DateField(_("opened"), null=True, blank=True)
    map_x = models.FloatField(null=True, blank=True)
    map_y = models.FloatField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    search_key = WordsField()

    class Meta:
        ordering = ["code"]
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        constraints = [
            closed_list("kind", SchoolKind, name="school_kind"),
            closed_list("source", SchoolSource, name="school_source"),
            models.UniqueConstraint(
                fields=["external_code"], condition=~Q(external_code=""), name="one_school_an_external_code"
            ),
            models.CheckConstraint(
                condition=Q(direction="") | Q(direction__in=Direction.values), name="school_direction"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = search_key_of(self, self.names.all() if self.pk else ())
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "search_key"}
        super().save(*args, **kwargs)

    def short_name(self, *, on: date | None = None, language: str | None = None) -> str:
        """The short name of the day `on` (today's by default), for instance «NIS PhM Semey»."""
        row = row_on(self.names.all(), on)
        return in_language(row, "short", language) if row else self.code

    def official_name(self, *, on: date | None = None, language: str | None = None) -> str:
        """The full legal name of the day `on`, as a certificate states it."""
        row = row_on(self.names.all(), on)
        return in_language(row, "official", language) if row else self.code

    def region_on(self, day: date | None = None) -> Region:
        """The region that the school counted to on `day`: borders moved in 2018 and 2022."""
        row = row_on(self.regions.all(), day)
        return row.region if row else self.region

    def city_on(self, day: date | None = None, *, language: str | None = None) -> str:
        """The city by the name it had on `day` (one query)."""
        row = row_on(CityName.objects.filter(city=in_language(self, "city", "kk")), day)
        return in_language(row, "name", language) if row else in_language(self, "city", language)


class SchoolRegion(Dated):
    """To which region a school counted. Schools that never changed have no rows: `School.region` holds."""

    school = models.ForeignKey(School, models.CASCADE, related_name="regions", verbose_name=_("school"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))

    class Meta(Dated.Meta):
        constraints = [
            models.UniqueConstraint(fields=["school", "valid_from"], name="one_school_region_a_day"),
            dates_in_order(name="school_region_dates_in_order"),
        ]


class SchoolName(Dated):
    """What a school was called, short for lists and in full for certificates."""

    school = models.ForeignKey(School, models.CASCADE, related_name="names", verbose_name=_("school"))
    short = TranslatedField(models.CharField(_("short name"), max_length=120))
    official = TranslatedField(models.CharField(_("official name"), max_length=300))

    class Meta(Dated.Meta):
        constraints = [
            models.UniqueConstraint(fields=["school", "valid_from"], name="one_school_name_a_day"),
            dates_in_order(name="school_name_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.short

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        write_search_keys(School.objects.filter(pk=self.school_id))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        write_search_keys(School.objects.filter(pk=self.school_id))
        return gone


def search_key_of(school: School, names: Iterable[SchoolName]) -> str:
    """What the school is found by: the names that it has and had, its city, district and region."""
    named = [getattr(row, f"{field}_{code}") for row in names for field in ("short", "official") for code in LANGUAGES]
    places = [getattr(school, f"{field}_{code}") for field in ("city", "district") for code in LANGUAGES]
    return search_key(named, [*places, *(getattr(school.region, f"name_{code}") for code in LANGUAGES)])


def write_search_keys(schools: models.QuerySet[School]) -> int:
    """Make the keys of these schools right; returns how many were not."""
    stale = []
    for school in schools.select_related("region").prefetch_related("names").iterator(KEYS_AT_ONCE):
        if school.search_key != (key := search_key_of(school, school.names.all())):
            school.search_key = key
            stale.append(school)
    School.objects.bulk_update(stale, ["search_key"], batch_size=KEYS_AT_ONCE)
    return len(stale)


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
