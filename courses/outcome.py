"""What came of an enrolment, for its own page: hours, certificate, and whether an answer is wanted."""

from dataclasses import dataclass

from django.utils import timezone

from courses import access, feedback
from courses.models import Certificate, Enrolment
from courses.states import SEATED, CertificateState, EnrolmentState
from courses.teaching_queries import hours_held, with_hours
from schools.access import Actor


@dataclass(frozen=True, slots=True)
class Outcome:
    """Academic hours `attended` of those `held` so far, the valid certificate, and the state of the feedback."""

    attended: int
    held: int
    certificate: Certificate | None
    may_answer: bool
    answered: bool


def of(enrolment: Enrolment, actor: Actor) -> Outcome | None:
    """None while there is nothing to say: no seat, or the course has not begun. The meetings are loaded."""
    now = timezone.now()
    held = hours_held(enrolment.run, now=now)
    row = with_hours(Enrolment.objects.filter(pk=enrolment.pk, state__in=SEATED)).first()
    if row is None or (row.state == EnrolmentState.CONFIRMED and not held):
        return None
    certificate = enrolment.certificates.filter(state=CertificateState.VALID).select_related("enrolment").first()
    if certificate is not None and not access.may_see_certificate(actor, certificate):
        certificate = None
    asked = access.is_applicant(actor, enrolment) and feedback.is_asked(enrolment, now=now)
    answered = asked and feedback.has_answered(enrolment)
    return Outcome(row.attended, held, certificate, may_answer=asked and not answered, answered=answered)
