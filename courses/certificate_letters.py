"""Letters about a certificate: given, corrected, revoked. Each is owed once, in the holder's language."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.guest_links import address
from courses.letters import page_link
from courses.models import Certificate, Signup
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

TO_GUEST = {
    "issued": Words(
        "issued",
        _("The certificate is ready"),
        _("Whoever is named below has completed the seminar. By the link there is the certificate in three languages."),
        _("Download the certificate"),
    ),
    "corrected": Words("corrected", _("A certificate was corrected"), CORRECTED.sentence, CORRECTED.link),
    "revoked": Words("revoked", _("A certificate was revoked"), REVOKED.sentence, _("Your sign-up")),
}
"""To the contact of a sign-up, about one of its people."""
TO_SEVERAL = Words(
    "issued",
    _("The certificates are ready"),
    _("These people have completed the seminar. By the link there are their certificates in three languages."),
    _("Download the certificates"),
)


def tell(certificates: Sequence[Certificate], words: Words) -> None:
    """Owe each holder the letter, inside the caller's transaction; the contact of guests has one for all of them.

    What was owed before about a certificate is taken back, except a letter about several.
    """
    if words is not ISSUED:  # of a new one nobody has heard yet
        for certificate in certificates:
            outbox.supersede(about=certificate.supersedes or certificate)
    guests: dict[Signup, list[Certificate]] = defaultdict(list)
    mails = []
    for certificate in certificates:
        if signup := certificate.enrolment.signup:
            guests[signup].append(certificate)
        else:
            mails.append(_letter(certificate, words))
    mails += [_letter_to_guests(signup, theirs, words) for signup, theirs in guests.items() if signup.email]
    if mails:
        outbox.enqueue_composed(mails)


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
            "note": _note(certificate),
            "link": page_link("courses:certificate", certificate.number, language=holder.language),
        },
    )


def _letter_to_guests(signup: Signup, certificates: Sequence[Certificate], words: Words) -> Mail:
    """Guests cannot sign in: the link in it is their own, where the certificates stand."""
    first, several = certificates[0], len(certificates) > 1
    with translation.override(signup.language):
        rows = _facts_of_several(certificates) if several else [(gettext("Holder"), first.holder), *_facts(first)]
    return outbox.compose(
        kind="certificate",
        dedupe_key=f"certificate:{first.pk}:{words.occasion}",
        language=signup.language,
        address=signup.email,
        about=signup if several else first,
        context={
            "words": TO_SEVERAL if several else TO_GUEST[words.occasion],
            "rows": rows,
            "certificate": first,
            "note": _note(first),
            "greeting_name": signup.name,
            "to_guests": True,
            "link": address(signup),
        },
    )


def _note(certificate: Certificate) -> str:
    return (certificate.supersedes or certificate).closed_reason


def _facts_of_several(certificates: Sequence[Certificate]) -> list[tuple[str, str]]:
    """What holds for all, then each holder with the number."""
    course, dates, hours, _number, issued = _facts(certificates[0])
    return [course, dates, hours, issued, *((row.holder, row.number) for row in certificates)]


def _facts(certificate: Certificate) -> list[tuple[str, str]]:
    return [
        (gettext("Course"), in_language(certificate, "programme")),
        (gettext("Dates"), wording.date_range(certificate.starts_on, certificate.ends_on)),
        (gettext("Academic hours"), str(certificate.hours)),
        (gettext("Registration number"), certificate.number),
        (gettext("Date of issue"), wording.long_date(certificate.issued_on)),
    ]
