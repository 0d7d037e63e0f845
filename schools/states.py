"""Closed lists of the ground floor. Every one of them stands in the database as a CHECK too."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Language(models.TextChoices):
    KK = "kk", _("Kazakh")
    RU = "ru", _("Russian")
    EN = "en", _("English")


class Role(models.TextChoices):
    """What somebody may be, at one school or for the whole network."""

    LIBRARIAN = "librarian", _("teacher-librarian")
    DIRECTOR = "director", _("school director")
    DEPUTY = "deputy", _("deputy director")
    HQ = "hq", _("HQ coordinator")
    FINANCE = "finance", _("finance officer")
    TRAINER = "trainer", _("trainer")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


SCHOOL_ROLES = (Role.LIBRARIAN, Role.DIRECTOR, Role.DEPUTY)
NETWORK_ROLES = (Role.HQ, Role.FINANCE, Role.TRAINER, Role.AUDITOR, Role.ADMINISTRATOR)
GUARDED_ROLES = (Role.HQ, Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR)
"""Roles that must sign in with a second factor in production."""


class Post(models.TextChoices):
    TEACHER_LIBRARIAN = "teacher_librarian", _("teacher-librarian")
    SENIOR = "senior_teacher_librarian", _("senior teacher-librarian")
    HEAD = "head_teacher_librarian", _("head teacher-librarian")
    LIBRARY_HEAD = "library_head", _("head of library")
    DIRECTOR = "school_director", _("school director")
    DEPUTY = "deputy_director", _("deputy director")
    TEACHER = "subject_teacher", _("subject teacher")
    STAFF = "staff", _("head office staff")
    OTHER = "other", pgettext_lazy("post", "other")


class Category(models.TextChoices):
    """Qualification categories of pedagogues. Optional: outside NIS librarians may have none."""

    TRAINEE = "trainee", _("pedagogue-trainee")
    PEDAGOGUE = "pedagogue", _("pedagogue")
    MODERATOR = "moderator", _("pedagogue-moderator")
    EXPERT = "expert", _("pedagogue-expert")
    RESEARCHER = "researcher", _("pedagogue-researcher")
    MASTER = "master", _("pedagogue-master")


class SchoolKind(models.TextChoices):
    NIS = "nis", _("Nazarbayev Intellectual School")
    GENERAL = "general", _("general-education school")


class SchoolSource(models.TextChoices):
    """Where the record of a school comes from."""

    REFERENCE = "reference", _("reference data of the portal")
    IMPORTED = "import", _("imported file")
    GENERATED = "generated", _("generated for demonstration")
    ADDED = "added", _("added by hand")


class RequestState(models.TextChoices):
    """What became of a school that was not listed; the moves are in `docs/states.md`."""

    WAITING = "waiting", pgettext_lazy("school request", "waiting")
    FOUND = "found", pgettext_lazy("school request", "found in the directory")
    ADDED = "added", pgettext_lazy("school request", "added to the directory")
    REFUSED = "refused", pgettext_lazy("school request", "refused")


class Direction(models.TextChoices):
    PM = "PM", _("physics and mathematics")
    CB = "CB", _("chemistry and biology")
    SM = "SM", _("science and mathematics")
    IB = "IB", _("International Baccalaureate")


class RegionKind(models.TextChoices):
    OBLAST = "oblast", _("region (oblast)")
    CITY = "city", _("city of republican significance")


class MailState(models.TextChoices):
    """Where a letter of the outbox stands; the moves are in `docs/states.md`."""

    QUEUED = "queued", pgettext_lazy("mail", "waiting to be sent")
    SENDING = "sending", pgettext_lazy("mail", "being sent")
    SENT = "sent", pgettext_lazy("mail", "sent")
    FAILED = "failed", pgettext_lazy("mail", "not sent")
    BOUNCED = "bounced", pgettext_lazy("mail", "address refused")
    SUPERSEDED = "superseded", pgettext_lazy("mail", "no longer needed")


class JobState(models.TextChoices):
    """Where a piece of long work stands; the moves are in `docs/states.md`."""

    QUEUED = "queued", pgettext_lazy("job", "waiting to start")
    RUNNING = "running", pgettext_lazy("job", "running")
    DONE = "done", pgettext_lazy("job", "done")
    FAILED = "failed", pgettext_lazy("job", "failed")
    CANCELLED = "cancelled", pgettext_lazy("job", "cancelled")


class FileKind(models.TextChoices):
    """What a private file may be, by its content and never by its name."""

    PDF = "pdf", _("PDF document")
    JPEG = "jpeg", _("JPEG picture")
    PNG = "png", _("PNG picture")
    WEBP = "webp", _("WebP picture")
    DOCX = "docx", _("Word document (DOCX)")
    XLSX = "xlsx", _("Excel table (XLSX)")
    PPTX = "pptx", _("PowerPoint slides (PPTX)")


PICTURES = (FileKind.JPEG, FileKind.PNG, FileKind.WEBP)
OFFICE = (FileKind.DOCX, FileKind.XLSX, FileKind.PPTX)
