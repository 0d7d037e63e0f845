"""The signed link in the mail to somebody who asks for a seminar: it opens while the voice stands."""

from django.conf import settings
from django.urls import reverse

from courses import sealed_links
from courses.models import DemandVoice

SALT = "courses.demand_links"


def token(voice: DemandVoice) -> str:
    return sealed_links.seal(SALT, voice.uid, voice.link_epoch)


def address(voice: DemandVoice) -> str:
    """The whole link, for letters."""
    return settings.SITE_URL + reverse("guest:voice", args=[token(voice)])


def voice_of(letters: str) -> DemandVoice | None:
    """Whose link this is; None alike for an unknown, altered, replaced or withdrawn one."""
    uid, epoch = sealed_links.unseal(SALT, letters)
    rows = DemandVoice.objects.select_related("demand__topic", "demand__region", "demand__run__course", "school")
    row = rows.filter(uid=uid).first() if uid else None
    return row if row is not None and str(row.link_epoch) == epoch else None
