"""What people said of guests who came under their address."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models import Person


class NotMine(models.Model):
    """That a person was asked about a guest and said: this is not me. The guest is then no longer offered."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    guest = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("guest"))
    said_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("guest who was somebody else")
        verbose_name_plural = _("guests who were somebody else")
        constraints = [
            models.UniqueConstraint(fields=["person", "guest"], name="one_answer_a_guest"),
            models.CheckConstraint(condition=~Q(person=F("guest")), name="nobody_is_their_own_guest"),
        ]

    def __str__(self) -> str:
        return f"{self.person} ≠ {self.guest}"
