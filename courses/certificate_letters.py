"""Letters about a certificate: given, corrected, revoked. Each is owed once, in the holder's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.guest_links import page_of
from courses.models import Certificate
from schools import outbox, wording
from schools.models import Mail
from schools.models.school import in_language


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says: the occasion for its key, subject, opening sentence, label of its one link."""

    occasion: str
    subject: Promise
    sentence: Promise
    link: Promise


ISSUED = Words(
    "issued",
    _("Your certificate is ready"),
    _("You have completed the course. Your certificate can be downloaded in Kazakh, Russian and English."),
    _("Download the certificate"),
)
CORRECTED = Words(
    "corrected",
    _("Your certificate was corrected"),
    _("A new certificate takes the place of the old one, which has no force any more."),
    _("Download the certificate"),
)
REVOKED = Words(
    "revoked",
    _("Your certificate was revoked"),
    _("This certificate has no force any more. The check page says so to everybody who looks it up."),
    _("Look at the certificate"),
)


def tell(certificates: Sequence[Certificate], words: Words) -> None:
    """Owe each holder the letter, inside the caller's transaction. What was owed before about it is taken back."""
    if words is not ISSUED:  # of a new one nobody has heard yet
        for certificate in certificates:
            outbox.supersede(about=certificate.supersedes or certificate)
    if certificates:
        outbox.enqueue_composed([_letter(certificate, words) for certificate in certificates])


def _letter(certificate: Certificate, words: Words) -> Mail:
    holder = certificate.person
    with translation.override(holder.language):
        rows = _facts(certificate)
    return outbox.compose(
        kind="certificate",
        dedupe_key=f"certificate:{certificate.pk}:{words.occasion}",
        language=holder.language,
        person=holder,
        about=certificate,
        context={
            "words": words,
            "rows": rows,
            "certificate": certificate,
            "note": (certificate.supersedes or certificate).closed_reason,
            "link": _link(certificate, holder.language),
        },
    )


def _link(certificate: Certificate, language: str) -> str:
    """Guests cannot sign in: theirs leads to all that they have attended, where the certificate stands."""
    return page_of(certificate.enrolment, "courses:certificate", certificate.number, language=language)


def _facts(certificate: Certificate) -> list[tuple[str, str]]:
    return [
        (gettext("Course"), in_language(certificate, "programme")),
        (gettext("Dates"), wording.date_range(certificate.starts_on, certificate.ends_on)),
        (gettext("Academic hours"), str(certificate.hours)),
        (gettext("Registration number"), certificate.number),
        (gettext("Date of issue"), wording.long_date(certificate.issued_on)),
    ]
