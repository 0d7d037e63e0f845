"""Closed lists of the yearly reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PeriodKind(models.TextChoices):
    CALENDAR = "calendar", _("calendar year")
    ACADEMIC = "academic", _("academic year")


JOB_KIND = "yearly_report"
"""The name under which workers know the building of a report."""
