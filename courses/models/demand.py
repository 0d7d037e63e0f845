"""What regional staff ask for: one row a topic, language and region, and the voices of those who want it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.course import Topic
from courses.models.run import Run
from courses.states import DemandState
from schools.models import Region, School, SchoolRequest
from schools.models.base import UidModel, closed_list
from schools.states import Language

D = DemandState


class Demand(UidModel):
    """A wish for a seminar. While it is open, all who ask for the same stand in this one row."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+", verbose_name=_("topic"))
    language = models.CharField(_("language of instruction"), max_length=2, choices=Language.choices)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    state = models.CharField(_("status"), max_length=8, choices=D.choices, default=D.OPEN)
    run = models.ForeignKey(
        Run, models.PROTECT, null=True, blank=True, related_name="demands", verbose_name=_("course run")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("demand for a seminar")
        verbose_name_plural = _("demand for seminars")
        indexes = [models.Index(fields=["state", "region"], name="demand_state_region")]
        constraints = [
            closed_list("state", D, name="demand_state"),
            closed_list("language", Language, name="demand_language"),
            models.CheckConstraint(
                condition=Q(state__in=[D.OPEN, D.CLOSED], run__isnull=True)
                | Q(state__in=[D.PLANNED, D.MET], run__isnull=False),
                name="demand_planned_with_a_run",
            ),
            models.UniqueConstraint(
                fields=["topic", "language", "region"], condition=Q(state=D.OPEN), name="one_open_demand"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} · {self.get_language_display()} · {self.region}"


class DemandVoice(UidModel):
    """One who asks, by a mail address; it counts once the link in the mail was used (`verified_at`).

    `told_at`: the letter about the seminar is in the outbox. `letters` counts the letters with the link.
    `school_request` holds a school that the directory did not know; once HQ has found it, `school` is set. The row
    goes with the withdrawal, and after a week without confirmation.
    """

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="voices", verbose_name=_("demand"))
    name = models.CharField(_("name"), max_length=260)
    email = models.EmailField(_("e-mail"), max_length=254)
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    school_request = models.ForeignKey(
        SchoolRequest, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school not listed")
    )
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.KK)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    consent_version = models.CharField(_("version of the consent"), max_length=20)
    consented_at = models.DateTimeField(_("consent given"))
    link_epoch = models.PositiveSmallIntegerField(default=1)
    letters = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("voice")
        verbose_name_plural = _("voices")
        indexes = [
            models.Index(fields=["email"], name="demand_voice_email"),
            models.Index(fields=["created_at"], condition=Q(verified_at=None), name="demand_voice_unconfirmed"),
            models.Index(
                fields=["demand"], condition=Q(told_at=None, verified_at__isnull=False), name="demand_voice_to_tell"
            ),
        ]
        constraints = [
            closed_list("language", Language, name="demand_voice_language"),
            models.CheckConstraint(condition=~Q(email="") & ~Q(name=""), name="demand_voice_has_name_and_address"),
            models.UniqueConstraint(fields=["demand", "email"], name="one_voice_an_address"),
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.demand}"
