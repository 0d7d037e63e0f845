"""What others say of a proposal: open remarks, and the written form of the internal review."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conferences.models.presentation import Abstract, Presentation
from conferences.states import Advice, ReviewState
from schools.models import Person
from schools.models.base import UidModel, closed_list

SCORES = ("relevance", "novelty", "clarity", "evidence")
"""What a reviewer marks from 1 to 5."""


class Remark(models.Model):
    """A comment among authors and coordinators, who know each other's names."""

    presentation = models.ForeignKey(
        Presentation, models.CASCADE, related_name="remarks", verbose_name=_("presentation")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    text = models.TextField(_("comment"), max_length=4000)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="remark_says_something")]

    def __str__(self) -> str:
        return f"{self.person} → {self.presentation}"


class Review(UidModel):
    """A colleague's written opinion of one version of the abstract. Authors read it without the name."""

    presentation = models.ForeignKey(
        Presentation, models.CASCADE, related_name="reviews", verbose_name=_("presentation")
    )
    abstract = models.ForeignKey(Abstract, models.PROTECT, related_name="reviews", verbose_name=_("version"))
    reviewer = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("reviewer"))
    state = models.CharField(_("status"), max_length=8, choices=ReviewState.choices, default=ReviewState.ASKED)
    relevance = models.PositiveSmallIntegerField(_("relevance to the theme"), null=True, blank=True)
    novelty = models.PositiveSmallIntegerField(_("novelty"), null=True, blank=True)
    clarity = models.PositiveSmallIntegerField(_("clarity"), null=True, blank=True)
    evidence = models.PositiveSmallIntegerField(_("evidence from practice or research"), null=True, blank=True)
    strengths = models.TextField(_("strengths"), max_length=4000, blank=True)
    to_improve = models.TextField(_("what to improve"), max_length=4000, blank=True)
    advice = models.CharField(_("recommendation"), max_length=8, choices=Advice.choices, blank=True)
    due_on = models.DateField(_("due"))
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = [models.Index(fields=["reviewer", "state"], name="review_reviewer_state")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            closed_list("state", ReviewState, name="review_state"),
            models.CheckConstraint(condition=Q(advice="") | Q(advice__in=Advice.values), name="review_advice"),
            *(
                models.CheckConstraint(
                    condition=Q(**{score: None}) | Q(**{f"{score}__gte": 1, f"{score}__lte": 5}),
                    name=f"review_{score}_1_to_5",
                )
                for score in SCORES
            ),
            models.CheckConstraint(
                condition=~Q(state=ReviewState.DONE)
                | Q(done_at__isnull=False, **{f"{score}__isnull": False for score in SCORES})
                & ~Q(advice="")
                & ~Q(to_improve=""),
                name="review_done_is_complete",
            ),
            models.UniqueConstraint(fields=["abstract", "reviewer"], name="one_review_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} → {self.abstract}"
