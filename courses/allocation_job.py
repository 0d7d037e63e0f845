"""Publishing an allocation as a piece of long work, so that nobody waits for the page."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import access, publishing
from courses.models import Allocation
from courses.states import AllocationState
from schools import jobs
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Job, Person
from schools.states import JobState

KIND = "allocation"


def start(*, allocation: Allocation, actor: Actor) -> Job:
    """Put it before the workers. Raises Refused for others than coordinators, Stale if it is no proposal."""
    if not access.may_manage_courses(actor):
        raise Refused(_("Only coordinators organise courses."))
    if actor.person_id is None:
        raise Refused(_("This account belongs to no person, so it cannot start long work."))
    if allocation.state != AllocationState.DRAFT or running(allocation):
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    owner = Person.objects.get(pk=actor.person_id)
    return jobs.start(kind=KIND, owner=owner, params={"allocation": allocation.uid}, actor=actor)


def running(allocation: Allocation) -> Job | None:
    """The work that publishes this allocation at present, if any."""
    rows = Job.objects.filter(kind=KIND, params__allocation=allocation.uid)
    return rows.filter(state__in=(JobState.QUEUED, JobState.RUNNING)).first()


def leads_to(job: Job) -> str:
    return reverse("courses:allocation", args=[job.params["allocation"]])


def register() -> None:
    """Let workers know this kind of work."""
    jobs.kind(KIND, title=gettext_lazy("Publishing an allocation of places"), leads_to=leads_to)(work)


def work(job: Job) -> None:
    """May run twice: what is published stays. Raises JobError with the sentence of a refusal."""
    allocation = Allocation.objects.select_related("intake").get(uid=job.params["allocation"])
    stage = _("Giving places and telling everybody")
    jobs.advance(job, 0, 1, stage)
    try:
        publishing.publish(allocation=allocation, actor=jobs.owner_as_actor(job))
    except Refused as refusal:
        allocation.refresh_from_db()  # another worker, taken for dead, may have finished it meanwhile
        if allocation.state != AllocationState.PUBLISHED:
            raise jobs.JobError(refusal.message) from refusal
    jobs.advance(job, 1, 1, stage)
