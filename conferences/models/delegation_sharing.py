"""How places for a conference were shared: proposals that can be repeated, edits, appeals, and schools' credit."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conferences.models.delegation import Delegation, Wish
from courses.models.stored import StoredAllocation, StoredAppeal, StoredEdit, appeal_rules, one_of_each
from courses.states import AllocationState
from schools.models import School
from schools.models.base import UidModel, closed_list


class DelegationProposal(StoredAllocation, UidModel):
    """One proposal of who goes to a conference."""

    delegation = models.ForeignKey(
        Delegation, models.PROTECT, related_name="proposals", verbose_name=_("places for a conference")
    )
    version = models.PositiveIntegerField(_("version of the rules"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("proposal of who goes")
        verbose_name_plural = _("proposals of who goes")
        constraints = [
            closed_list("state", AllocationState, name="delegation_proposal_state"),
            *one_of_each("delegation", published="one_published_delegation", draft="one_draft_delegation"),
            models.CheckConstraint(condition=~Q(seed="") & ~Q(digest=""), name="delegation_can_be_repeated"),
        ]

    def __str__(self) -> str:
        return self.uid


class DelegationEdit(StoredEdit):
    """What a coordinator changed in a proposal: a place given to an application, or taken from it."""

    proposal = models.ForeignKey(
        DelegationProposal, models.CASCADE, related_name="edits", verbose_name=_("proposal of who goes")
    )
    wish = models.ForeignKey(Wish, models.PROTECT, related_name="+", verbose_name=_("application for a place"))
    gives = models.BooleanField(_("gives a place"))

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="delegation_edit_has_reason")]


class WishAppeal(StoredAppeal):
    """Whoever got no place at a conference asks HQ to look again."""

    wish = models.OneToOneField(Wish, models.PROTECT, related_name="appeal", verbose_name=_("application for a place"))

    class Meta:
        ordering = ["id"]
        constraints = [
            *appeal_rules(
                state="wish_appeal_state", text="wish_appeal_says_something", answer="answered_wish_appeal_has_answer"
            )
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
