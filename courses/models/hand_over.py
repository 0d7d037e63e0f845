"""A confirmed place on its way to a colleague."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.enrolment import Enrolment
from courses.models.run import Run
from courses.states import HANDING, HandOverState
from schools.models import Person
from schools.models.base import UidModel, closed_list


class HandOver(UidModel):
    """Somebody with a place asks a colleague of the same school to come instead.

    The place stays with `enrolment` until the last yes. `taker` is the colleague's own application: the one that
    waited already, or one that was made when they agreed. The colleague answers by `until`. `reason` is the word of
    who hands the place over, `answer` that of the colleague.
    """

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="hand_overs", verbose_name=_("application that has the place")
    )
    run = models.ForeignKey(Run, models.PROTECT, related_name="+", verbose_name=_("course run"))
    to = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("colleague"))
    taker = models.ForeignKey(
        Enrolment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("the colleague's application"),
    )
    state = models.CharField(_("status"), max_length=10, choices=HandOverState.choices, default=HandOverState.ASKED)
    until = models.DateTimeField(_("answer by"))
    reason = models.TextField(_("word to the colleague"), max_length=2000, blank=True)
    answer = models.TextField(_("word of the colleague"), max_length=2000, blank=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("hand-over of a place")
        verbose_name_plural = _("hand-overs of places")
        indexes = [models.Index(fields=["run"], condition=Q(state__in=HANDING), name="hand_over_open")]
        constraints = [
            closed_list("state", HandOverState, name="hand_over_state"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(state__in=HANDING), name="one_open_hand_over_a_place"
            ),
            models.UniqueConstraint(
                fields=["run", "to"], condition=Q(state__in=HANDING), name="one_open_hand_over_a_colleague"
            ),
            models.CheckConstraint(
                condition=Q(state__in=HANDING, settled_at__isnull=True)
                | ~Q(state__in=HANDING) & Q(settled_at__isnull=False),
                name="settled_hand_over_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[HandOverState.AGREED, HandOverState.DONE]) | Q(taker__isnull=False),
                name="agreed_hand_over_has_a_taker",
            ),
            models.CheckConstraint(
                condition=Q(taker__isnull=True) | ~Q(taker=models.F("enrolment")), name="nobody_takes_over_from_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} → {self.to}"
