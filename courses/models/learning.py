"""What happened at the meetings, and what people said afterwards."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.enrolment import Enrolment
from courses.models.run import Meeting, Run
from courses.states import MarkSource, Presence
from schools.models import Person
from schools.models.base import closed_list


class Attendance(models.Model):
    """Whether somebody with a seat was at a meeting. One row each; corrections stand in the audit ledger."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance", verbose_name=_("meeting"))
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attendance", verbose_name=_("enrolment"))
    presence = models.CharField(_("attendance"), max_length=8, choices=Presence.choices)
    source = models.CharField(_("how it was marked"), max_length=8, choices=MarkSource.choices)
    marked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("marked by"))
    marked_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            closed_list("presence", Presence, name="attendance_presence"),
            closed_list("source", MarkSource, name="attendance_source"),
            models.UniqueConstraint(fields=["meeting", "enrolment"], name="one_attendance_a_meeting"),
        ]


class Feedback(models.Model):
    """One anonymous answer about a run. Nothing links it to a person: who has answered stands in
    `FeedbackGiven`, and the day alone is kept, not the hour.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="feedback", verbose_name=_("course run"))
    day = models.DateField(_("date"))
    useful = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    clear = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    organised = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    will_use = models.TextField(max_length=2000, blank=True)
    better = models.TextField(max_length=2000, blank=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [
            models.CheckConstraint(
                condition=Q(useful__range=(1, 5), clear__range=(1, 5), organised__range=(1, 5)),
                name="feedback_marks_from_1_to_5",
            )
        ]


class FeedbackGiven(models.Model):
    """That a person has answered, without what."""

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="feedback_given")
