"""Long work as rows: start it, watch it, cancel it, fetch its result.

A room registers what can be done with `kind("report")` on a function that takes the job and returns the path
of its result, or None. The function reports with `advance` at least once a minute; when a worker dies the
sweeper starts it again from the beginning, so it must be safe to run twice.
"""

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from schools import audit, bell
from schools.access import NOBODY, Actor, may_see_operations
from schools.errors import Refused
from schools.models import Job, Person, User
from schools.queries import actor_of
from schools.states import JobState

log = logging.getLogger(__name__)

RUN = "schools.tasks.run_job"
MAX_TRIES = 3
STALE = timedelta(seconds=120)
"""A running job that was silent for so long has lost its worker."""
MISSED = timedelta(seconds=20)
"""A queued job that waited for so long was not heard by any worker."""
WRITE_SECONDS = 0.5
"""Progress is written at most so often: `advance` may be called for every row."""


class Cancelled(Exception):
    """Somebody asked the job to stop, or another worker has it now. Let it pass."""


class JobError(Exception):
    """The work cannot be done; the text is a translated sentence for the owner."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of job does and is called; `leads_to` gives the page to open once it is done.

    `keeps` says that what is done stays done, also where the rest fails or is stopped.
    """

    work: Callable[[Job], Path | None]
    title: object
    leads_to: Callable[[Job], str] | None = None
    keeps: bool = False


_kinds: dict[str, Kind] = {}


def kind(
    name: str, *, title: object = "", leads_to: Callable[[Job], str] | None = None, keeps: bool = False
) -> Callable[[Callable[[Job], Path | None]], Callable[[Job], Path | None]]:
    """Register the decorated function as what jobs of this kind do."""

    def register(work: Callable[[Job], Path | None]) -> Callable[[Job], Path | None]:
        _kinds[name] = Kind(work, title or name, leads_to, keeps)
        return work

    return register


def kind_of(job: Job) -> Kind | None:
    """How its kind was registered; None for a kind that no longer exists."""
    return _kinds.get(job.kind)


@transaction.atomic
def start(*, kind: str, owner: Person | None, params: Mapping[str, object], actor: Actor) -> Job:
    """Put work of a registered kind before the workers. `params` is kept as JSON. Raises KeyError if unknown."""
    _kinds[kind]
    job = Job.objects.create(kind=kind, owner=owner, params=dict(params))
    audit.record(actor=actor, verb="job.start", subject=job, changes={"kind": (None, kind)}, person=owner)
    bell.ring(RUN, job.pk)
    return job


@transaction.atomic
def cancel(*, job: Job, actor: Actor) -> None:
    """Stop it: at once where it waits, at its next word where it runs. Raises Refused if it is over."""
    job = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
    if job.is_over:
        raise Refused(_("This work is over already."))
    if job.state == JobState.QUEUED:
        job.state, job.ended_at = JobState.CANCELLED, timezone.now()
    job.cancel_requested = True
    job.save(update_fields=["state", "ended_at", "cancel_requested"])
    audit.record(actor=actor, verb="job.cancel", subject=job, person=job.owner)


def advance(job: Job, done: int, total: int = 0, stage: object = "") -> None:
    """Say how far it is. Raises Cancelled when somebody asked to stop or the job has gone to another worker."""
    stage, total = str(stage) or job.stage, total or job.total
    moment, whole = time.monotonic(), bool(total) and done >= total
    if stage == job.stage and not whole and moment - job.written < WRITE_SECONDS:
        return
    job.done, job.total, job.stage = done, max(total, done) if total else 0, stage
    job.written = moment
    moved = (
        _mine(job)
        .filter(cancel_requested=False)
        .update(done=job.done, total=job.total, stage=job.stage[:200], heartbeat=timezone.now())
    )
    if not moved:
        raise Cancelled


def result_path(job: Job, name: str) -> Path:
    """Where the job's result file belongs: a private folder of its own."""
    folder = Path(settings.DATA_DIR) / "jobs" / job.uid
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def finish(job: Job, result: Path | None = None) -> bool:
    """The work is done; `result` is the file to download. False if the job was no longer ours."""
    fields: dict[str, object] = {}
    if result is not None:
        path = Path(result).resolve().relative_to(Path(settings.DATA_DIR).resolve())
        fields = {"result_name": path.name, "result_path": str(path)}
    return _end(job, JobState.DONE, done=F("total"), **fields)


def fail(job: Job, sentence: str) -> bool:
    """The work cannot be done; the owner reads the sentence. False if the job was no longer ours."""
    return _end(job, JobState.FAILED, error=sentence)


def claim(job_id: int) -> Job | None:
    """Take a waiting job, or one whose worker died, for this worker alone; None if there is nothing to take.

    A job that has killed its workers `MAX_TRIES` times is given up.
    """
    now, token = timezone.now(), secrets.token_hex(16)
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, heartbeat__lt=now - STALE)
    row = Job.objects.filter(free, pk=job_id)
    given_up = row.filter(tries__gte=MAX_TRIES).select_related("owner").first()
    if given_up:
        with translation.override(language_of(given_up)):
            fail(given_up, _("The work was interrupted three times and was given up. Tell the administrator."))
        return None
    moved = row.update(state=JobState.RUNNING, claim=token, heartbeat=now, tries=F("tries") + 1, started_at=now, done=0)
    return Job.objects.select_related("owner").get(pk=job_id, claim=token) if moved else None


def run(job_id: int) -> None:
    """Claim a job and do it, in its owner's language. Whatever happens, the row says how it ended."""
    job = claim(job_id)
    if job is None:
        return
    with translation.override(language_of(job)):
        try:
            finish(job, _kinds[job.kind].work(job))
        except Cancelled:
            _end(job, JobState.CANCELLED)
        except JobError as problem:
            fail(job, str(problem))
        except Exception:
            log.exception("Job %s (%s) failed.", job.uid, job.kind)
            fail(job, _("Something went wrong on our side. The administrator can find it by the number of this page."))


def waiting() -> list[int]:
    """Jobs that no worker has: the bell was missed, or the worker died."""
    now = timezone.now()
    missed = Q(state=JobState.QUEUED, created_at__lt=now - MISSED)
    stale = Q(state=JobState.RUNNING, heartbeat__lt=now - STALE)
    return list(Job.objects.filter(missed | stale).order_by("id").values_list("pk", flat=True))


def visible_to(actor: Actor) -> QuerySet[Job]:
    """The jobs that the actor may look at, newest first: the own ones, and all for administrators."""
    rows = Job.objects.select_related("owner")
    if may_see_operations(actor):
        return rows
    return rows.filter(owner_id=actor.person_id) if actor.person_id else rows.none()


def owner_as_actor(job: Job) -> Actor:
    """The owner with the roles of this moment: who lost the role meanwhile does nothing more."""
    user = User.objects.filter(person=job.owner, is_active=True).first() if job.owner else None
    return actor_of(user, on=timezone.localdate()) if user else NOBODY


def language_of(job: Job) -> str:
    return job.owner.language if job.owner else settings.LANGUAGE_CODE


def _mine(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, claim=job.claim, state=JobState.RUNNING)


def _end(job: Job, state: JobState, **fields: object) -> bool:
    """One last word, if the job is still ours."""
    return bool(
        Job.objects.filter(pk=job.pk, claim=job.claim, state__in=[JobState.QUEUED, JobState.RUNNING]).update(
            state=state, claim="", ended_at=timezone.now(), **fields
        )
    )
