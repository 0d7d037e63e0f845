"""What travellers promise to pass on, and the seminars that a trip led to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conferences.models.trip import Trip
from conferences.trip_states import Audience, PromiseKind, PromiseState
from courses.models import Run
from schools.models import Person, Region
from schools.models.base import UidModel, closed_list


class Promise(UidModel):
    """One traveller's promise: what, for whom, by when. `run` is the seminar or course that kept it."""

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="promises", verbose_name=_("trip"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("who promises"))
    kind = models.CharField(_("kind"), max_length=10, choices=PromiseKind.choices, default=PromiseKind.SEMINAR)
    what = models.CharField(_("what about"), max_length=200)
    audience = models.CharField(_("for whom"), max_length=12, choices=Audience.choices)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    due_on = models.DateField(_("by when"))
    state = models.CharField(_("status"), max_length=8, choices=PromiseState.choices, default=PromiseState.OPEN)
    run = models.ForeignKey(Run, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kept by"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    note = models.TextField(_("comment"), max_length=2000, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = _("promise to pass on")
        verbose_name_plural = _("promises to pass on")
        indexes = [
            models.Index(fields=["person", "due_on"], condition=Q(state=PromiseState.OPEN), name="promise_to_keep")
        ]
        constraints = [
            closed_list("kind", PromiseKind, name="promise_kind"),
            closed_list("audience", Audience, name="promise_audience"),
            closed_list("state", PromiseState, name="promise_state"),
            models.CheckConstraint(
                condition=Q(state=PromiseState.OPEN, run=None, settled_at=None)
                | Q(state=PromiseState.KEPT, run__isnull=False, settled_at__isnull=False)
                | Q(state=PromiseState.EXCUSED, run=None, settled_at__isnull=False) & ~Q(note=""),
                name="promise_kept_by_a_run",
            ),
            models.CheckConstraint(
                condition=Q(audience=Audience.REGION, region__isnull=False)
                | ~Q(audience=Audience.REGION) & Q(region__isnull=True),
                name="promise_region_is_named",
            ),
            models.UniqueConstraint(
                fields=["person", "run"], condition=Q(run__isnull=False), name="one_promise_kept_by_a_run"
            ),
        ]

    def __str__(self) -> str:
        return self.what


class TripDerivation(models.Model):
    """`run` passes on what was brought home from the trip."""

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="led_to", verbose_name=_("trip"))
    run = models.ForeignKey(Run, models.CASCADE, related_name="+", verbose_name=_("course run"))

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["trip", "run"], name="one_derivation_a_trip")]

    def __str__(self) -> str:
        return f"{self.trip} → {self.run}"
