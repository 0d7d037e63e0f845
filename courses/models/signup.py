"""How guests come in: one contact, who signs up one or several people of one school for a seminar."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.run import Run
from schools.models import School, SchoolRequest
from schools.models.base import UidModel, closed_list
from schools.states import Language

REMOVED = "@removed.invalid"
"""The end of the address that stands in the row once the consent was withdrawn."""


class Signup(UidModel):
    """A contact's word for the people in `enrolments`, none of whom needs an account.

    The link in the contact's mail confirms it until `hold_until`; `verified_at` says that it was used, which
    proves the address. The link of an earlier `link_epoch` is dead. Letters are to go to `pending_email` once its own
    link, that of `pending_epoch`, was used; until then everything stays as it is. `school_request`
    holds a school that the directory did not know; once HQ has found it, `school` is set. `consented_at` and
    `consent_version` say to which text the contact agreed. Somebody who came without signing up (`walk_in`) may
    have no address yet.

    A letter says how things stand; it is owed while `told_at` is empty or one of the moves is untold, and
    `letters` counts them.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="signups", verbose_name=_("course run"))
    name = models.CharField(_("name"), max_length=260)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.KK)
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    school_request = models.ForeignKey(
        SchoolRequest, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school not listed")
    )
    walk_in = models.BooleanField(_("came without signing up"), default=False)
    consent_version = models.CharField(_("version of the consent"), max_length=20)
    consented_at = models.DateTimeField(_("consent given"))
    link_epoch = models.PositiveSmallIntegerField(default=1)
    pending_email = models.EmailField(_("new e-mail"), max_length=254, blank=True)
    pending_epoch = models.PositiveSmallIntegerField(default=0)
    hold_until = models.DateTimeField(_("to be confirmed until"), null=True, blank=True)
    verified_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    letters = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        indexes = [
            models.Index(fields=["email", "-id"], name="signup_email"),
            models.Index(fields=["hold_until"], condition=Q(verified_at=None), name="signup_to_confirm"),
            models.Index(fields=["id"], condition=Q(told_at=None), name="signup_to_tell"),
        ]
        constraints = [
            closed_list("language", Language, name="signup_language"),
            models.CheckConstraint(
                condition=Q(pending_email="") | Q(pending_epoch__gt=F("link_epoch")),
                name="signup_new_address_has_a_link",
            ),
            models.CheckConstraint(condition=~Q(email="") | Q(walk_in=True), name="signup_has_an_address"),
            models.CheckConstraint(
                condition=Q(hold_until__isnull=False) | Q(verified_at__isnull=False), name="signup_confirmed_or_held"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.run}"

    @property
    def has_address(self) -> bool:
        """False while nobody can be written to, and once the consent was withdrawn."""
        return bool(self.email) and not self.email.endswith(REMOVED)
