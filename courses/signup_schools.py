"""Sign-ups and wishes whose school the directory did not know: they follow once HQ has found it."""

from courses.models import DemandVoice, Enrolment, Signup
from schools import registry
from schools.access import Actor
from schools.models import School, SchoolRequest


def listen() -> None:
    """Hear of schools that HQ has found or added."""
    registry.school_found.listen(follow)


def follow(*, request: SchoolRequest, school: School, actor: Actor) -> None:
    """Set the school of the sign-ups that asked for it, of their people, and of voices. The ledger has the answer."""
    signups = Signup.objects.filter(school_request=request, school=None)
    Enrolment.objects.filter(signup__in=signups, school=None).update(school=school)
    signups.update(school=school)
    DemandVoice.objects.filter(school_request=request, school=None).update(school=school)
