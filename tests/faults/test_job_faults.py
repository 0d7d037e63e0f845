"""Long work goes on when its worker is killed, and stops when somebody asks."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from schools import jobs
from schools.access import SYSTEM
from schools.models import Job
from schools.states import JobState
from tests.faults.slow_work.work import count
from tests.services.process import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow]
SLOW = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings"}


@pytest.fixture
def slow(monkeypatch):
    monkeypatch.setattr(jobs, "_kinds", {})
    jobs.kind("slow_count")(count)


def _start(**params) -> Job:
    return jobs.start(kind="slow_count", owner=None, params=params, actor=SYSTEM)


def _state(job: Job) -> tuple[str, int]:
    return Job.objects.values_list("state", "tries").get(pk=job.pk)


def test_the_work_of_a_killed_worker_is_done_by_another(stack, slow):
    worker = stack.worker(**SLOW)
    stack.beat()
    job = _start(to=60, pause=0.05)
    wait_until(lambda: Job.objects.filter(pk=job.pk, done__gt=0).exists(), what="some progress")
    worker.kill()
    stack.worker(**SLOW)
    # The twin: before its heart has stood still for long enough, nobody takes the work away.
    assert _state(job) == (JobState.RUNNING, 1)
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(minutes=5))
    wait_until(lambda: _state(job) == (JobState.DONE, 2), what="the second worker")
    job.refresh_from_db()
    assert (settings.DATA_DIR / job.result_path).read_text() == "60 at try 2"


def test_two_workers_never_do_the_same_work(stack, slow):
    stack.worker(**SLOW)
    stack.worker(**SLOW)
    stack.beat(every=0.2)
    rows = [_start(to=3, pause=0.05) for _number in range(10)]
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    wait_until(lambda: all(_state(job)[0] == JobState.DONE for job in rows), what="ten jobs")
    assert {_state(job) for job in rows} == {(JobState.DONE, 1)}


def test_a_running_job_stops_when_asked(stack, slow):
    stack.worker(**SLOW)
    job = _start(to=1000, pause=0.05)
    wait_until(lambda: Job.objects.filter(pk=job.pk, done__gt=0).exists(), what="some progress")
    jobs.cancel(job=job, actor=SYSTEM)
    wait_until(lambda: _state(job) == (JobState.CANCELLED, 1), seconds=10, what="the stop")
