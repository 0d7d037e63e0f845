"""Allocations of places: the versions of the rules, what each was told and answered, edits, appeals, and credit."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.allocation_types import Rules
from courses.models.enrolment import Enrolment
from courses.models.intake import Intake
from courses.models.run import Run
from courses.models.stored import StoredAllocation, StoredAppeal, StoredEdit, appeal_rules, one_of_each
from courses.states import AllocationState, Hindrance
from schools.models import Person, School
from schools.models.base import UidModel, closed_list


class AllocationRules(models.Model):
    """One version of the rules by which places are shared. Weights are hundredths and add up to 100.

    A version is never changed: allocations that went by it can be repeated for good.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    need = models.PositiveSmallIntegerField(_("Hours missing"))
    gap = models.PositiveSmallIntegerField(_("Time since the last place"))
    share = models.PositiveSmallIntegerField(_("The school's share"))
    kept = models.PositiveSmallIntegerField(_("Commitments kept"))
    committee = models.PositiveSmallIntegerField(_("The committee's score"), default=0)
    target_hours = models.PositiveSmallIntegerField(_("target, academic hours"))
    gap_months = models.PositiveSmallIntegerField(_("months for the full part"))
    note = models.TextField(_("why this version"), max_length=2000, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-version"]
        verbose_name = _("version of the rules of allocation")
        verbose_name_plural = _("versions of the rules of allocation")
        constraints = [
            models.CheckConstraint(
                condition=Q(need=100 - F("gap") - F("share") - F("kept") - F("committee")), name="weights_add_up"
            ),
            models.CheckConstraint(condition=Q(target_hours__gt=0, gap_months__gt=0), name="rules_have_measures"),
        ]

    def __str__(self) -> str:
        return str(self.version)

    def values(self) -> Rules:
        """As the allocation takes them."""
        names = ("version", "need", "gap", "share", "kept", "committee", "target_hours", "gap_months")
        return Rules(**{name: getattr(self, name) for name in names})


class Allocation(StoredAllocation, UidModel):
    """One proposal of who gets a place in an intake, by one version of the rules."""

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="allocations", verbose_name=_("intake"))
    rules = models.ForeignKey(AllocationRules, models.PROTECT, related_name="+", verbose_name=_("rules"))
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [
            closed_list("state", AllocationState, name="allocation_state"),
            *one_of_each("intake", published="one_published_allocation", draft="one_draft_allocation"),
            models.CheckConstraint(
                condition=Q(state=AllocationState.PUBLISHED, published_at__isnull=False)
                | ~Q(state=AllocationState.PUBLISHED) & Q(published_at__isnull=True),
                name="published_allocation_has_time",
            ),
            models.CheckConstraint(condition=~Q(seed="") & ~Q(digest=""), name="allocation_can_be_repeated"),
        ]

    def __str__(self) -> str:
        return self.uid


class AllocationEdit(StoredEdit):
    """What a coordinator changed in a proposal: another run for an applicant, or none."""

    allocation = models.ForeignKey(Allocation, models.CASCADE, related_name="edits", verbose_name=_("allocation"))
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name=_("enrolment"))
    from_run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+")
    to_run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="allocation_edit_has_reason"),
            models.CheckConstraint(
                condition=Q(from_run__isnull=True, to_run__isnull=False)
                | Q(from_run__isnull=False, to_run__isnull=True)
                | Q(from_run__isnull=False, to_run__isnull=False) & ~Q(from_run=F("to_run")),
                name="allocation_edit_changes",
            ),
        ]


class AllocationOutcome(models.Model):
    """What one applicant got when the allocation was published: a place or none, with everything that led to it.

    `enrolment` is the application by which the allocation knows the person. `told` is the applicant's part of the
    result as JSON, empty for whoever fills a held place. `beside_edit`: in a run of this applicant's wishes somebody
    else's outcome was edited. `hindrance` says why a place that was allocated could not be given. `told_at` stays
    empty until the letter stands in the outbox; of guests the sign-up's letter tells, and whoever has left or
    withdrawn everything gets none.
    """

    allocation = models.ForeignKey(Allocation, models.CASCADE, related_name="outcomes", verbose_name=_("allocation"))
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name=_("enrolment"))
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+", verbose_name=_("course run"))
    told = models.TextField(blank=True)
    edit = models.ForeignKey(AllocationEdit, models.PROTECT, null=True, related_name="+")
    beside_edit = models.BooleanField(default=False)
    hindrance = models.CharField(max_length=8, choices=Hindrance.choices, blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], condition=Q(told_at=None), name="outcome_to_tell")]
        constraints = [
            models.UniqueConstraint(fields=["allocation", "enrolment"], name="one_outcome_an_applicant"),
            models.CheckConstraint(
                condition=Q(hindrance="") | Q(hindrance__in=Hindrance.values, run__isnull=True),
                name="hindered_have_no_place",
            ),
        ]


class Appeal(StoredAppeal, UidModel):
    """An applicant without a place in an intake asks to look again."""

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="appeals", verbose_name=_("allocation"))
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name=_("enrolment"))

    class Meta:
        ordering = ["id"]
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            *appeal_rules(state="appeal_state", text="appeal_says_something", answer="answered_appeal_has_answer"),
            models.UniqueConstraint(fields=["allocation", "enrolment"], name="one_appeal_an_applicant"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}"


class SchoolCredit(models.Model):
    """What an allocation changed in a school's credit, in thousandths of a place. The sum of all is the credit."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("school"))
    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="credits", verbose_name=_("allocation"))
    change = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "allocation"], name="one_credit_an_allocation"),
            models.CheckConstraint(condition=~Q(change=0), name="credit_changes"),
        ]
