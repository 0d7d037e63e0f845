"""Reads of certificates that several pages use."""

from django.db.models import QuerySet

from courses.models import Certificate


def for_pages() -> QuerySet[Certificate]:
    """With what a certificate's page shows and its access asks for."""
    return Certificate.objects.select_related(
        "person", "enrolment__run__course", "enrolment__school", "issued_by", "supersedes", "superseded_by"
    )


def of_person(person_id: int) -> QuerySet[Certificate]:
    """All certificates of a person, the newest first, the revoked and superseded ones among them."""
    return Certificate.objects.filter(person=person_id).select_related("enrolment").order_by("-issued_on", "-id")


def by_code(code: str) -> Certificate | None:
    """The certificate behind a check code; an empty code has none."""
    return Certificate.objects.filter(code=code).first()
