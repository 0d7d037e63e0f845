"""A person's record of learning: the own one, and those of others for who may see them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from courses import access, certificates, claim_queries, commitments, printouts
from courses import record as reads
from courses.views.teaching import pdf_response
from schools import record_parts
from schools.access import may_see_person
from schools.entry import SIGNED_IN, entry
from schools.models import Person
from schools.queries import school_of, with_roles


def _shown(request: HttpRequest, uid: str) -> Person:
    """The person, for those who may see them; 404 for all others."""
    row = get_object_or_404(with_roles(Person.objects.all(), on=timezone.localdate()), uid=uid)
    schools = [role.school_id for role in row.roles_now] or [None]
    if not any(may_see_person(request.actor, row.pk, school) for school in schools):
        raise Http404
    return row


@entry(SIGNED_IN)
def own_record(request: HttpRequest) -> HttpResponse:
    return _page(request, get_object_or_404(Person, pk=request.actor.person_id))


@entry(SIGNED_IN)
def record_of(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, _shown(request, uid))


def _page(request: HttpRequest, person: Person) -> HttpResponse:
    today, is_own = timezone.localdate(), person.pk == request.actor.person_id
    trail = [] if is_own else [(person.full_name, reverse("schools:person", args=[person.uid]))]
    record = reads.of(person, on=today)
    found = claim_queries.offered(person) if is_own else 0
    entries = [entry for year in record.years for entry in year.entries]
    standing = [entry.certificate for entry in entries if entry.certificate]
    context = {
        "person": person,
        "record": record,
        "school": school_of(person, on=today),
        "files": _files(person),
        "is_own": is_own,
        "found": found,
        "open": {row.pk for row in standing if access.may_see_certificate(request.actor, row)},
        "shown": {row.enrolment.pk for row in entries if access.may_see_enrolment(request.actor, row.enrolment)},
        "commitments": commitments.words(commitments.of(person.pk, on=today)),
        "further": record_parts.of(person),
        "trail": trail,
    }
    return render(request, "courses/record/record.html", context)


def _files(person: Person) -> list[tuple[str, str, str]]:
    """Code, name and address of the record as a document, the reader's language first."""
    own = (get_language() or "kk")[:2]
    names = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
    codes = sorted(certificates.LANGUAGES, key=lambda code: code != own)
    return [(code, names[code], reverse("courses:record_pdf", args=[person.uid, code])) for code in codes]


@entry(SIGNED_IN)
@never_cache
def record_file(request: HttpRequest, uid: str, language: str) -> HttpResponse:
    """The record for attestation, as of today, in one of three languages."""
    person, today = _shown(request, uid), timezone.localdate()
    if language not in certificates.LANGUAGES:
        raise Http404
    with translation.override(language):
        row = reads.of(person, on=today)
    pdf = printouts.record(row, school=school_of(person, on=today), language=language)
    return pdf_response(pdf, printouts.record_file_name(row, language=language))
