"""Papers of a trip: those of all who travel, and those of one person that few may read."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conferences.coming_back_states import PERSONAL, DocumentKind
from conferences.models.trip import Trip
from schools.models import Person, PrivateFile
from schools.models.base import UidModel, closed_list


class TripDocument(UidModel):
    """One paper of a trip. `person` is whose it is, for a paper of one traveller; without one it is for all."""

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="documents", verbose_name=_("trip"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("whose paper")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=DocumentKind.choices)
    file = models.OneToOneField(PrivateFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    added_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["kind", "person", "id"]
        verbose_name = _("document of a trip")
        verbose_name_plural = _("documents of trips")
        constraints = [
            closed_list("kind", DocumentKind, name="document_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=PERSONAL, person__isnull=False) | ~Q(kind__in=PERSONAL) & Q(person__isnull=True),
                name="document_personal_has_person",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def personal(self) -> bool:
        return self.kind in PERSONAL
