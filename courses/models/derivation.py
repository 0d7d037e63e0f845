"""From what a run grew: the courses and the earlier runs whose knowledge it passes on."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models.course import Course
from courses.models.run import Run


class Derivation(models.Model):
    """`run` passes on what was learned in `source_course` (whenever it was taught before) or in `source_run`.

    Further kinds of sources stand in the rooms above, each with a table of its own that names the run.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="sources", verbose_name=_("course run"))
    source_course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("course")
    )
    source_run = models.ForeignKey(
        Run, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("earlier run")
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source_course__isnull=False, source_run__isnull=True)
                | Q(source_course__isnull=True, source_run__isnull=False),
                name="derivation_from_course_or_run",
            ),
            models.CheckConstraint(
                condition=Q(source_run__isnull=True) | ~Q(source_run=F("run")), name="derivation_not_from_itself"
            ),
            models.UniqueConstraint(fields=["run", "source_course"], name="one_derivation_a_course"),
            models.UniqueConstraint(fields=["run", "source_run"], name="one_derivation_a_run"),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.run}"

    @property
    def source(self) -> Course | Run:
        """Whichever of the two it is."""
        source = self.source_course or self.source_run
        assert source is not None, "held by derivation_from_course_or_run"
        return source
