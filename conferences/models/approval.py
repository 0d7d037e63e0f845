"""Who must say yes to a trip: the route as data with versions, the words given, and who stands in for whom."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField

from conferences.models.trip import Trip
from conferences.trip_states import STANDING, STEP_ROLES, ApprovalState
from schools.models import Person, School
from schools.models.base import UidModel, closed_list
from schools.states import Role

ROLES = [(role.value, role.label) for role in STEP_ROLES]


class ApprovalRoute(UidModel):
    """One version of the route. The newest not after today serves trips that are sent; those under way keep theirs."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    valid_from = models.DateField(_("valid from"))
    made_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    note = models.CharField(_("what is new"), max_length=200, blank=True)

    class Meta:
        ordering = ["-valid_from", "-number"]
        verbose_name = _("route of approval")
        verbose_name_plural = _("routes of approval")

    def __str__(self) -> str:
        return str(self.number)


class RouteStep(models.Model):
    """One step. Steps of one `order` are asked at the same time, those of a higher one after them.

    It asks a role (a director: of each traveller's school) or one person by name, and only where the total reaches
    `above` tiyn. From `two_hands_from` tiyn on two different people of that role must say yes.
    """

    route = models.ForeignKey(ApprovalRoute, models.CASCADE, related_name="steps", verbose_name=_("route of approval"))
    order = models.PositiveSmallIntegerField(_("order"))
    name = TranslatedField(models.CharField(_("name"), max_length=120))
    role = models.CharField(_("role"), max_length=16, choices=ROLES, blank=True)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    above = models.BigIntegerField(_("from a total of, tiyn"), default=0)
    two_hands_from = models.BigIntegerField(_("two people from, tiyn"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("working days to decide"), default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=STEP_ROLES, person__isnull=True) | Q(role="", person__isnull=False),
                name="step_asks_a_role_or_a_person",
            ),
            models.CheckConstraint(condition=Q(above__gte=0), name="step_above_not_negative"),
            models.CheckConstraint(
                condition=Q(two_hands_from=None) | Q(two_hands_from__gte=0, person__isnull=True),
                name="step_two_hands_of_a_role",
            ),
            models.CheckConstraint(condition=Q(order__gt=0), name="step_order_from_one"),
        ]

    def __str__(self) -> str:
        return self.name


class TripApproval(UidModel):
    """One word that is awaited or was given. `version` is the content that it speaks of.

    `acting_for` is the holder in whose place a stand-in decided. `hand` is 2 for the second of two people.
    """

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="approvals", verbose_name=_("trip"))
    step = models.ForeignKey(RouteStep, models.PROTECT, related_name="+", verbose_name=_("step"))
    order = models.PositiveSmallIntegerField(_("order"))
    role = models.CharField(_("role"), max_length=16, choices=ROLES, blank=True)
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    hand = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("status"), max_length=10, choices=ApprovalState.choices, default=ApprovalState.OPEN)
    opened_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(_("decision due"))
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    acting_for = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in place of")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    note = models.TextField(_("comment"), max_length=2000, blank=True)

    class Meta:
        ordering = ["order", "id"]
        indexes = [
            models.Index(fields=["role", "school"], condition=Q(state=ApprovalState.OPEN), name="approval_awaited"),
            models.Index(fields=["due_on"], condition=Q(state=ApprovalState.OPEN), name="approval_due"),
        ]
        constraints = [
            closed_list("state", ApprovalState, name="approval_state"),
            models.CheckConstraint(
                condition=Q(role__in=STEP_ROLES, person__isnull=True) | Q(role="", person__isnull=False),
                name="approval_asks_a_role_or_a_person",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.DIRECTOR, school__isnull=False) | ~Q(role=Role.DIRECTOR) & Q(school__isnull=True),
                name="approval_director_has_a_school",
            ),
            models.CheckConstraint(condition=Q(hand__in=[1, 2]), name="approval_one_or_two_hands"),
            models.CheckConstraint(
                condition=Q(state__in=[ApprovalState.OPEN, ApprovalState.VOID])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="approval_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApprovalState.OPEN) | Q(decided_by=None, decided_at=None),
                name="approval_open_is_undecided",
            ),
            models.CheckConstraint(
                condition=Q(acting_for=None) | ~Q(acting_for=F("decided_by")), name="approval_acts_for_another"
            ),
            models.UniqueConstraint(
                fields=["trip", "step", "hand"], condition=Q(state__in=STANDING, school=None), name="one_word_a_step"
            ),
            models.UniqueConstraint(
                fields=["trip", "step", "school", "hand"], condition=Q(state__in=STANDING), name="one_word_a_school"
            ),
            models.UniqueConstraint(
                fields=["trip", "decided_by"], condition=Q(state=ApprovalState.APPROVED), name="one_hand_a_trip"
            ),
        ]

    def __str__(self) -> str:
        return str(self.step)


class StandIn(UidModel):
    """`deputy` decides on trips in the place of `holder` from one day to another (both inclusive).

    Deputies of a school's director are memberships of that school; these are for the network's offices.
    """

    holder = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("who is away"))
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("stands in"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))
    named_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("named by"))

    class Meta:
        ordering = ["-valid_from", "id"]
        indexes = [models.Index(fields=["deputy", "valid_to"], name="standin_deputy")]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="standin_days_in_order"),
            models.CheckConstraint(condition=~Q(deputy=F("holder")), name="standin_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.holder} → {self.deputy}"


class OrderBook(models.Model):
    """The last number that an order of the year was given."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
