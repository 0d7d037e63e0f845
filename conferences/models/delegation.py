"""Places for a conference that are fewer than those who wish to go: applications, and the committee's scores."""

from datetime import date

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conferences.delegation_states import Stage, WishState
from conferences.models.edition import Edition
from schools.models import Person, School
from schools.models.base import UidModel, closed_list

MOST_POINTS = 100
"""The best score that one member of the committee can give."""


class Delegation(models.Model):
    """How many of ours may go to one conference. Librarians apply until `closes_on`, that day included.

    `closes_on` is a day in Kazakhstan. Once `published_at` is set, nothing here changes any more.
    """

    edition = models.OneToOneField(
        Edition, models.PROTECT, related_name="delegation", verbose_name=_("edition of a conference")
    )
    places = models.PositiveSmallIntegerField(_("number of places"))
    school_cap = models.PositiveSmallIntegerField(_("at most from one school"), null=True, blank=True)
    closes_on = models.DateField(_("applications until"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("places for a conference")
        verbose_name_plural = _("places for conferences")
        constraints = [
            models.CheckConstraint(condition=Q(places__gt=0), name="delegation_has_places"),
            models.CheckConstraint(condition=Q(school_cap=None) | Q(school_cap__gt=0), name="delegation_school_cap"),
        ]

    def __str__(self) -> str:
        return str(self.edition)

    def stage(self, today: date) -> Stage:
        """Where the sharing of the places stands on that day."""
        if self.published_at is not None:
            return Stage.PUBLISHED
        return Stage.OPEN if today <= self.closes_on else Stage.CLOSED


class Wish(UidModel):
    """A librarian's application for a place. `school` is that of the day on which it was made."""

    delegation = models.ForeignKey(
        Delegation, models.PROTECT, related_name="wishes", verbose_name=_("places for a conference")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("who applies"))
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("school"))
    text = models.TextField(_("why"), max_length=4000)
    state = models.CharField(_("status"), max_length=10, choices=WishState.choices, default=WishState.OPEN)
    created_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("application for a place")
        verbose_name_plural = _("applications for places")
        constraints = [
            closed_list("state", WishState, name="wish_to_go_state"),
            models.CheckConstraint(condition=~Q(text=""), name="wish_to_go_says_why"),
            models.UniqueConstraint(
                fields=["delegation", "person"],
                condition=~Q(state=WishState.WITHDRAWN),
                name="one_live_wish_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.delegation}"


class WishScore(models.Model):
    """What one member of the committee thinks of an application, from 0 to 100. Nobody reads another's."""

    wish = models.ForeignKey(Wish, models.CASCADE, related_name="scores", verbose_name=_("application for a place"))
    reviewer = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("reviewer"))
    score = models.PositiveSmallIntegerField(_("score"), validators=[MaxValueValidator(MOST_POINTS)])
    word = models.TextField(_("comment"), max_length=2000, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("score of an application")
        verbose_name_plural = _("scores of applications")
        constraints = [
            models.CheckConstraint(condition=Q(score__lte=MOST_POINTS), name="wish_score_0_to_100"),
            models.UniqueConstraint(fields=["wish", "reviewer"], name="one_score_a_reviewer"),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} → {self.wish}"
