"""Yearly reports. Once built, a report never changes: building again makes a new issue beside it."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nis_library.reports.periods import FIRST_YEAR, Period
from nis_library.reports.states import PeriodKind
from schools.models import Job, Person
from schools.models.base import UidModel, closed_list


class YearlyReport(UidModel):
    """Frozen figures of a year, and the hash of the file that keeps the rows behind them.

    `figures` is what `figures.compute` gave; `rows_name` is a file in the private data folder, one JSON line
    a completed enrolment, whose SHA-256 is `rows_sha256`.
    """

    kind = models.CharField(_("period"), max_length=10, choices=PeriodKind.choices)
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(FIRST_YEAR)])
    issue = models.PositiveSmallIntegerField(_("issue"))
    figures = models.JSONField(editable=False)
    rows_name = models.CharField(max_length=200, editable=False)
    rows_sha256 = models.CharField(max_length=64, editable=False)
    rows_count = models.PositiveIntegerField(editable=False)
    built_at = models.DateTimeField(_("built"), default=timezone.now, editable=False)
    built_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("built by"))
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="+", editable=False)

    class Meta:
        ordering = ["-year", "kind", "-issue"]
        verbose_name = _("yearly report")
        verbose_name_plural = _("yearly reports")
        constraints = [
            closed_list("kind", PeriodKind, name="report_kind"),
            models.UniqueConstraint(fields=["kind", "year", "issue"], name="one_report_an_issue"),
            models.CheckConstraint(condition=models.Q(issue__gt=0), name="report_issue_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.period.label} · {self.issue}"

    @property
    def period(self) -> Period:
        return Period(self.kind, self.year)
