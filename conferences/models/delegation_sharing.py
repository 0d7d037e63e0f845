"""How places for a conference were shared: proposals that can be repeated, edits, appeals, and schools' credit."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conferences.delegation_states import ProposalState, WishAppealState
from conferences.models.delegation import Delegation, Wish
from schools.models import Person, School
from schools.models.base import UidModel, closed_list


class DelegationProposal(UidModel):
    """One proposal of who goes, with all that is needed to repeat it.

    `inputs` and `result` are canonical JSON, `digest` the SHA-256 of inputs, version and seed. What people edit
    stands apart (`edits`), so that the result stays repeatable.
    """

    delegation = models.ForeignKey(
        Delegation, models.PROTECT, related_name="proposals", verbose_name=_("places for a conference")
    )
    version = models.PositiveIntegerField(_("version of the rules"))
    seed = models.CharField(_("seed of the draw"), max_length=64)
    inputs = models.TextField()
    result = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(_("status"), max_length=10, choices=ProposalState.choices, default=ProposalState.DRAFT)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    made_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("proposal of who goes")
        verbose_name_plural = _("proposals of who goes")
        constraints = [
            closed_list("state", ProposalState, name="delegation_proposal_state"),
            models.UniqueConstraint(
                fields=["delegation"], condition=Q(state=ProposalState.PUBLISHED), name="one_published_delegation"
            ),
            models.UniqueConstraint(
                fields=["delegation"], condition=Q(state=ProposalState.DRAFT), name="one_draft_delegation"
            ),
            models.CheckConstraint(condition=~Q(seed="") & ~Q(digest=""), name="delegation_can_be_repeated"),
        ]

    def __str__(self) -> str:
        return self.uid


class DelegationEdit(models.Model):
    """What a coordinator changed in a proposal, and why. Of several edits of one application the last holds."""

    proposal = models.ForeignKey(
        DelegationProposal, models.CASCADE, related_name="edits", verbose_name=_("proposal of who goes")
    )
    wish = models.ForeignKey(Wish, models.PROTECT, related_name="+", verbose_name=_("application for a place"))
    gives = models.BooleanField(_("gives a place"))
    reason = models.TextField(_("reason"), max_length=2000)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="delegation_edit_has_reason")]


class WishAppeal(models.Model):
    """Whoever got no place asks to look again, once. HQ answers with words."""

    wish = models.OneToOneField(Wish, models.PROTECT, related_name="appeal", verbose_name=_("application for a place"))
    text = models.TextField(_("what should be looked at again"), max_length=4000)
    state = models.CharField(_("status"), max_length=10, choices=WishAppealState.choices, default=WishAppealState.OPEN)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    made_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            closed_list("state", WishAppealState, name="wish_appeal_state"),
            models.CheckConstraint(condition=~Q(text=""), name="wish_appeal_says_something"),
            models.CheckConstraint(
                condition=Q(state=WishAppealState.OPEN, answer="", answered_at__isnull=True)
                | ~Q(state=WishAppealState.OPEN) & ~Q(answer="") & Q(answered_at__isnull=False),
                name="answered_wish_appeal_has_answer",
            ),
        ]


class DelegationCredit(models.Model):
    """What the places for one conference changed in a school's credit, in thousandths of a place."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("school"))
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, related_name="credits", verbose_name=_("places for a conference")
    )
    change = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "delegation"], name="one_credit_a_delegation"),
            models.CheckConstraint(condition=~Q(change=0), name="delegation_credit_changes"),
        ]
