"""Certificates for everybody who has completed a run, as one piece of long work, some people in each transaction."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import access, certificates
from courses.models import Enrolment, Run
from courses.teaching_queries import to_certify
from schools import jobs
from schools.access import Actor
from schools.errors import Refused
from schools.models import Job, Person
from schools.states import JobState

log = logging.getLogger(__name__)

KIND = "certificates"
CHUNK = 25
"""People in one transaction. It is short, since others wait for the series of numbers, and on SQLite for all."""
NAMED = 20
"""So many of those who got none are named; of more the number is said."""


def start(*, run: Run, actor: Actor) -> Job:
    """Put the work before the workers. Raises Refused for others than HQ and administrators, or if nobody waits."""
    if not access.may_issue_certificates(actor):
        raise Refused(_("Only HQ and administrators issue certificates."))
    if actor.person_id is None:
        raise Refused(_("This account belongs to no person, so it cannot start long work."))
    if running(run):
        raise Refused(_("Certificates of this course are being given already."))
    if not to_certify(run).exists():
        raise Refused(_("Everybody who has completed the course has a certificate already."))
    owner = Person.objects.get(pk=actor.person_id)
    return jobs.start(kind=KIND, owner=owner, params={"run": run.uid}, actor=actor)


def running(run: Run) -> Job | None:
    """The work that gives certificates of this run at present, if any."""
    return Job.objects.filter(kind=KIND, params__run=run.uid, state__in=(JobState.QUEUED, JobState.RUNNING)).first()


def leads_to(job: Job) -> str:
    """The run's page of certificates."""
    return reverse("courses:run_certificates", args=[job.params["run"]])


def register() -> None:
    """Let workers know this kind of work."""
    jobs.kind(KIND, title=gettext_lazy("Certificates for a group"), leads_to=leads_to, keeps=True)(issue_all)


def issue_all(job: Job) -> None:
    """Give each person who waits the certificate; whoever fails is named at the end, and stops nobody else.

    May run twice: a certificate that stands is left alone. Raises JobError with the counts where somebody got none.
    """
    actor, stage = jobs.owner_as_actor(job), _("Giving certificates")
    rows = list(to_certify(Run.objects.get(uid=job.params["run"])))
    failed: list[str] = []
    done = 0
    for chunk in _chunks(rows):
        jobs.advance(job, done, len(rows), stage)
        failed += _issue(chunk, actor)
        done += len(chunk)
    jobs.advance(job, len(rows), len(rows), stage)
    if failed:
        raise jobs.JobError(_sentence(len(rows) - len(failed), failed))


def _chunks(rows: Sequence[Enrolment]) -> Iterator[list[Enrolment]]:
    """About CHUNK people at a time, by name; those of one sign-up together, since their contact has one letter."""
    together: dict[tuple[int | None, int], list[Enrolment]] = defaultdict(list)
    for row in rows:
        together[row.signup_id, 0 if row.signup_id else row.pk].append(row)
    chunk: list[Enrolment] = []
    for group in together.values():
        chunk += group
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _issue(rows: Sequence[Enrolment], actor: Actor) -> list[str]:
    """Who got none and why; nobody, if all goes well. If it does not, each is tried alone."""
    try:
        certificates.issue_many(enrolments=rows, actor=actor)
    except Exception as problem:
        if len(rows) > 1:
            return [line for row in rows for line in _issue([row], actor)]
        return [f"{rows[0].person.full_name}: {_reason(rows[0], problem)}"]
    return []


def _reason(row: Enrolment, problem: Exception) -> str:
    if isinstance(problem, Refused):
        return str(problem)
    log.error("No certificate for enrolment %s.", row.uid, exc_info=problem)
    return _("something went wrong on our side")


def _sentence(given: int, failed: list[str]) -> str:
    counts = _("Certificates given: %(given)s. Not given: %(failed)s.") % {"given": given, "failed": len(failed)}
    lines = [counts, *failed[:NAMED]]
    if len(failed) > NAMED:
        lines.append(_("and %(n)s more") % {"n": len(failed) - NAMED})
    return "\n".join(lines)
