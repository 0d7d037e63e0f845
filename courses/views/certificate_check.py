"""Checking a certificate: the public page behind the square, and the form for a code typed from paper."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.certificate_codes import is_well_formed, tidy
from courses.certificate_queries import by_code
from courses.forms.certificates import CodeForm
from courses.models import Certificate
from schools import limits, wording
from schools.entry import EVERYONE, entry
from schools.models.school import in_language

MOST, SPAN_S = 30, 60
"""So many codes an address may ask for in a minute."""
SHOWN = 64
"""Of a typed code no more is shown again."""


@require_safe
@entry(EVERYONE)
@never_cache
def certificate_check(request: HttpRequest, code: str) -> HttpResponse:
    """What the portal knows of a code, for everybody. Unknown and malformed codes are answered alike."""
    asked = request.GET.get("lang", "")
    language = asked if asked in dict(settings.LANGUAGES) else (get_language() or settings.LANGUAGE_CODE)
    with translation.override(language):
        if limits.spend("certificate_check", limits.address_of(request), most=MOST, seconds=SPAN_S):
            response = _answer(request, code)
        else:
            response = render(request, "courses/certificates/too_many.html", _context(request), status=429)
            response["Retry-After"] = str(SPAN_S)
    response["Content-Language"] = language
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(request: HttpRequest, code: str) -> HttpResponse:
    wanted = tidy(code)
    row = by_code(wanted if is_well_formed(wanted) else "")
    if row is None:
        context = _context(request) | {"form": CodeForm(initial={"code": code[:SHOWN]})}
        return render(request, "courses/certificates/unknown.html", context, status=404)
    context = _context(request) | {
        "certificate": row,
        "programme": in_language(row, "programme"),
        "facts": public_facts(row),
    }
    return render(request, "courses/certificates/check.html", context)


def public_facts(row: Certificate) -> list[tuple[str, object]]:
    """What anybody may read who has the code, beside name and programme."""
    return [
        (_("School"), in_language(row, "school")),
        (_("Academic hours"), row.hours),
        (_("Dates"), wording.date_range(row.starts_on, row.ends_on)),
        (_("Registration number"), row.number),
        (_("Date of issue"), wording.long_date(row.issued_on)),
    ]


def _context(request: HttpRequest) -> dict[str, object]:
    """The page has no language in its address, so the switch of languages is told where to lead."""
    return {"language_urls": {code: f"{request.path}?lang={code}" for code, _label in settings.LANGUAGES}}


@entry(EVERYONE)
def check_by_hand(request: HttpRequest) -> HttpResponse:
    """A form for the code; spaces, dashes and capitals do not matter."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        address = reverse("certificate_check", args=[form.cleaned_data["code"]])
        return redirect(f"{address}?lang={get_language()}")
    return render(request, "courses/certificates/by_hand.html", {"form": form}, status=400 if form.errors else 200)
