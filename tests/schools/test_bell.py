"""The bell: rung after commit, and never at the cost of whoever rang it."""

import os
import signal
import time
from contextlib import suppress

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis import Redis

from schools import bell, jobs, outbox
from schools.tasks import deliver_mail, run_job, seal_audit, sweep_jobs

pytestmark = pytest.mark.redis


@pytest.fixture(autouse=True)
def _not_silent(monkeypatch):
    monkeypatch.setattr(bell, "_silent_until", 0.0)


@pytest.fixture
def ready(broker, django_capture_on_commit_callbacks, db):
    """One ring before the test, so that nothing is imported while it measures."""
    with django_capture_on_commit_callbacks(execute=True):
        bell.ring(sweep_jobs)
    assert _heard(broker) == 1
    return broker


def _heard(redis) -> int:
    return Redis.from_url(redis.url).llen("celery")


def _seconds_of(ring) -> float:
    began = time.monotonic()
    ring()
    return time.monotonic() - began


def test_it_rings_after_the_commit_only(ready, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        bell.ring(sweep_jobs)
        assert _heard(ready) == 1
    assert _heard(ready) == 2
    with django_capture_on_commit_callbacks(execute=True), suppress(ZeroDivisionError), transaction.atomic():
        bell.ring(sweep_jobs)
        raise ZeroDivisionError
    assert _heard(ready) == 2


def test_the_names_that_verbs_ring_for_are_tasks():
    assert (deliver_mail.name, run_job.name) == (outbox.DELIVER, jobs.RUN)


def test_a_transaction_rings_once_for_a_task_that_does_all_there_is(ready, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(5):
            bell.ring_once(deliver_mail, number)
        bell.ring_once(seal_audit)
    assert _heard(ready) == 3


def test_a_ring_that_was_rolled_back_does_not_silence_the_next(ready, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        with suppress(ZeroDivisionError), transaction.atomic():
            bell.ring_once(deliver_mail, 1)
            raise ZeroDivisionError
        bell.ring_once(deliver_mail, 2)
    assert _heard(ready) == 2


def test_with_the_broker_gone_a_request_goes_on_at_once(ready, django_capture_on_commit_callbacks):
    ready.kill()
    for _time in range(50):
        with django_capture_on_commit_callbacks(execute=True):
            bell.ring(sweep_jobs)
    took = _seconds_of(lambda: [bell._ring(sweep_jobs, ()) for _time in range(50)])
    assert took < 0.1, "the breaker keeps the process from knocking"


def test_without_the_bell_the_same_request_would_fail(ready):
    ready.kill()
    with pytest.raises(OperationalError):
        sweep_jobs.apply_async(retry=False)


def test_a_broker_that_answers_nothing_costs_a_moment_once(ready, monkeypatch):
    os.kill(ready.process.child.pid, signal.SIGSTOP)
    try:
        assert 0.2 < _seconds_of(lambda: bell._ring(sweep_jobs, ())) < 1
        assert _seconds_of(lambda: [bell._ring(sweep_jobs, ()) for _time in range(20)]) < 0.05
        # The twin: without the breaker every request would wait.
        monkeypatch.setattr(bell, "SILENCE_SECONDS", 0.0)
        monkeypatch.setattr(bell, "_silent_until", 0.0)
        assert _seconds_of(lambda: [bell._ring(sweep_jobs, ()) for _time in range(3)]) > 0.6
    finally:
        os.kill(ready.process.child.pid, signal.SIGCONT)


def test_after_a_while_it_knocks_again(ready, monkeypatch):
    ready.kill()
    bell._ring(sweep_jobs, ())
    ready.start()
    bell._ring(sweep_jobs, ())
    assert _heard(ready) == 0
    monkeypatch.setattr(bell, "_silent_until", time.monotonic())
    bell._ring(sweep_jobs, ())
    assert _heard(ready) == 1


@pytest.fixture
def broken_folder(tmp_path):
    """What the test's own process enqueues would go to a folder that cannot be."""
    conf, names = current_app.conf, ("broker_url", "broker_write_url", "broker_transport_options")
    before = {name: conf[name] for name in names}
    folder = tmp_path / "a file, not a folder"
    folder.touch()
    conf.broker_url = conf.broker_write_url = "filesystem://localhost"
    conf.broker_transport_options = {"data_folder_in": str(folder / "in"), "data_folder_out": str(folder / "in")}
    yield
    for name, value in before.items():
        setattr(conf, name, value)


def test_a_broken_queue_folder_disturbs_nobody(broken_folder, caplog):
    bell._ring(sweep_jobs, ())
    assert "The broker did not answer" in caplog.text
