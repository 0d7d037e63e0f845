"""What a trip leaves behind: the account of its money, and what was learned."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conferences.budget_states import CostKind
from conferences.coming_back_states import AdvanceState, AdvanceVerb, WrittenState
from conferences.currencies import CODES
from conferences.models.trip import EstimateLine, Traveller, Trip
from conferences.money import MOST, MOST_RATE
from conferences.trip_states import Payer
from schools.models import Person, PrivateFile, School
from schools.models.base import UidModel, closed_list
from schools.models.folded import FoldedField
from schools.states import Language

ACCOUNTED = (Payer.SCHOOL, Payer.NETWORK)
"""Payers whose money is accounted for. What the organiser or the traveller pays is nobody's budget."""


class AdvanceReport(UidModel):
    """The account of a trip's money (авансовый отчёт), one for all who travelled.

    `version` counts how often it was sent: finance accepts the version that was seen and no other. When it is due is
    never stored: see `coming_back_queries.due_on`.
    """

    trip = models.OneToOneField(Trip, models.PROTECT, related_name="advance", verbose_name=_("trip"))
    state = models.CharField(_("status"), max_length=10, choices=AdvanceState.choices, default=AdvanceState.DRAFT)
    version = models.PositiveSmallIntegerField(_("version"), default=0)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("advance report")
        verbose_name_plural = _("advance reports")
        indexes = [models.Index(fields=["state", "changed_at"], name="advance_state")]
        constraints = [
            closed_list("state", AdvanceState, name="advance_state_known"),
            models.CheckConstraint(
                condition=Q(state=AdvanceState.DRAFT) | Q(version__gt=0), name="advance_sent_has_version"
            ),
        ]

    def __str__(self) -> str:
        return str(self.trip)


class AdvanceLine(UidModel):
    """What one line of the estimate did cost; without an estimate, what nobody foresaw, with a reason.

    `amount` is empty until it is written; 0 says that nothing was spent. `tenge` is the same in tiyn, at the rate of
    that day. `reason` also says why there is no receipt.
    """

    report = models.ForeignKey(AdvanceReport, models.CASCADE, related_name="lines", verbose_name=_("advance report"))
    order = models.PositiveSmallIntegerField(default=0)
    estimate = models.ForeignKey(
        EstimateLine, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("line of the estimate")
    )
    traveller = models.ForeignKey(
        Traveller, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("traveller")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=CostKind.choices)
    what = models.CharField(_("what for"), max_length=200, blank=True)
    payer = models.CharField(_("who pays"), max_length=10, choices=Payer.choices)
    payer_school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school that pays")
    )
    amount = models.BigIntegerField(_("amount, minor units"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    rate = models.BigIntegerField(_("rate, millionths of a tenge"), null=True, blank=True)
    rate_on = models.DateField(_("date of the rate"), null=True, blank=True)
    rate_source = models.CharField(_("source of the rate"), max_length=120, blank=True)
    tenge = models.BigIntegerField(_("amount, tiyn"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            closed_list("kind", CostKind, name="advance_kind"),
            models.CheckConstraint(
                condition=Q(payer=Payer.SCHOOL, payer_school__isnull=False)
                | Q(payer=Payer.NETWORK, payer_school__isnull=True),
                name="advance_payer_is_a_budget",
            ),
            models.CheckConstraint(
                condition=Q(amount=None, rate=None, rate_on=None, tenge=None, currency="", rate_source="")
                | Q(
                    amount__isnull=False,
                    rate__isnull=False,
                    tenge__isnull=False,
                    amount__gte=0,
                    amount__lte=MOST,
                    rate__gt=0,
                    rate__lte=MOST_RATE,
                    rate_on__isnull=False,
                    tenge__gte=0,
                    tenge__lte=MOST,
                    currency__in=CODES,
                ),
                name="advance_amount_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(estimate__isnull=False) | ~Q(reason=""), name="advance_unforeseen_has_reason"
            ),
            models.UniqueConstraint(fields=["report", "estimate"], name="one_actual_an_estimate"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.what}".strip()


class Receipt(UidModel):
    """The picture or document that proves a line."""

    line = models.ForeignKey(
        AdvanceLine, models.CASCADE, related_name="receipts", verbose_name=pgettext_lazy("of a report", "line")
    )
    file = models.OneToOneField(PrivateFile, models.PROTECT, related_name="+", verbose_name=_("file"))

    class Meta:
        ordering = ["id"]
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")


class AdvanceMove(models.Model):
    """One move of an advance report. `told_at` stays empty until its letters stand in the outbox."""

    report = models.ForeignKey(AdvanceReport, models.CASCADE, related_name="moves", verbose_name=_("advance report"))
    verb = models.CharField(_("move"), max_length=10, choices=AdvanceVerb.choices)
    state = models.CharField(_("status"), max_length=10, choices=AdvanceState.choices)
    version = models.PositiveSmallIntegerField()
    actor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    note = models.TextField(_("comment"), max_length=2000, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], condition=Q(told_at=None), name="advance_move_to_tell")]
        constraints = [
            closed_list("verb", AdvanceVerb, name="advance_move_verb"),
            closed_list("state", AdvanceState, name="advance_move_state"),
            models.CheckConstraint(
                condition=~Q(verb=AdvanceVerb.RETURN) | ~Q(note=""), name="advance_return_has_a_word"
            ),
        ]


class WrittenReport(UidModel):
    """What was learned on a trip, whom one met, and what to try at home; one for all who travelled.

    `contacts` holds names and work contacts of third persons and nothing else of them.
    """

    trip = models.OneToOneField(Trip, models.PROTECT, related_name="written", verbose_name=_("trip"))
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("written by"))
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    title = models.CharField(_("title"), max_length=200, blank=True)
    learned = models.TextField(_("what was learned"), max_length=20_000, blank=True)
    contacts = models.TextField(_("contacts"), max_length=4000, blank=True)
    ideas = models.TextField(_("ideas to try"), max_length=10_000, blank=True)
    state = models.CharField(_("status"), max_length=10, choices=WrittenState.choices, default=WrittenState.DRAFT)
    published_at = models.DateTimeField(_("opened to colleagues"), null=True, blank=True)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    key = FoldedField(sources=("title", "learned", "ideas"))

    class Meta:
        ordering = ["-published_at", "-id"]
        verbose_name = _("trip report")
        verbose_name_plural = _("trip reports")
        indexes = [
            models.Index(fields=["-published_at"], condition=Q(state=WrittenState.PUBLISHED), name="written_published")
        ]
        constraints = [
            closed_list("state", WrittenState, name="written_state"),
            closed_list("language", Language, name="written_language"),
            models.CheckConstraint(
                condition=Q(state=WrittenState.DRAFT, published_at=None)
                | Q(state=WrittenState.PUBLISHED, published_at__isnull=False)
                & ~Q(title="")
                & ~Q(learned="")
                & ~Q(ideas=""),
                name="written_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.trip)
