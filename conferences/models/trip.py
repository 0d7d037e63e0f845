"""A trip: who goes where and why, the way there and back, what it costs and who pays."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conferences.budget_states import CostKind
from conferences.currencies import CODES
from conferences.money import MOST, MOST_RATE
from conferences.trip_states import Means, Payer, TravelRole, TripState, TripVerb
from courses.models import Run
from schools.models import Person, School
from schools.models.base import UidModel, closed_list

LIVING = (TripState.SUBMITTED, TripState.APPROVED, TripState.CLOSED)


class Trip(UidModel):
    """A request to travel, and what became of it. Dates are local days where the traveller is.

    `version` counts the contents that were sent: 0 is a draft that nobody has seen; an approver says yes to one
    version and no other. `total` is the estimate in tiyn (hundredths of a tenge) of that version.
    `order_number` of the year's order (приказ) is given by the final approval.
    """

    purpose = models.TextField(_("purpose"), max_length=2000)
    edition = models.ForeignKey(
        "conferences.Edition", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("conference")
    )
    presentation = models.ForeignKey(
        "conferences.Presentation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("presentation"),
    )
    run = models.ForeignKey(Run, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("course run"))
    city = models.CharField(_("city"), max_length=120)
    country = models.CharField(_("country"), max_length=2)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    needs_visa = models.BooleanField(_("a visa is needed"), default=False)
    requester = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("requested by"))
    route = models.ForeignKey(
        "conferences.ApprovalRoute", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approval")
    )
    state = models.CharField(_("status"), max_length=10, choices=TripState.choices, default=TripState.DRAFT)
    version = models.PositiveSmallIntegerField(_("version"), default=0)
    total = models.BigIntegerField(_("total, tiyn"), default=0)
    order_year = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    order_number = models.PositiveIntegerField(_("number of the order"), null=True, blank=True, editable=False)
    ordered_on = models.DateField(_("date of the order"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-starts_on", "-id"]
        verbose_name = _("trip")
        verbose_name_plural = _("trips")
        indexes = [
            models.Index(fields=["state", "starts_on"], name="trip_state_start"),
            models.Index(fields=["edition"], name="trip_edition"),
        ]
        constraints = [
            closed_list("state", TripState, name="trip_state"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="trip_days_in_order"),
            models.CheckConstraint(condition=Q(total__gte=0), name="trip_total_not_negative"),
            models.CheckConstraint(condition=Q(edition=None) | Q(run=None), name="trip_to_a_conference_or_a_course"),
            models.CheckConstraint(
                condition=Q(presentation=None) | Q(edition__isnull=False), name="trip_presentation_has_conference"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=LIVING) | Q(version__gt=0, route__isnull=False), name="trip_sent_has_version"
            ),
            models.CheckConstraint(
                condition=Q(order_number=None, order_year=None, ordered_on=None)
                | Q(order_number__isnull=False, order_year__isnull=False, ordered_on__isnull=False),
                name="trip_order_is_whole",
            ),
            models.UniqueConstraint(fields=["order_year", "order_number"], name="one_trip_an_order"),
        ]

    def __str__(self) -> str:
        return f"{self.city}, {self.starts_on:%d.%m.%Y}"

    @property
    def days(self) -> int:
        """Calendar days, the first and the last included."""
        return (self.ends_on - self.starts_on).days + 1

    @property
    def abroad(self) -> bool:
        return self.country != "KZ"


class Traveller(models.Model):
    """One person of the delegation. `school` is that of the day of the request; `covered_by` tends the library."""

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="travellers", verbose_name=_("trip"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("traveller"))
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    role = models.CharField(_("part in the trip"), max_length=10, choices=TravelRole.choices)
    covered_by = models.CharField(_("who covers the library"), max_length=200, blank=True)
    consent_version = models.CharField(max_length=10, blank=True)
    consented_at = models.DateTimeField(_("agreed to travel"), null=True, blank=True)
    transfer_consented_at = models.DateTimeField(_("agreed to data going abroad"), null=True, blank=True)
    refused_at = models.DateTimeField(_("refused to travel"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            closed_list("role", TravelRole, name="traveller_role"),
            models.UniqueConstraint(fields=["trip", "person"], name="one_traveller_a_trip"),
            models.CheckConstraint(
                condition=Q(consented_at=None) | Q(refused_at=None), name="traveller_agrees_or_refuses"
            ),
            models.CheckConstraint(
                condition=Q(consented_at=None) | ~Q(consent_version=""), name="traveller_consent_has_text"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class Leg(models.Model):
    """One part of the way, in order: the days of departure and arrival, and the country it leads to."""

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="legs", verbose_name=_("trip"))
    order = models.PositiveSmallIntegerField()
    departs_on = models.DateField(_("departs on"))
    arrives_on = models.DateField(_("arrives on"))
    origin = models.CharField(_("from"), max_length=120)
    destination = models.CharField(_("to"), max_length=120)
    country = models.CharField(_("country of arrival"), max_length=2)
    means = models.CharField(_("how"), max_length=6, choices=Means.choices, default=Means.AIR)

    class Meta:
        ordering = ["order"]
        constraints = [
            closed_list("means", Means, name="leg_means"),
            models.UniqueConstraint(fields=["trip", "order"], name="one_leg_an_order"),
            models.CheckConstraint(condition=Q(arrives_on__gte=F("departs_on")), name="leg_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} – {self.destination}"


class EstimateLine(UidModel):
    """One line of the estimate: `amount` in minor units of `currency`, at `rate` millionths of a tenge a unit.

    `tenge` is the same in tiyn, as it was computed when the line was written. Without a traveller the line is for all.
    """

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="lines", verbose_name=_("trip"))
    order = models.PositiveSmallIntegerField(default=0)
    traveller = models.ForeignKey(
        Traveller, models.CASCADE, null=True, blank=True, related_name="lines", verbose_name=_("traveller")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=CostKind.choices)
    what = models.CharField(_("what for"), max_length=200, blank=True)
    amount = models.BigIntegerField(_("amount, minor units"), validators=[MinValueValidator(1)])
    currency = models.CharField(_("currency"), max_length=3)
    rate = models.BigIntegerField(_("rate, millionths of a tenge"))
    rate_on = models.DateField(_("date of the rate"))
    rate_source = models.CharField(_("source of the rate"), max_length=120, blank=True)
    tenge = models.BigIntegerField(_("amount, tiyn"))
    payer = models.CharField(_("who pays"), max_length=10, choices=Payer.choices)
    payer_school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school that pays")
    )

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            closed_list("kind", CostKind, name="cost_kind"),
            closed_list("payer", Payer, name="cost_payer"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST, rate__gt=0, rate__lte=MOST_RATE, tenge__gte=0),
                name="cost_is_positive",
            ),
            models.CheckConstraint(condition=Q(currency__in=CODES), name="cost_currency"),
            models.CheckConstraint(
                condition=Q(payer=Payer.SCHOOL, payer_school__isnull=False)
                | ~Q(payer=Payer.SCHOOL) & Q(payer_school__isnull=True),
                name="cost_school_pays_by_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.what}".strip()


class TripHand(models.Model):
    """Somebody who asked for the trip, wrote in the request or ever agreed to travel: they decide nothing."""

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="hands", verbose_name=_("trip"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trip", "person"], name="one_hand_a_person")]


class TripVersion(models.Model):
    """What was sent for approval, word for word."""

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="versions", verbose_name=_("trip"))
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("who"))
    made_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["trip", "number"], name="one_version_a_number")]


class TripMove(models.Model):
    """One move of a trip: the rows of its timeline. `told_at` stays empty until its letters stand in the outbox."""

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="moves", verbose_name=_("trip"))
    verb = models.CharField(_("move"), max_length=10, choices=TripVerb.choices)
    state = models.CharField(_("status"), max_length=10, choices=TripState.choices)
    version = models.PositiveSmallIntegerField()
    approval = models.ForeignKey(
        "conferences.TripApproval", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("step")
    )
    actor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    note = models.TextField(_("comment"), max_length=2000, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], condition=Q(told_at=None), name="trip_move_to_tell")]
        constraints = [
            closed_list("verb", TripVerb, name="trip_move_verb"),
            closed_list("state", TripState, name="trip_move_state"),
        ]


class TripExcuse(models.Model):
    """HQ lets somebody travel although a report or a promise of an earlier trip is overdue, and says why."""

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="excuses", verbose_name=_("trip"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("traveller"))
    reason = models.TextField(_("reason"), max_length=2000)
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("who"))
    given_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trip", "person"], name="one_excuse_a_traveller"),
            models.CheckConstraint(condition=~Q(reason=""), name="excuse_has_a_reason"),
        ]
