"""The certificate as a PDF, in the language that its holder chooses."""

from io import BytesIO

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.models import Certificate
from schools import printing, wording

MASK = 4
"""One of the eight patterns of a QR code. To look for the fairest takes four fifths of its time; blurred and noisy
pictures of codes with this one were read as often, and each says in itself which it has."""


def check_url(certificate: Certificate) -> str:
    """The public address at which anybody can check the certificate."""
    return settings.SITE_URL + reverse("certificate_check", args=[certificate.code])


def render(certificate: Certificate, *, language: str) -> bytes:
    """The document in kk, ru or en; the same bytes each time, since its date is the day of issue."""
    with translation.override(language):
        return printing.pdf("certificate.typ", _data(certificate, language), dated=certificate.issued_at)


def file_name(certificate: Certificate, *, language: str) -> str:
    return f"certificate-{certificate.number}-{language}.pdf"


def _data(certificate: Certificate, language: str) -> dict[str, object]:
    url = check_url(certificate)
    drawing = BytesIO()
    segno.make(url, error="m", mask=MASK).save(drawing, kind="svg", border=0, dark="#1D2A33", xmldecl=False)
    return {
        "language": language,
        "title": pgettext("title of the document", "Certificate"),
        "organisation": _("Nazarbayev Intellectual Schools"),
        "number": certificate.number,
        "holder": certificate.holder,
        "holder_latin": certificate.holder_latin if language == "en" else "",
        "school": _in(certificate, "school", language),
        "programme": _in(certificate, "programme", language),
        "facts": [fact for fact in _facts(certificate, language) if fact[1]],
        "labels": {
            "given_to": pgettext("certificate", "This certifies that"),
            "completed": pgettext("certificate", "has completed the programme"),
            "signature": pgettext("certificate", "signature, seal"),
            "check": _("Verify the certificate:"),
        },
        "url": url,
        "shown_url": url.removeprefix("https://").removeprefix("http://"),
        "qr": drawing.getvalue().decode(),
    }


def _facts(certificate: Certificate, language: str) -> list[tuple[str, str]]:
    return [
        (_("Academic hours"), str(certificate.hours)),
        (_("Dates"), wording.date_range(certificate.starts_on, certificate.ends_on, language)),
        (_("Venue"), _in(certificate, "place", language)),
        (_("Registration number"), certificate.number),
        (_("Date of issue"), wording.long_date(certificate.issued_on, language)),
    ]


def _in(certificate: Certificate, field: str, language: str) -> str:
    return getattr(certificate, f"{field}_{language}") or getattr(certificate, f"{field}_kk")
