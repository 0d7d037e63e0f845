"""A roster that was read and shown, and waits to be applied."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models.base import UidModel
from schools.models.people import Person


class RosterImport(UidModel):
    """What a roster file said, kept between its dry run and the decision to apply it.

    `rows` are personal data: they are emptied when the roster is applied or set aside. `shown` is the
    digest of the dry run, so that nothing is applied but what was seen.
    """

    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("owner"))
    file_name = models.CharField(_("file"), max_length=120)
    since = models.DateField(_("first day of new work"), default=timezone.localdate)
    rows = models.JSONField(default=list)
    shown = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    applied_at = models.DateTimeField(_("applied"), null=True, editable=False)
    dropped_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("roster import")
        verbose_name_plural = _("roster imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(dropped_at__isnull=True), name="roster_applied_or_dropped"
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_open(self) -> bool:
        return self.applied_at is None and self.dropped_at is None
