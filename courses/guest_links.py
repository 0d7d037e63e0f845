"""The signed link in a guest's mail: it proves the address, and is the guest's only key."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from courses import sealed_links
from courses.models import Signup
from schools import norms

SALT = "courses.guest_links"


def token(signup: Signup) -> str:
    """The letters of the link: which sign-up, which of its links, and a seal that only the portal can make."""
    return sealed_links.seal(SALT, signup.uid, signup.link_epoch)


def pending_token(signup: Signup) -> str:
    """As `token`, of the link that is on its way to the new address. Once that is confirmed, it is the link."""
    return sealed_links.seal(SALT, signup.uid, signup.pending_epoch)


def address(signup: Signup) -> str:
    """The whole link, for letters and squares."""
    return settings.SITE_URL + reverse("guest:show", args=[token(signup)])


def pending_address(signup: Signup) -> str:
    """The whole link that confirms the new address."""
    return settings.SITE_URL + reverse("guest:new_address", args=[pending_token(signup)])


def signup_of(letters: str) -> Signup | None:
    """Whose link this is; None alike for an unknown, altered, replaced or expired one."""
    row, epoch = _read(letters)
    return row if row is not None and epoch == str(row.link_epoch) else None


def signup_to_confirm(letters: str) -> Signup | None:
    """Whose new address this link confirms, or has confirmed; None as `signup_of`."""
    row, epoch = _read(letters)
    if row is None:
        return None
    pending = bool(row.pending_email) and epoch == str(row.pending_epoch)
    return row if pending or epoch == str(row.link_epoch) else None


def _read(letters: str) -> tuple[Signup | None, str]:
    """The sign-up that the letters name, and which of its links; None if altered, unknown or expired."""
    uid, epoch = sealed_links.unseal(SALT, letters)
    if not uid:
        return None, ""
    row = Signup.objects.select_related("run__course", "run__host", "school").filter(uid=uid).first()
    return (None if row is None or _expired(row) else row), epoch


def _expired(signup: Signup) -> bool:
    today = timezone.localdate()
    last = signup.run.ends_on or today
    return today > last + timedelta(days=norms.value("guest_link_days", on=today))
