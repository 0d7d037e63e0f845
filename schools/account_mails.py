"""What the letters about accounts say. Allauth decides when one is due, the outbox sends it.

Allauth's own templates are never used: each of its letters has its words here, which a test makes sure of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

IGNORE = _("If you did not ask for this, do nothing: without this letter nobody gets any further.")
ALARM = _("If this was not you, set a new password at once and tell the administrator of the portal.")
CODE = _("Enter this code on the page that you have open. It is valid for a few minutes.")


@dataclass(frozen=True, slots=True)
class Words:
    """Title, first paragraph, last paragraph and, for letters with a link, what the button says and opens."""

    title: Text
    first: Text
    last: Text = ALARM
    button: Text = ""
    link: str = ""
    expires: bool = False


CONFIRM = Words(_("Confirm your e-mail address"), CODE, IGNORE, _("Confirm the address"), "activate_url", True)

WORDS: dict[str, Words] = {
    "email_confirmation": CONFIRM,
    "email_confirmation_signup": CONFIRM,
    "login_code": Words(_("Your code for signing in"), CODE, IGNORE, expires=True),
    "password_reset_code": Words(_("Your code for a new password"), CODE, IGNORE, expires=True),
    "password_reset_key": Words(
        _("Set a new password"),
        _("Somebody, probably you, asked to set a new password for your account. The button opens the page for it."),
        IGNORE,
        _("Set a new password"),
        "password_reset_url",
    ),
    "account_already_exists": Words(
        _("You have an account already"),
        _("Somebody, probably you, asked for an account for the address %(email)s. It has one: just sign in."),
        IGNORE,
        _("Set a new password"),
        "password_reset_url",
    ),
    "unknown_account": Words(
        _("There is no account for this address"),
        _("Somebody, probably you, tried to enter the portal with the address %(email)s, but it has no account."),
        _("Try another address of yours, or ask your school's director for an invitation."),
    ),
    "email_confirm": Words(
        _("Your e-mail address is confirmed"), _("From now on the portal writes to you at this address.")
    ),
    "email_changed": Words(
        _("Your e-mail address was changed"),
        _("The address of your account was changed. Before: %(from_email)s. Now: %(to_email)s."),
    ),
    "email_deleted": Words(
        _("An e-mail address was removed"), _("This address no longer belongs to your account: %(deleted_email)s.")
    ),
    "password_reset": Words(_("Your password was reset"), _("Your account has a new password.")),
    "password_changed": Words(_("Your password was changed"), _("Your account has a new password.")),
    "password_set": Words(_("Your account has a password"), _("You can now sign in with a password.")),
    "totp_activated": Words(
        _("Sign-in with a code from your phone is on"),
        _("From now on the portal asks for a code of the authenticator app when you sign in."),
    ),
    "totp_deactivated": Words(
        _("Sign-in with a code from your phone is off"),
        _("The portal no longer asks for a code of the authenticator app when you sign in."),
    ),
    "recovery_codes_generated": Words(
        _("You have new recovery codes"), _("New recovery codes were made for your account. The old ones are void.")
    ),
    "webauthn_added": Words(_("A passkey was added"), _("A new passkey or security key opens your account.")),
    "webauthn_removed": Words(_("A passkey was removed"), _("A passkey or security key no longer opens your account.")),
    "account_connected": Words(
        _("Another way to sign in was added"), _("Your account can now be entered through: %(provider)s.")
    ),
    "account_disconnected": Words(
        _("A way to sign in was removed"), _("Your account can no longer be entered through: %(provider)s.")
    ),
}


def context_of(name: str, context: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What the template of account letters needs, in the reader's language. Raises KeyError if `name` is new."""
    words = WORDS[name]
    url, code = _of_the_reader(context.get(words.link, ""), language), context.get("code", "")
    with translation.override(language):
        first = str(words.first)
        if url and words is CONFIRM:
            first = translation.gettext("Confirm with the button below that this address is yours.")
        return {
            "title": str(words.title),
            "first": first % {**context, "provider": _provider(context)} if "%(" in first else first,
            "last": str(words.last),
            "code": code,
            "url": url,
            "button": str(words.button),
            "facts": _facts(context),
        }


def _of_the_reader(url: str, language: str) -> str:
    """The same page at the portal's own address, in the reader's language and not in that of whoever asked."""
    if not url:
        return ""
    parts = urlsplit(url)
    first, _slash, rest = parts.path.lstrip("/").partition("/")
    path = f"/{language}/{rest}" if first in dict(settings.LANGUAGES) else parts.path
    return f"{settings.SITE_URL}{path}" + (f"?{parts.query}" if parts.query else "")


def _provider(context: Mapping[str, Any]) -> str:
    return getattr(context.get("provider"), "name", "") or str(context.get("provider", ""))


def _facts(context: Mapping[str, Any]) -> list[tuple[str, str]]:
    """When and from where a change was made, for letters that report one."""
    moment = context.get("timestamp")
    if not isinstance(moment, datetime):
        return []
    return [
        (translation.gettext("Time"), f"{timezone.localtime(moment):%d.%m.%Y %H:%M}"),
        (translation.gettext("Network address"), str(context.get("ip", ""))),
        (translation.gettext("Browser"), str(context.get("user_agent", ""))),
    ]
