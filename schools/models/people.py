"""People and accounts. A person may have no account (guests do not), an account belongs to one person."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models.base import UidModel, closed_list
from schools.models.folded import FoldedField
from schools.models.school import School
from schools.states import NETWORK_ROLES, SCHOOL_ROLES, Category, Language, Post, Role


class Person(UidModel):
    """Somebody who learns, teaches or decides. Names as in the identity card; no IIN is ever kept.

    A row that turned out to be another's is archived without name and address, and `merged_into` says whose it is.
    """

    surname = models.CharField(_("surname"), max_length=80)
    given_name = models.CharField(_("given name"), max_length=80)
    patronymic = models.CharField(_("patronymic (if any)"), max_length=80, blank=True)
    latin_name = models.CharField(_("name in Latin letters (as in passport)"), max_length=160, blank=True)
    post = models.CharField(_("post"), max_length=32, choices=Post.choices, default=Post.TEACHER_LIBRARIAN)
    category = models.CharField(_("qualification category"), max_length=16, choices=Category.choices, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.KK)
    email = models.EmailField(_("e-mail"), max_length=254)
    phone = models.CharField(
        _("phone"),
        max_length=16,
        blank=True,
        validators=[RegexValidator(r"^\+[1-9]\d{7,14}$", _("Write the phone as +7 7xx xxx xx xx."))],
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("is the same as"),
    )
    search_key = FoldedField(sources=("surname", "given_name", "patronymic", "latin_name", "email"))

    class Meta:
        ordering = ["surname", "given_name", "id"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [models.Index(fields=["email"], name="person_email")]
        constraints = [
            closed_list("post", Post, name="person_post"),
            closed_list("language", Language, name="person_language"),
            models.CheckConstraint(condition=Q(category="") | Q(category__in=Category.values), name="person_category"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")) & Q(archived_at__isnull=False),
                name="person_merged_is_archived",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "search_key"}
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        """Surname first, as official lists have it."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def short_name(self) -> str:
        """«Surname A. B.», for lists and timelines."""
        initials = "".join(f" {part[0]}." for part in (self.given_name, self.patronymic) if part)
        return self.surname + initials


class Membership(UidModel):
    """A role that a person holds at one school or for the network, from one day to another (inclusive).

    A librarian's row is the employment itself: a transfer closes it and opens the next, so history stays.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("school")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        ordering = ["valid_from", "id"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        indexes = [models.Index(fields=["school", "role"], name="membership_school_role")]
        constraints = [
            closed_list("role", Role, name="membership_role"),
            models.CheckConstraint(
                condition=Q(role__in=SCHOOL_ROLES, school__isnull=False)
                | Q(role__in=NETWORK_ROLES, school__isnull=True),
                name="membership_school_fits_role",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="membership_dates_in_order"
            ),
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=Q(valid_to=None, role__in=[Role.LIBRARIAN, *NETWORK_ROLES]),
                name="one_open_membership_a_role",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "school"], condition=Q(valid_to=None), name="one_open_membership_a_school"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.school or '—'}"


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: an address that signs in, and the person it belongs to."""

    email = models.EmailField(_("e-mail"), unique=True)
    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="account", verbose_name=_("person")
    )
    is_staff = models.BooleanField(_("may enter the administration pages"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case")]

    def __str__(self) -> str:
        return str(self.person) if self.person else self.email


class Busy(models.Model):
    """A span of a person's time that a course or a trip has taken. Every clash check reads this ledger.

    `source` names the row it speaks of, such as `enrolment:17`. Instants are UTC; `end` is exclusive.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="busy", verbose_name=_("person"))
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))
    source = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(fields=["person", "start"], name="busy_person_start"),
            models.Index(fields=["source"], name="busy_source"),
        ]
        constraints = [models.CheckConstraint(condition=Q(end__gt=F("start")), name="busy_span_in_order")]
