"""Rules for the seats of single schools and regions in a run."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models.run import Run
from schools.models import Region, School


class SeatShare(models.Model):
    """What one school, or one region, gets of a run's seats.

    `floor` seats are promised to its people, `cap` is the most they get (None: the run's own limit), and
    `held` seats are kept for names that the school's director gives later. Held and promised seats go to all
    from the run's `merge_at` on.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="shares", verbose_name=_("course run"))
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    floor = models.PositiveSmallIntegerField(_("places promised"), default=0)
    cap = models.PositiveSmallIntegerField(_("most places"), null=True, blank=True)
    held = models.PositiveSmallIntegerField(_("places held"), default=0)

    class Meta:
        ordering = ["id"]
        verbose_name = _("share of places")
        verbose_name_plural = _("shares of places")
        constraints = [
            models.CheckConstraint(
                condition=Q(school__isnull=False, region__isnull=True) | Q(school__isnull=True, region__isnull=False),
                name="share_of_school_or_region",
            ),
            models.CheckConstraint(condition=Q(region__isnull=True) | Q(held=0), name="only_schools_hold_seats"),
            models.CheckConstraint(
                condition=Q(cap__isnull=True) | Q(cap__gte=F("floor") + F("held")), name="share_cap_holds_its_promise"
            ),
            models.UniqueConstraint(fields=["run", "school"], name="one_share_a_school"),
            models.UniqueConstraint(fields=["run", "region"], name="one_share_a_region"),
        ]

    def __str__(self) -> str:
        return f"{self.school or self.region} · {self.run}"
