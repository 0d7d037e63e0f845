"""Parts of the pages about letters and long work: `{% load mails %}`."""

from datetime import datetime

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from schools.models import Job, Mail
from schools.states import JobState, MailState

register = template.Library()

MAIL_KINDS = {
    MailState.QUEUED: "wait",
    MailState.SENDING: "wait",
    MailState.SENT: "ok",
    MailState.FAILED: "no",
    MailState.BOUNCED: "no",
    MailState.SUPERSEDED: "quiet",
}
JOB_KINDS = {
    JobState.QUEUED: "wait",
    JobState.RUNNING: "info",
    JobState.DONE: "ok",
    JobState.FAILED: "no",
    JobState.CANCELLED: "quiet",
}


@register.inclusion_tag("ui/badge.html")
def mail_badge(state: str) -> dict[str, object]:
    """The state of a letter: {% mail_badge mail.state %}"""
    return _badge(MAIL_KINDS[MailState(state)], MailState(state).label)


@register.inclusion_tag("ui/badge.html")
def job_badge(state: str) -> dict[str, object]:
    """The state of a piece of long work: {% job_badge job.state %}"""
    return _badge(JOB_KINDS[JobState(state)], JobState(state).label)


@register.simple_tag
def letter_trail() -> list[tuple[str, str]]:
    return [(_("Mailbox of the demo"), reverse("schools:mailbox"))]


@register.simple_tag
def job_trail() -> list[tuple[str, str]]:
    return [(_("Long work"), reverse("schools:jobs"))]


@register.simple_tag
def letter_facts(mail: Mail) -> list[tuple[str, str]]:
    """To whom, when, in which language, and what went wrong."""
    return [
        (_("Reader"), mail.person.full_name if mail.person else ""),
        (_("Address"), mail.address),
        (_("Language"), mail.get_language_display()),
        (_("Written"), _moment(mail.created_at)),
        (_("Sent"), _moment(mail.sent_at)),
        (_("Last error"), mail.last_error),
    ]


@register.simple_tag
def job_facts(job: Job) -> list[tuple[str, str]]:
    """Whose work it is, and when it was asked for, began and ended."""
    return [
        (_("Asked for by"), job.owner.full_name if job.owner else _("portal")),
        (_("Asked for"), _moment(job.created_at)),
        (_("Began"), _moment(job.started_at)),
        (_("Ended"), _moment(job.ended_at)),
        (_("Number"), job.uid),
    ]


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%d.%m.%Y %H:%M}" if at else ""


def _badge(kind: str, label: object) -> dict[str, object]:
    from schools.templatetags.ui import badge

    return badge(kind, str(label))
