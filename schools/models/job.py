"""The job row: every piece of long work is one, whoever does it and however often a worker dies."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models.base import UidModel, closed_list
from schools.models.people import Person
from schools.states import JobState


class Job(UidModel):
    """Long work with an owner. `done`/`total` count what `stage` speaks of; `total` 0 means not known yet."""

    kind = models.CharField(_("kind"), max_length=60)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("owner"))
    state = models.CharField(_("state"), max_length=12, choices=JobState.choices, default=JobState.QUEUED)
    stage = models.CharField(_("stage"), max_length=200, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    params = models.JSONField(default=dict)
    result_name = models.CharField(max_length=200, blank=True)
    result_path = models.CharField(max_length=300, blank=True)
    error = models.TextField(_("error"), blank=True)
    cancel_requested = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    heartbeat = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("started"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    written = 0.0
    """When this process last wrote its progress down, by its own clock; not a column."""

    class Meta:
        ordering = ["-id"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state__in=[JobState.QUEUED, JobState.RUNNING]), name="job_unfinished"
            ),
            models.Index(fields=["owner", "-id"], name="job_owner"),
        ]
        constraints = [
            closed_list("state", JobState, name="job_state"),
            models.CheckConstraint(condition=Q(total=0) | Q(done__lte=F("total")), name="job_done_within_total"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, heartbeat__isnull=False) & ~Q(claim="")
                | (~Q(state=JobState.RUNNING) & Q(claim="")),
                name="job_claim_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[JobState.QUEUED, JobState.RUNNING], ended_at=None)
                | (Q(state__in=[JobState.DONE, JobState.FAILED, JobState.CANCELLED]) & Q(ended_at__isnull=False)),
                name="job_ended_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

    @property
    def percent(self) -> int | None:
        """Whole percent done, or None while the total is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None
