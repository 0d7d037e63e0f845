"""A person's private calendar address."""

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models import Person

TOKEN_BYTES = 24


def make_token() -> str:
    """192 random bits, as 32 letters that stand in an address as they are."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class Feed(models.Model):
    """Whoever knows the token reads this person's dates, without signing in: calendars cannot."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    token = models.CharField(max_length=64, unique=True, default=make_token, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return str(self.person)
