"""When and where a course is taught: runs with meetings, trainers, materials and an approval chain."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField

from courses.models.course import Course
from courses.models.intake import Intake
from courses.states import RunState
from schools.models import Person, Region, School
from schools.models.base import UidModel, closed_list
from schools.models.folded import FoldedField
from schools.states import Language, Role


def check_zone(name: str) -> None:
    """Refuse a time zone that the tz data does not know."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(_("Unknown time zone: %(name)s"), params={"name": name}) from error


def takes_applications(now: datetime, *, state: str, opens_at: datetime | None, closes_at: datetime | None) -> bool:
    """The rule behind `Run.is_open`, for lists that read columns and not rows."""
    return (
        state == RunState.PUBLISHED and (opens_at is None or opens_at <= now) and (closes_at is None or now < closes_at)
    )


class ApprovalChain(models.Model):
    """Who must say yes before a seat is given, as data. A chain without steps asks nobody."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = TranslatedField(models.CharField(_("name"), max_length=120))

    class Meta:
        ordering = ["id"]
        verbose_name = _("approval chain")
        verbose_name_plural = _("approval chains")

    def __str__(self) -> str:
        return self.name


class ApprovalStep(models.Model):
    """One step: the role that decides. Steps go in `order`, from 1."""

    chain = models.ForeignKey(ApprovalChain, models.CASCADE, related_name="steps", verbose_name=_("approval chain"))
    order = models.PositiveSmallIntegerField(_("order"))
    role = models.CharField(_("role"), max_length=16, choices=[(r.value, r.label) for r in (Role.DIRECTOR, Role.HQ)])

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "order"], name="one_step_an_order"),
            models.CheckConstraint(condition=Q(role__in=[Role.DIRECTOR, Role.HQ]), name="approval_step_role"),
        ]


class Run(UidModel):
    """One time that a course is held. Without dates it is «to be announced»; instants are UTC, days are local.

    An `outreach` run is open to staff of any school, without an account. `region` is whom it is for, where that is
    not the host's region.

    Of one school at most `school_limit` people get seats, of one region at most `region_limit` (None: as many as
    there are places); `shares` set other numbers for single schools and regions, and what is promised to them. One
    school may hold `hold_limit` seats before names are known. From `merge_at` on nothing is held or promised
    (`kept_until`).
    A seat that becomes free is offered for `offer_hours`; with 0 it is given at once.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="runs", verbose_name=_("course"))
    state = models.CharField(_("status"), max_length=10, choices=RunState.choices, default=RunState.DRAFT)
    starts_on = models.DateField(_("start date"), null=True, blank=True)
    ends_on = models.DateField(_("end date"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Almaty", validators=[check_zone])
    country = models.CharField(_("country"), max_length=2, default="KZ")
    host = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("host school")
    )
    place = TranslatedField(models.CharField(_("venue"), max_length=200, blank=True))
    language = models.CharField(
        _("language of instruction"), max_length=2, choices=Language.choices, default=Language.KK
    )
    capacity = models.PositiveIntegerField(_("number of places"), validators=[MinValueValidator(1)])
    opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("application deadline"), null=True, blank=True)
    cancel_until = models.DateTimeField(_("withdrawal deadline"), null=True, blank=True)
    chain = models.ForeignKey(ApprovalChain, models.PROTECT, related_name="+", verbose_name=_("approval chain"))
    contact = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact person")
    )
    join_link = models.URLField(_("join link"), max_length=500, blank=True)
    offer_hours = models.PositiveSmallIntegerField(_("offer clock, hours"), default=0)
    outreach = models.BooleanField(_("open to staff of any school"), default=False)
    school_limit = models.PositiveSmallIntegerField(
        _("most people of one school"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    region_limit = models.PositiveSmallIntegerField(
        _("most people of one region"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    hold_limit = models.PositiveSmallIntegerField(_("places one school may hold without names"), default=0)
    merge_at = models.DateTimeField(_("held places go to all"), null=True, blank=True)
    intake = models.ForeignKey(
        Intake, models.PROTECT, null=True, blank=True, related_name="runs", verbose_name=_("intake")
    )
    next_number = models.PositiveIntegerField(default=1, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    search_key = FoldedField(sources=("place_kk", "place_ru", "place_en", "host_words"))

    class Meta:
        ordering = [F("starts_on").asc(nulls_last=True), "id"]
        verbose_name = _("course run")
        verbose_name_plural = _("course runs")
        indexes = [
            models.Index(fields=["state", "starts_on"], name="run_state_start"),
            models.Index(fields=["starts_on"], condition=Q(outreach=True), name="run_outreach_start"),
        ]
        constraints = [
            closed_list("state", RunState, name="run_state"),
            closed_list("language", Language, name="run_language"),
            models.CheckConstraint(condition=Q(capacity__gt=0), name="run_has_places"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True, ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="run_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(school_limit__isnull=True) | Q(school_limit__gt=0), name="run_school_limit"
            ),
            models.CheckConstraint(
                condition=Q(region_limit__isnull=True) | Q(region_limit__gt=0), name="run_region_limit"
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="run_window_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} · {self.starts_on or '—'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields: Collection[str] | None = kwargs.get("update_fields")
        if fields is not None and {"host", "host_id", "place_kk", "place_ru", "place_en"} & set(fields):
            kwargs["update_fields"] = {*fields, "search_key"}
        super().save(*args, **kwargs)

    @property
    def host_words(self) -> str:
        """Every name that the host school had, and its city: by these the run is searched for."""
        if self.host is None:
            return ""
        rows = [(row, "short") for row in self.host.names.all()] + [(self.host, "city")]
        return " ".join(getattr(row, f"{field}_{language}") for row, field in rows for language in Language.values)

    def holds_back(self, now: datetime) -> bool:
        """True while held and promised places are kept; from `kept_until` on they go to all."""
        return self.kept_until is None or now < self.kept_until

    @property
    def kept_until(self) -> datetime | None:
        """When kept places go to all: the merge date; without one the application deadline, if places go by arrival.

        Promises of a run whose places are allocated after the deadline stand until the allocation is published.
        """
        if self.merge_at is not None or self.closes_at is None:
            return self.merge_at
        return None if self.intake is not None and self.intake.gathers else self.closes_at

    @property
    def region_for(self) -> Region | None:
        """Whom the run is for: its own region where it names one, else that of the host school."""
        return self.region or (self.host.region if self.host else None)

    def is_open(self, now: datetime) -> bool:
        """True while applications are taken: published, inside the registration window, and not over."""
        inside = takes_applications(now, state=self.state, opens_at=self.opens_at, closes_at=self.closes_at)
        return inside and not (self.ends_on and self.day_there(now) > self.ends_on)

    def day_there(self, now: datetime) -> date:
        """The date where the run happens."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def may_withdraw(self, now: datetime) -> bool:
        """True until the withdrawal deadline; where none is set, until the first day begins."""
        if self.cancel_until is not None:
            return now < self.cancel_until
        return self.still_ahead(now)

    def still_ahead(self, now: datetime) -> bool:
        """True until the first day begins where the run happens, and while it has no dates."""
        return self.starts_on is None or self.day_there(now) < self.starts_on

    def withdraws_late(self, now: datetime) -> bool:
        """True from the withdrawal deadline until the first day begins: who leaves now is recorded."""
        return not self.may_withdraw(now) and self.still_ahead(now)


class Meeting(models.Model):
    """One session of a run, with its academic hours of 45 minutes. `day` is the date where it happens."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="meetings", verbose_name=_("course run"))
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    day = models.DateField(_("date"))
    hours = models.PositiveSmallIntegerField(_("academic hours"))

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_times_in_order"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="meeting_has_hours"),
            models.UniqueConstraint(fields=["run", "starts_at"], name="one_meeting_a_start"),
        ]


class RunTrainer(models.Model):
    """Somebody who teaches a run: a person of the portal, or a guest by name alone."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="trainers", verbose_name=_("course run"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, name="") | Q(person__isnull=True) & ~Q(name=""),
                name="trainer_is_person_or_name",
            ),
            models.UniqueConstraint(fields=["run", "person"], name="one_trainer_row_a_person"),
        ]

    def __str__(self) -> str:
        return self.person.full_name if self.person else self.name


class Material(models.Model):
    """A link that those with a seat may open: slides, reading, a recording."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="materials", verbose_name=_("course run"))
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("address"), max_length=500)

    class Meta:
        ordering = ["id"]
