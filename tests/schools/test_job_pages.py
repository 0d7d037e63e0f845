"""The pages of long work: progress, cancelling, fetching the result; 404 for everybody else."""

import pytest
from django.conf import settings
from django.urls import reverse

from schools import jobs
from schools.models import Job
from tests import make


@pytest.fixture
def job(cast, monkeypatch) -> Job:
    monkeypatch.setattr(jobs, "_kinds", {})
    jobs.kind("count", title="Count", leads_to=lambda job: f"/kk/counted/{job.pk}/")(lambda job: None)
    return jobs.start(kind="count", owner=cast.librarian.person, params={}, actor=cast.librarian.actor)


def _finished(job: Job, name: str = "есеп.txt") -> Job:
    claimed = jobs.claim(job.pk)
    path = jobs.result_path(claimed, name)
    path.write_text("42")
    jobs.finish(claimed, path)
    return claimed


def test_the_page_shows_progress_and_renews_itself(cast, job):
    claimed = jobs.claim(job.pk)
    jobs.advance(claimed, 30, 120, "Санау")
    page = cast.librarian.client().get(reverse("schools:job", args=[job.uid])).content.decode()
    assert '<progress class="work-bar" max="120" value="30"' in page
    assert f'data-hx-get="/kk/jobs/{job.uid}/progress/" data-hx-trigger="every 2s"' in page
    assert f'action="/kk/jobs/{job.uid}/cancel/"' in page


def test_the_part_that_renews_itself_reloads_the_page_once_the_work_is_over(cast, job):
    client, address = cast.librarian.client(), reverse("schools:job_progress", args=[job.uid])
    assert "HX-Refresh" not in client.get(address).headers
    _finished(job)
    assert client.get(address)["HX-Refresh"] == "true"


def test_the_owner_cancels(cast, job):
    client = cast.librarian.client()
    address = reverse("schools:cancel_job", args=[job.uid])
    assert client.get(address).status_code == 405
    assert client.post(address)["Location"] == reverse("schools:job", args=[job.uid])
    job.refresh_from_db()
    assert job.state == "cancelled"
    answer = client.post(address, follow=True)
    assert "Бұл жұмыс аяқталған." in answer.content.decode()


def test_the_result_is_downloaded_by_its_name(cast, job):
    client, address = cast.librarian.client(), reverse("schools:job_result", args=[job.uid])
    assert client.get(address).status_code == 404, "not ready"
    _finished(job)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == b"42"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    page = client.get(reverse("schools:job", args=[job.uid])).content.decode()
    assert f'href="/kk/counted/{job.pk}/"' in page
    assert f'href="{address}"' in page
    (settings.DATA_DIR / "jobs" / job.uid / "есеп.txt").unlink()
    assert client.get(address).status_code == 404, "the file is gone"


@pytest.mark.parametrize("name", ["job", "job_progress", "job_result", "cancel_job"])
def test_others_do_not_learn_that_it_exists(cast, job, name):
    _finished(job)
    address = reverse(f"schools:{name}", args=[job.uid])
    method = "post" if name == "cancel_job" else "get"
    answers = {}
    for who, member in cast.everyone().items():
        answer = getattr(member.client(), method)(address)
        answers[who] = answer.status_code
        if answer.streaming:
            list(answer.streaming_content)  # read to its end, the client closes the file
    assert {who for who, status in answers.items() if status != 404} == {"librarian", "administrator"}


def test_a_failed_job_says_why(cast, job):
    claimed = jobs.claim(job.pk)
    jobs.fail(claimed, "Файл <бос>.")
    page = cast.librarian.client().get(reverse("schools:job", args=[job.uid])).content.decode()
    assert '<p role="alert">Файл &lt;бос&gt;.</p>' in page


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_as_many_queries_for_many_as_for_one(cast, job, rows, django_assert_num_queries):
    for _number in range(rows - 1):
        jobs.start(kind="count", owner=cast.librarian.person, params={}, actor=cast.librarian.actor)
    client = make.client_of(cast.librarian.user)
    # session, account with its person, roles, count, page
    with django_assert_num_queries(5):
        page = client.get(reverse("schools:jobs")).content.decode()
    assert page.count("Count") == min(rows, 25)
