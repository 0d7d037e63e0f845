"""How accounts sign in: allauth's adapter with the portal's rules."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone, translation

from schools import account_mails, outbox
from schools.models import User
from schools.models.base import make_uid

CODE_LIFE = timedelta(minutes=15)
"""A code that is older is of no use, so its letter is no longer sent."""


class PortalAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up is closed: staff come by invitation or roster."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every letter about an account goes through the outbox, in its reader's language, and is wiped once sent."""
        name = template_prefix.rpartition("/")[2]
        user = context.get("user") or _account_of(email)
        person = user.person if user else None
        language = person.language if person else translation.get_language() or "kk"
        outbox.enqueue(
            kind="account",
            dedupe_key=f"account:{name}:{make_uid()}",
            language=language,
            context=account_mails.context_of(name, {**context, "email": email}, language),
            person=person,
            address=email,
            secret=True,
            not_after=timezone.now() + CODE_LIFE if account_mails.WORDS[name].expires else None,
        )

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """The letter goes out in the language of the account, even to an address that it has just lost."""
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)


def _account_of(email: str) -> User | None:
    known = Q(email__iexact=email) | Q(emailaddress__email__iexact=email)
    return User.objects.select_related("person").filter(known).first()
