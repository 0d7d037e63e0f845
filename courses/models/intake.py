"""Runs that are taken together: a person has a place in one of them only."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models.base import UidModel


class Intake(UidModel):
    """A set of parallel runs, or a single one whose places are allocated.

    With `by_allocation` applications are gathered until their deadline, and nobody has a place before the
    coordinator publishes the allocation, at `published_at`. From then on places go by the order of the list.
    """

    by_allocation = models.BooleanField(_("places are allocated"), default=False)
    published_at = models.DateTimeField(_("allocation published"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True) | models.Q(by_allocation=True),
                name="only_an_allocation_is_published",
            )
        ]

    @property
    def gathers(self) -> bool:
        """True while applications are only gathered: nobody has a place yet."""
        return self.by_allocation and self.published_at is None
