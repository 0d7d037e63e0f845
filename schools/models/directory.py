"""What HQ works on to keep the directory: schools that somebody did not find, and files of schools."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models.base import UidModel, closed_list
from schools.models.job import Job
from schools.models.people import Person
from schools.models.school import Region, School
from schools.states import Language, RequestState


class SchoolRequest(UidModel):
    """«My school is not listed»: what was typed, and what HQ made of it."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    district = models.CharField(_("district"), max_length=120, blank=True)
    name = models.CharField(_("name of the school"), max_length=300)
    contact = models.EmailField(_("e-mail"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.KK)
    state = models.CharField(_("state"), max_length=10, choices=RequestState.choices, default=RequestState.WAITING)
    school = models.ForeignKey(School, models.PROTECT, null=True, related_name="+", verbose_name=_("school"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("school that is not listed")
        verbose_name_plural = _("schools that are not listed")
        indexes = [models.Index(fields=["id"], condition=Q(state=RequestState.WAITING), name="school_request_waiting")]
        constraints = [
            closed_list("language", Language, name="school_request_language"),
            closed_list("state", RequestState, name="school_request_state"),
            models.CheckConstraint(condition=~Q(name=""), name="school_request_has_name"),
            models.CheckConstraint(
                condition=Q(state__in=[RequestState.FOUND, RequestState.ADDED], school__isnull=False)
                | Q(state__in=[RequestState.WAITING, RequestState.REFUSED], school__isnull=True),
                name="school_request_found_has_school",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.WAITING, decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(state=RequestState.WAITING) & Q(decided_at__isnull=False)),
                name="school_request_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.WAITING


class SchoolImport(UidModel):
    """A file of schools: its rows, what the dry run said of each, and the job that writes them.

    `rows` and `plans` stand in the order of the file. Once all is written, only faulty rows are kept, for whoever
    corrects them. `gone` are the keys of schools that the file does not name.
    """

    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("owner"))
    file_name = models.CharField(_("file"), max_length=120)
    rows = models.JSONField(default=list)
    plans = models.JSONField(default=list)
    gone = models.JSONField(default=list)
    shown = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", verbose_name=_("job"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    applied_at = models.DateTimeField(_("applied"), null=True, editable=False)
    dropped_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("import of schools")
        verbose_name_plural = _("imports of schools")
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(dropped_at__isnull=True),
                name="school_import_applied_or_dropped",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_open(self) -> bool:
        return self.applied_at is None and self.dropped_at is None
