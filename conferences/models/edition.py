"""Conferences year by year: series, their editions, calls for papers and fees."""

import re

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField

from conferences.states import EditionMode, EditionState, PresentationFormat, SpeechLanguage
from schools.models.base import UidModel, closed_list


def words_of(choices: type[models.TextChoices]) -> str:
    """The pattern of a column that holds some words of a closed list, with one space between them."""
    word = "(" + "|".join(map(re.escape, choices.values)) + ")"
    return f"^({word}( {word})*)?$"


class Series(models.Model):
    """A conference that comes back: that of IASL, the World Library and Information Congress of IFLA."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    short_name = models.CharField(_("short name"), max_length=40)
    name = TranslatedField(models.CharField(_("name"), max_length=200))
    url = models.URLField(_("official page"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("conference series")
        verbose_name_plural = _("conference series")

    def __str__(self) -> str:
        return self.short_name


class Edition(UidModel):
    """One year's conference. Days of an edition are local to its place; they come in pairs, or are not known yet.

    `theme_checked` and `dates_checked`: the fact was compared with the official page. `sequence` grows with each
    change, so that calendars take the newer entry.
    """

    series = models.ForeignKey(Series, models.PROTECT, related_name="editions", verbose_name=_("conference series"))
    number = models.PositiveSmallIntegerField(_("number of the edition"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    theme = models.CharField(_("theme of the conference"), max_length=250, blank=True)
    city = models.CharField(_("host city"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    mode = models.CharField(_("form"), max_length=10, choices=EditionMode.choices, blank=True)
    state = models.CharField(_("status"), max_length=12, choices=EditionState.choices, default=EditionState.UNANNOUNCED)
    url = models.URLField(_("official page"), max_length=300, blank=True)
    notes = models.TextField(_("notes"), blank=True, max_length=4000)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    theme_checked = models.BooleanField(_("theme checked with the official page"), default=False)
    dates_checked = models.BooleanField(_("dates checked with the official page"), default=False)

    class Meta:
        ordering = ["-year", "series__order", "id"]
        verbose_name = _("edition of a conference")
        verbose_name_plural = _("editions of conferences")
        constraints = [
            closed_list("state", EditionState, name="edition_state"),
            models.CheckConstraint(condition=Q(mode="") | Q(mode__in=EditionMode.values), name="edition_mode"),
            models.CheckConstraint(condition=Q(year__gte=1927, year__lte=2200), name="edition_year_of_our_time"),
            models.CheckConstraint(condition=Q(country="") | Q(country__regex="^[A-Z]{2}$"), name="edition_country"),
            models.CheckConstraint(
                condition=Q(starts_on=None, ends_on=None)
                | Q(starts_on__isnull=False, ends_on__isnull=False, ends_on__gte=F("starts_on")),
                name="edition_dates_in_order",
            ),
            models.UniqueConstraint(fields=["series", "year"], name="one_edition_a_year"),
            models.UniqueConstraint(fields=["series", "number"], name="one_edition_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.year}"


class Call(models.Model):
    """A call for papers. A conference may have several: the main one, those of sections and satellites."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="calls", verbose_name=_("edition"))
    name = models.CharField(_("name of the call"), max_length=200, blank=True)
    opens_on = models.DateField(_("opens"), null=True, blank=True)
    abstract_due = models.DateField(_("abstracts due"), null=True, blank=True)
    outcome_on = models.DateField(_("answer expected"), null=True, blank=True)
    paper_due = models.DateField(_("full text due"), null=True, blank=True)
    languages = models.CharField(_("languages"), max_length=60, blank=True)
    formats = models.CharField(_("formats"), max_length=80, blank=True)
    url = models.URLField(_("page of the call"), max_length=300, blank=True)

    class Meta:
        ordering = ["abstract_due", "id"]
        verbose_name = _("call for papers")
        verbose_name_plural = _("calls for papers")
        constraints = [
            models.CheckConstraint(condition=Q(languages__regex=words_of(SpeechLanguage)), name="call_languages"),
            models.CheckConstraint(condition=Q(formats__regex=words_of(PresentationFormat)), name="call_formats"),
            models.CheckConstraint(
                condition=Q(opens_on=None) | Q(abstract_due=None) | Q(abstract_due__gte=F("opens_on")),
                name="call_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(outcome_on=None) | Q(abstract_due=None) | Q(outcome_on__gte=F("abstract_due")),
                name="call_answers_after_abstracts",
            ),
            models.CheckConstraint(
                condition=Q(paper_due=None) | Q(abstract_due=None) | Q(paper_due__gte=F("abstract_due")),
                name="call_papers_after_abstracts",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.edition)

    @property
    def language_names(self) -> list[str]:
        """In the active language."""
        return [str(SpeechLanguage(code).label) for code in self.languages.split()]

    @property
    def format_names(self) -> list[str]:
        """In the active language."""
        return [str(PresentationFormat(code).label) for code in self.formats.split()]


class Fee(models.Model):
    """What taking part costs, in minor units of a currency; less for those who register early enough."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="fees", verbose_name=_("edition"))
    name = models.CharField(_("for whom"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("fee"))
    early_amount = models.BigIntegerField(_("early-bird fee"), null=True, blank=True)
    early_until = models.DateField(_("early bird until"), null=True, blank=True)

    class Meta:
        ordering = ["edition", "id"]
        verbose_name = _("conference fee")
        verbose_name_plural = _("conference fees")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="fee_not_negative"),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="fee_currency"),
            models.CheckConstraint(
                condition=Q(early_amount=None, early_until=None)
                | Q(
                    early_until__isnull=False,
                    early_amount__isnull=False,
                    early_amount__gte=0,
                    early_amount__lte=F("amount"),
                ),
                name="fee_early_with_date",
            ),
            models.UniqueConstraint(fields=["edition", "name", "currency"], name="one_fee_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.edition} · {self.name}"
