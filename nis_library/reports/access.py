"""Who may do what with yearly reports."""

from django.urls import reverse

from schools.access import Actor
from schools.models import Job
from schools.states import Role


def may_build(actor: Actor) -> bool:
    """HQ and administrators."""
    return actor.runs_network


def may_see(actor: Actor) -> bool:
    """Those who work for the whole network, and directors with their deputies."""
    return actor.is_network or actor.has(Role.FINANCE) or bool(actor.schools_led())


def page_of_job(job: Job) -> str:
    """The page of the report that a job has made."""
    return reverse("reports:of_job", args=[job.uid])
