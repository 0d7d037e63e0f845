"""Certificates in the portal: the own ones, one of them, its document, revoking and correcting."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from courses import access, certificate_pdf, certificates
from courses.certificate_codes import spaced
from courses.certificate_queries import for_pages, of_person
from courses.forms.teaching import ReasonForm
from courses.models import Certificate
from courses.states import CertificateState
from courses.views.teaching import pdf_response
from schools import wording
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused
from schools.models.school import in_language
from schools.states import Role

MANAGERS = (Role.HQ, Role.ADMINISTRATOR)


@entry(SIGNED_IN)
def my_certificates(request: HttpRequest) -> HttpResponse:
    rows = list(of_person(request.actor.person_id)) if request.actor.person_id is not None else []
    context = {"certificates": [(row, in_language(row, "programme"), downloads(row)) for row in rows]}
    return render(request, "courses/certificates/mine.html", context)


def downloads(certificate: Certificate) -> list[tuple[str, str, str]]:
    """Code, name and address of the document in each language, the reader's own first; none without force."""
    if certificate.state != CertificateState.VALID:
        return []
    own = (get_language() or "kk")[:2]
    names = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
    codes = sorted(certificates.LANGUAGES, key=lambda code: code != own)
    return [(code, names[code], reverse("courses:certificate_pdf", args=[certificate.number, code])) for code in codes]


def _shown(request: HttpRequest, number: str) -> Certificate:
    """The certificate, or 404 for those it is not for."""
    row = get_object_or_404(for_pages(), number=number)
    if not access.may_see_certificate(request.actor, row):
        raise Http404
    return row


@entry(SIGNED_IN)
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    row = _shown(request, number)
    is_mine = row.person_id == request.actor.person_id
    context = {
        "certificate": row,
        "programme": in_language(row, "programme"),
        "facts": facts(row)[1:],
        "downloads": downloads(row),
        "check_url": certificate_pdf.check_url(row),
        "code": spaced(row.code),
        "may_change": access.may_issue_certificates(request.actor) and row.state == CertificateState.VALID,
        "is_mine": is_mine,
        "trail": [(_("My certificates"), reverse("courses:certificates"))] if is_mine else [],
    }
    return render(request, "courses/certificates/one.html", context)


def facts(row: Certificate) -> list[tuple[str, object]]:
    """What the certificate states, in the active language."""
    return [
        (_("Name"), row.holder),
        (_("School"), in_language(row, "school")),
        (_("Academic hours"), row.hours),
        (_("Dates"), wording.date_range(row.starts_on, row.ends_on)),
        (_("Venue"), in_language(row, "place")),
        (_("Registration number"), row.number),
        (_("Date of issue"), wording.long_date(row.issued_on)),
    ]


@entry(SIGNED_IN)
@never_cache
def certificate_file(request: HttpRequest, number: str, language: str) -> HttpResponse:
    """The document in one of three languages; a certificate without force has none."""
    row = _shown(request, number)
    if language not in certificates.LANGUAGES or row.state != CertificateState.VALID:
        raise Http404
    pdf = certificate_pdf.render(row, language=language)
    return pdf_response(pdf, certificate_pdf.file_name(row, language=language))


@entry(*MANAGERS)
def revoke_certificate(request: HttpRequest, number: str) -> HttpResponse:
    words = {
        "title": _("Revoke the certificate"),
        "text": _("The public check page will say that it is revoked, and the document can no longer be downloaded."),
        "yes": _("Revoke"),
        "done": _("The certificate is revoked."),
    }
    return _undo(request, number, certificates.revoke, words)


@entry(*MANAGERS)
def reissue_certificate(request: HttpRequest, number: str) -> HttpResponse:
    words = {
        "title": _("Correct and issue anew"),
        "text": _(
            "Correct the person's name or the course first. A new certificate with a new number takes over what is "
            "on record now; the old one is marked as superseded."
        ),
        "yes": _("Issue anew"),
        "done": _("A new certificate is issued."),
    }
    return _undo(request, number, certificates.reissue, words)


def _undo(request: HttpRequest, number: str, deed: Callable[..., Certificate], words: dict[str, str]) -> HttpResponse:
    """Ask for the reason, do the deed, show the certificate that came of it."""
    row = _shown(request, number)
    if not access.may_issue_certificates(request.actor):
        raise PermissionDenied
    note = _("The holder reads it in the letter, and it stays on record.")
    form = ReasonForm(request.POST if request.method == "POST" else None, help_text=note)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            changed = deed(certificate=row, actor=request.actor, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = status_of(refusal)
        else:
            messages.success(request, words["done"])
            return redirect("courses:certificate", number=changed.number)
    trail = [(row.number, reverse("courses:certificate", args=[row.number]))]
    context = {"certificate": row, "facts": facts(row), "form": form, "words": words, "trail": trail}
    return render(request, "courses/certificates/undo.html", context, status=status)
