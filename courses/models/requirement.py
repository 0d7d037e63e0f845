"""What must be completed before a course, what counts as the same, and who was let off it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.course import Course
from schools.models import Person
from schools.models.base import UidModel


class Prerequisite(models.Model):
    """Who has not completed `needed`, or an equivalent of it, may not take part in `course`."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="prerequisites", verbose_name=_("course"))
    needed = models.ForeignKey(Course, models.PROTECT, related_name="+", verbose_name=_("needed course"))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "needed"], name="one_prerequisite_a_course"),
            models.CheckConstraint(condition=~Q(course=F("needed")), name="no_course_needs_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.needed} → {self.course}"


class Equivalence(models.Model):
    """Two courses that count as the same, in one row: `one` is the older of the two by key.

    It does not reach further: what is equivalent to an equivalent counts only where it is named.
    """

    one = models.ForeignKey(Course, models.CASCADE, related_name="+", verbose_name=_("course"))
    other = models.ForeignKey(Course, models.CASCADE, related_name="+", verbose_name=_("course"))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="one_equivalence_a_pair"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="equivalence_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one} = {self.other}"


class PrerequisiteWaiver(UidModel):
    """A person may take part in a course without its prerequisites. The ledger keeps who allowed it, and why."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="waivers", verbose_name=_("course"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    reason = models.TextField(_("reason"), max_length=2000)
    by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("allowed by")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "person"], name="one_waiver_a_person"),
            models.CheckConstraint(condition=~Q(reason=""), name="waiver_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.course}"
