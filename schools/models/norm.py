"""Numbers that administrators may change from a day on."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Norm(models.Model):
    """The value of a setting from `valid_from` on. Names, units and defaults stand in `schools/norms.py`."""

    key = models.CharField(_("setting"), max_length=40)
    valid_from = models.DateField(_("valid from"))
    value = models.PositiveIntegerField(_("value"))

    class Meta:
        ordering = ["key", "valid_from"]
        verbose_name = _("setting with a date")
        verbose_name_plural = _("settings with dates")
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="one_norm_a_day")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value} ({self.valid_from:%d.%m.%Y})"
