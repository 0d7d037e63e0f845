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


def address(signup: Signup) -> str:
    """The whole link, for letters and squares."""
    return settings.SITE_URL + reverse("guest:show", args=[token(signup)])


def signup_of(letters: str) -> Signup | None:
    """Whose link this is; None alike for an unknown, altered, replaced or expired one."""
    uid, epoch = sealed_links.unseal(SALT, letters)
    if not uid:
        return None
    row = Signup.objects.select_related("run__course", "run__host", "school").filter(uid=uid).first()
    if row is None or str(row.link_epoch) != epoch or _expired(row):
        return None
    return row


def _expired(signup: Signup) -> bool:
    today = timezone.localdate()
    last = signup.run.ends_on or today
    return today > last + timedelta(days=norms.value("guest_link_days", on=today))
