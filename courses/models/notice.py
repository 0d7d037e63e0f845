"""What everybody in a run must hear once: it was moved, changed or cancelled."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.run import Run
from courses.states import NoticeKind
from schools.models import Person
from schools.models.base import closed_list


class RunNotice(models.Model):
    """One change of a published run. `sequence` is that of the run after it, as calendar entries carry it.

    `was_from`, `was_to` are the dates before, `entries` how many meetings there were: one calendar entry each.
    `told_at` stays empty until everybody's letter stands in the outbox; a task does that in batches and keeps
    in `told_through` the key of the last enrolment, so that a dead worker delays letters and doubles none.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="notices", verbose_name=_("course run"))
    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind.choices)
    sequence = models.PositiveIntegerField()
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    was_from = models.DateField(null=True, blank=True)
    was_to = models.DateField(null=True, blank=True)
    entries = models.PositiveSmallIntegerField(default=0)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    told_through = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("notice about a run")
        verbose_name_plural = _("notices about runs")
        indexes = [models.Index(fields=["id"], condition=Q(told_at=None), name="notice_to_tell")]
        constraints = [
            closed_list("kind", NoticeKind, name="notice_kind"),
            models.UniqueConstraint(fields=["run", "sequence"], name="one_notice_a_sequence"),
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.kind} {self.sequence}"

    def entries_before(self) -> dict[str, date]:
        """Names of the calendar entries that stood before the change, each with the run's first day of then."""
        if self.was_from is None:
            return {}
        names = [f"{self.run.uid}-{order}" for order in range(1, self.entries + 1)] or [self.run.uid]
        return dict.fromkeys(names, self.was_from)
