"""Tickets that trainers scanned, often without a network: each counts once, however often a phone sends it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.enrolment import Enrolment
from courses.models.run import Meeting
from courses.states import ScanOutcome
from schools.models import Person
from schools.models.base import closed_list

NONCE_LETTERS = 32


class Scan(models.Model):
    """One scan by one phone. The phone makes the `nonce` up, and sends it again until it has an answer.

    `scanned_at` is what the phone's clock said, held between the opening of the doors and `received_at`.
    `enrolment` is empty where the code was of no use in this run.
    """

    nonce = models.CharField(max_length=NONCE_LETTERS, unique=True)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="scans", verbose_name=_("meeting"))
    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, null=True, blank=True, related_name="scans", verbose_name=_("enrolment")
    )
    scanned_at = models.DateTimeField(_("scanned"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=ScanOutcome.choices)

    class Meta:
        ordering = ["id"]
        verbose_name = _("scanned ticket")
        verbose_name_plural = _("scanned tickets")
        constraints = [
            closed_list("outcome", ScanOutcome, name="scan_outcome"),
            models.CheckConstraint(
                condition=Q(outcome__in=["elsewhere", "unknown"], enrolment=None)
                | ~Q(outcome__in=["elsewhere", "unknown"]) & Q(enrolment__isnull=False),
                name="scan_of_somebody_or_nobody",
            ),
            models.CheckConstraint(condition=Q(scanned_at__lte=models.F("received_at")), name="scan_before_received"),
        ]
