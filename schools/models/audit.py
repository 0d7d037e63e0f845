"""The audit ledger: who did what to which row, in an order that cannot be changed unseen.

An entry is inserted unchained, in the transaction of the deed. One sealer (`schools.sealing`) later gives
committed entries their place in the chain. What the values were stands in a side row that can be erased
when a person asks for it: the chain covers only a salted digest of it, so erasure and proof both hold.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models.people import Person
from schools.models.school import School


class AuditEntry(models.Model):
    """One deed. Rows are only added; the three sealing columns are written once."""

    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("who acted"))
    actor_label = models.CharField(max_length=254, blank=True)
    verb = models.CharField(_("deed"), max_length=60)
    subject_type = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    school = models.ForeignKey(School, models.PROTECT, null=True, related_name="+", verbose_name=_("school"))
    fields = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    sequence = models.BigIntegerField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64, null=True)  # noqa: DJ001
    entry_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001

    class Meta:
        ordering = ["id"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject"),
            models.Index(fields=["person", "id"], name="audit_person"),
            models.Index(fields=["school", "id"], name="audit_school"),
            models.Index(fields=["actor", "id"], name="audit_actor"),
            models.Index(fields=["id"], condition=Q(sequence=None), name="audit_unsealed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sequence=None, previous_hash=None, entry_hash=None)
                | Q(sequence__gte=1, previous_hash__isnull=False, entry_hash__isnull=False),
                name="audit_sealed_whole",
            ),
            models.CheckConstraint(condition=Q(verb__contains="."), name="audit_verb_has_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}:{self.subject_id}"

    @property
    def actor_name(self) -> str:
        """The name to show: the person's as it is now, or the label of an actor who is no person."""
        return self.actor.full_name if self.actor else self.actor_label


class AuditValues(models.Model):
    """What the fields were and became, and the note. `values` is null once erased."""

    entry = models.OneToOneField(AuditEntry, models.PROTECT, primary_key=True, related_name="values")
    salt = models.CharField(max_length=32, blank=True)
    values = models.JSONField(null=True, default=dict)
    note = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None, values__isnull=False)
                | Q(erased_at__isnull=False, values__isnull=True, note="", salt=""),
                name="audit_values_erased_whole",
            ),
        ]


class AuditHead(models.Model):
    """The end of the chain: one row, locked by the sealer at work. It shows when the newest entries are gone."""

    singleton = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    sequence = models.BigIntegerField(default=0)
    entry_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(singleton=1), name="audit_one_head")]
