"""Certificates: what they state is frozen on the day of issue."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField

from courses.models.enrolment import Enrolment
from courses.states import CertificateState
from schools.models import Person
from schools.models.base import closed_list

NUMBER = "{year}-{order:05d}"


class CertificateSeries(models.Model):
    """The next registration number of a year. Numbers run without gaps: one is taken under this row's lock."""

    year = models.PositiveSmallIntegerField(unique=True)
    next_order = models.PositiveIntegerField(default=1)


class Certificate(models.Model):
    """A certificate of completion. `code` (80 random bits) finds it at the public check page; `number` is
    its registration number. Names, hours, dates and school stay as they were on the day of issue.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="certificates", verbose_name=_("enrolment"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("holder"))
    code = models.CharField(_("check code"), max_length=16, unique=True)
    number = models.CharField(_("registration number"), max_length=16, unique=True)
    state = models.CharField(_("status"), max_length=10, choices=CertificateState.choices)
    issued_on = models.DateField(_("date of issue"))
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    issued_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("issued by"))
    holder = models.CharField(_("name"), max_length=260)
    holder_latin = models.CharField(_("name in Latin letters"), max_length=160, blank=True)
    programme = TranslatedField(models.CharField(_("course programme"), max_length=200, blank=True))
    school = TranslatedField(models.CharField(_("school"), max_length=300, blank=True))
    place = TranslatedField(models.CharField(_("venue"), max_length=200, blank=True))
    hours = models.PositiveSmallIntegerField(_("academic hours"))
    starts_on = models.DateField(_("start date"))
    ends_on = models.DateField(_("end date"))
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("supersedes")
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.TextField(_("reason"), max_length=2000, blank=True)

    class Meta:
        ordering = ["-issued_on", "-id"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        indexes = [models.Index(fields=["person", "-issued_on"], name="certificate_person")]
        constraints = [
            closed_list("state", CertificateState, name="certificate_state"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(state=CertificateState.VALID), name="one_valid_certificate"
            ),
            models.CheckConstraint(condition=Q(hours__gt=0), name="certificate_has_hours"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="certificate_dates_in_order"),
            models.CheckConstraint(
                condition=Q(state=CertificateState.VALID, closed_at__isnull=True)
                | ~Q(state=CertificateState.VALID) & Q(closed_at__isnull=False),
                name="certificate_closed_with_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.holder}"
