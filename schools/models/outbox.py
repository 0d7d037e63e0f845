"""The mail outbox: one row per recipient and occasion, the truth about every letter the portal owes."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models.base import UidModel, closed_list
from schools.models.people import Person
from schools.states import Language, MailState


class Mail(UidModel):
    """A letter, rendered whole when it was enqueued. Times are UTC instants.

    `dedupe_key` holds the occasion and the fact it speaks of, so nobody gets two. `message` is the finished
    MIME; of a `secret` letter (codes, sign-in links) it is wiped once the letter is sent or given up.
    """

    kind = models.CharField(_("kind"), max_length=60)
    dedupe_key = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    address = models.CharField(_("e-mail"), max_length=254)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    subject = models.CharField(_("subject"), max_length=200)
    message = models.BinaryField(default=bytes)
    message_id = models.CharField(max_length=120, unique=True)
    secret = models.BooleanField(default=False)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.BigIntegerField(null=True)
    state = models.CharField(_("state"), max_length=12, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    not_after = models.DateTimeField(null=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [
            models.Index(
                fields=["-secret", "next_attempt_at", "id"], condition=Q(state=MailState.QUEUED), name="mail_due"
            ),
            models.Index(fields=["claimed_until"], condition=Q(state=MailState.SENDING), name="mail_claimed"),
            models.Index(
                fields=["-id"], condition=Q(state__in=[MailState.FAILED, MailState.BOUNCED]), name="mail_in_trouble"
            ),
            models.Index(fields=["subject_type", "subject_id"], name="mail_subject"),
            models.Index(fields=["person", "-id"], name="mail_person"),
        ]
        constraints = [
            closed_list("state", MailState, name="mail_state"),
            closed_list("language", Language, name="mail_language"),
            models.CheckConstraint(
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | (~Q(state=MailState.SENT) & Q(sent_at__isnull=True)),
                name="mail_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.SENDING, claimed_until__isnull=False) & ~Q(claim="")
                | (~Q(state=MailState.SENDING) & Q(claimed_until__isnull=True, claim="")),
                name="mail_claim_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(subject_type="", subject_id=None) | (~Q(subject_type="") & Q(subject_id__isnull=False)),
                name="mail_subject_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.address}"

    @property
    def in_trouble(self) -> bool:
        return self.state in (MailState.FAILED, MailState.BOUNCED)

    @property
    def is_wiped(self) -> bool:
        """The text is gone (a secret letter that was sent or given up), so it cannot be sent again."""
        return not self.message
