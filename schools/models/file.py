"""A private file: its content lies in DATA_DIR, its row says whose it is and stays when the content has gone."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models.base import UidModel, closed_list
from schools.models.people import Person
from schools.states import OFFICE, PICTURES, FileKind

NAME_LENGTH = 120
EXTENSIONS: dict[str, tuple[str, ...]] = {kind.value: (kind.value,) for kind in FileKind}
EXTENSIONS[FileKind.JPEG] = ("jpg", "jpeg", "jpe", "jfif")
"""Endings that a name may have for each kind, the usual one first."""

MEDIA_TYPES: dict[str, str] = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    **{kind: f"image/{kind}" for kind in PICTURES},
}


class PrivateFile(UidModel):
    """Handed out by a view that asks who is reading, never by its own address.

    `restricted` content (a passport, a visa) is encrypted where it lies, and each reading leaves a row in the
    ledger. `size` and `sha256` are those of the content as it was uploaded. Without content (`deleted_at`) the
    row proves that there was a file and when it went; its name has gone too, since it may name somebody.
    """

    name = models.CharField(_("file name"), max_length=NAME_LENGTH, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=FileKind.choices)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("whose file it is"))
    restricted = models.BooleanField(_("restricted"), default=False)
    delete_after = models.DateField(_("kept until"), null=True, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by"))
    deleted_at = models.DateTimeField(_("deleted"), null=True, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("private file")
        verbose_name_plural = _("private files")
        indexes = [
            models.Index(fields=["delete_after"], condition=Q(deleted_at=None), name="file_expiring"),
        ]
        constraints = [
            closed_list("kind", FileKind, name="file_kind"),
            models.CheckConstraint(condition=Q(size__gt=0), name="file_is_not_empty"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="file_digest"),
            models.CheckConstraint(
                condition=(Q(deleted_at=None) & ~Q(name="")) | Q(deleted_at__isnull=False, name=""),
                name="file_name_goes_with_content",
            ),
            models.CheckConstraint(
                condition=~Q(name__contains="/") & ~Q(name__contains="\\") & ~Q(name__startswith="."),
                name="file_name_is_no_path",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.uid

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.kind]

    @property
    def is_gone(self) -> bool:
        return self.deleted_at is not None

    @property
    def is_office(self) -> bool:
        """A document that browsers do not show themselves."""
        return self.kind in OFFICE

    def is_due(self, today: date) -> bool:
        """True once its content has to go."""
        return self.deleted_at is None and self.delete_after is not None and self.delete_after < today
