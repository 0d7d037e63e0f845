"""The signed link in a guest's mail: it proves the address, and is the guest's only key."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from courses.models import Signup
from schools import norms
from schools.models.base import ALPHABET, UID_LENGTH

SALT = "courses.guest_links"
SEAL_LETTERS = 16
"""79 bits: no link can be guessed."""


def token(signup: Signup) -> str:
    """The letters of the link: which sign-up, which of its links, and a seal that only the portal can make."""
    name = f"{signup.uid}{signup.link_epoch}"
    return f"{name}-{_seal(name)}"


def address(signup: Signup) -> str:
    """The whole link, for letters and squares."""
    return settings.SITE_URL + reverse("guest:show", args=[token(signup)])


def signup_of(letters: str) -> Signup | None:
    """Whose link this is; None alike for an unknown, altered, replaced or expired one."""
    name, _dash, seal = letters.partition("-")
    if not constant_time_compare(seal.encode(), _seal(name).encode()):
        return None
    uid, epoch = name[:UID_LENGTH], name[UID_LENGTH:]
    row = Signup.objects.select_related("run__course", "run__host", "school").filter(uid=uid).first()
    if row is None or str(row.link_epoch) != epoch or _expired(row):
        return None
    return row


def _expired(signup: Signup) -> bool:
    today = timezone.localdate()
    last = signup.run.ends_on or today
    return today > last + timedelta(days=norms.value("guest_link_days", on=today))


def _seal(name: str) -> str:
    number = int.from_bytes(salted_hmac(SALT, name, algorithm="sha256").digest())
    letters = []
    for _place in range(SEAL_LETTERS):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)
