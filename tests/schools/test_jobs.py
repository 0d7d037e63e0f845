"""Long work: rows that say how far it is, claims that survive dead workers, results for their owner alone."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import gettext as _

from schools import jobs
from schools.errors import Refused
from schools.models import AuditEntry, Job
from schools.states import JobState


@pytest.fixture
def kinds(monkeypatch):
    """An empty registry for this test."""
    monkeypatch.setattr(jobs, "_kinds", {})
    monkeypatch.setattr(jobs, "WRITE_SECONDS", 0.0)
    return jobs


def _started(cast, kind: str = "count", **params) -> Job:
    return jobs.start(kind=kind, owner=cast.librarian.person, params=params, actor=cast.librarian.actor)


def _lose_worker(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(minutes=10))


def test_a_job_runs_to_its_result(cast, kinds):
    seen = []

    @kinds.kind("count", title="Count")
    def count(job: Job) -> Path:
        for number in range(job.params["to"]):
            jobs.advance(job, number + 1, job.params["to"], "Counting")
            seen.append(Job.objects.values_list("done", "total", "stage", "state").get())
        path = jobs.result_path(job, "sum.txt")
        path.write_text("6")
        return path

    job = _started(cast, to=3)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert seen == [(n, 3, "Counting", "running") for n in (1, 2, 3)]
    assert (job.state, job.done, job.percent, job.result_name, job.tries) == (JobState.DONE, 3, 100, "sum.txt", 1)
    assert job.result_path == f"jobs/{job.uid}/sum.txt"
    assert AuditEntry.objects.get().verb == "job.start"
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.tries == 1, "what is done is not done again"


def test_work_of_an_unknown_kind_is_not_taken_on(cast, kinds):
    with pytest.raises(KeyError):
        _started(cast)


def test_progress_is_written_at_most_twice_a_second(cast, kinds, monkeypatch, django_assert_num_queries):
    kinds.kind("count")(lambda job: None)
    monkeypatch.setattr(jobs, "WRITE_SECONDS", 60.0)
    job = jobs.claim(_started(cast).pk)
    with django_assert_num_queries(3):
        for number in range(1000):
            jobs.advance(job, number, 1000, "One")
        jobs.advance(job, 1000, 1000, "Two")
        jobs.advance(job, 1000, 1000, "Two")


def test_a_job_that_waits_is_cancelled_at_once_and_one_that_runs_at_its_next_word(cast, kinds):
    @kinds.kind("count")
    def count(job: Job) -> None:
        jobs.cancel(job=job, actor=cast.administrator.actor)
        jobs.advance(job, 1, 2)
        raise AssertionError("it went on")

    waiting, running = _started(cast), _started(cast)
    jobs.cancel(job=waiting, actor=cast.librarian.actor)
    jobs.run(waiting.pk)
    jobs.run(running.pk)
    assert list(Job.objects.values_list("state", "tries")) == [("cancelled", 1), ("cancelled", 0)]
    with pytest.raises(Refused):
        jobs.cancel(job=running, actor=cast.librarian.actor)


def test_a_foreseen_error_is_told_in_the_owners_language_and_any_other_in_plain_words(cast, kinds, caplog):
    @kinds.kind("broken")
    def broken(job: Job) -> None:
        raise jobs.JobError(_("Everything is ready."))

    @kinds.kind("bug")
    def bug(job: Job) -> None:
        raise RuntimeError("secret detail")

    cast.librarian.person.language = "ru"
    cast.librarian.person.save(update_fields=["language"])
    foreseen, other = _started(cast, "broken"), _started(cast, "bug")
    jobs.run(foreseen.pk)
    jobs.run(other.pk)
    foreseen.refresh_from_db()
    other.refresh_from_db()
    assert (foreseen.state, foreseen.error) == (JobState.FAILED, "Всё готово.")
    assert other.error.startswith("Произошла ошибка на нашей стороне.")
    assert "secret detail" in caplog.text


def test_a_dead_workers_job_goes_to_another_and_the_dead_one_can_say_nothing_more(cast, kinds):
    kinds.kind("count")(lambda job: None)
    row = _started(cast)
    assert jobs.waiting() == []
    dead = jobs.claim(row.pk)
    assert jobs.claim(row.pk) is None, "a living worker keeps its job"
    _lose_worker(row)
    assert jobs.waiting() == [row.pk]
    second = jobs.claim(row.pk)
    assert second.tries == 2
    with pytest.raises(jobs.Cancelled):
        jobs.advance(dead, 1, 2)
    assert not jobs.finish(dead)
    assert not jobs.fail(dead, "no")
    assert jobs.finish(second)


def test_a_job_that_kills_its_workers_three_times_is_given_up(cast, kinds):
    kinds.kind("count")(lambda job: None)
    row = _started(cast)
    for _time in range(jobs.MAX_TRIES):
        assert jobs.claim(row.pk)
        _lose_worker(row)
    assert jobs.claim(row.pk) is None
    row.refresh_from_db()
    assert (row.state, row.tries) == (JobState.FAILED, 3)
    assert row.error == "Жұмыс үш рет үзіліп, тоқтатылды. Әкімшіге хабарлаңыз."
    assert jobs.waiting() == []


def test_a_job_that_no_worker_heard_of_is_found(cast, kinds):
    kinds.kind("count")(lambda job: None)
    row = _started(cast)
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    assert jobs.waiting() == [row.pk]


def test_owners_and_administrators_see_their_work_and_nobody_else(cast, kinds):
    kinds.kind("count")(lambda job: None)
    job = _started(cast)
    seen = {name: list(jobs.visible_to(member.actor)) == [job] for name, member in cast.everyone().items()}
    assert {name for name, sees in seen.items() if sees} == {"librarian", "administrator"}
