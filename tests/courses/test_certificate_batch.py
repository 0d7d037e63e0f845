"""Certificates for a group: some in each transaction, a bad row stops nobody, stopped half-way, twice in a row."""

import pytest
from django.db import DataError, connection
from django.utils import timezone

from courses import certificate_batch
from courses.models import Certificate, CertificateSeries, Enrolment
from schools import jobs
from schools.models import AuditEntry, Job, Mail
from schools.states import JobState
from tests import make
from tests.courses import rows

pytestmark = pytest.mark.django_db
STATEMENTS = 27
"""Of a job with one chunk, whether for 2 or for 20."""


@pytest.fixture
def run(cast):
    return rows.past_run(cast.trainer.person)


@pytest.fixture
def people(cast, run, monkeypatch):
    """Five, so that there are three chunks: the last has one person."""
    monkeypatch.setattr(jobs, "WRITE_SECONDS", 0.0)
    monkeypatch.setattr(certificate_batch, "CHUNK", 2)
    return rows.seats(run, make.librarians(cast.school, 5), school=cast.school, state="completed")


def start(cast, run):
    """From the page: the answer leads to the work."""
    answer = cast.hq.client().post(f"/kk/teaching/{run.uid}/certificates/issue/")
    job = Job.objects.latest("id")
    assert answer.url == f"/kk/jobs/{job.uid}/"
    return job


def when_inserting(holder, deed):
    """The database does `deed` as soon as a certificate of this holder is written, be it with those of others."""

    def watch(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "courses_certificate" ') and holder in str(params):
            deed()
        return execute(sql, params, many, context)

    return connection.execute_wrapper(watch)


def test_everybody_who_waits_gets_one_and_a_letter(cast, run, people):
    job = start(cast, run)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 5, 5)
    assert sorted(Certificate.objects.values_list("number", flat=True)) == [
        f"{timezone.localdate().year}-{order:05d}" for order in range(1, 6)
    ]
    assert Mail.objects.filter(kind="certificate").count() == 5
    assert AuditEntry.objects.filter(verb="certificate.issue").count() == 5
    page = cast.hq.client().get(f"/kk/jobs/{job.uid}/").text
    assert f"/teaching/{run.uid}/certificates/" in page


def test_numbers_follow_the_order_of_names(cast, run, people):
    jobs.run(start(cast, run).pk)
    given = Certificate.objects.order_by("number").values_list("holder", flat=True)
    assert list(given) == sorted(row.person.full_name for row in people)


def test_more_people_in_a_chunk_need_no_more_statements(cast, run, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(jobs, "WRITE_SECONDS", 60.0)
    CertificateSeries.objects.create(year=timezone.localdate().year)
    for count in (2, 20):
        run = rows.past_run(cast.trainer.person)
        rows.seats(run, make.librarians(cast.school, count), school=cast.school, state="completed")
        job = start(cast, run)
        with django_assert_num_queries(STATEMENTS):
            jobs.run(job.pk)
        assert Certificate.objects.filter(enrolment__run=run).count() == count


def test_a_bad_row_is_named_at_the_end_and_stops_nobody(cast, run, people, caplog):
    bad = people[2].person

    def refuse():
        raise DataError("value too long")

    job = start(cast, run)
    with when_inserting(bad.full_name, refuse):
        jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error.splitlines() == [
        "Берілген сертификат: 4. Берілмегені: 1.",
        f"{bad.full_name}: біздің тарапта қате шықты",
    ]
    assert "value too long" in caplog.text
    assert Certificate.objects.count() == Mail.objects.count() == 4
    year = timezone.localdate().year
    assert Certificate.objects.latest("id").number == f"{year}-00004", "the number of the bad row is not lost"
    assert AuditEntry.objects.filter(verb="certificate.issue").count() == 4, "a chunk that failed leaves nothing"


def test_who_was_opened_again_meanwhile_is_named_with_the_rule(cast, run, people):
    job = start(cast, run)
    first, _second, third, *_others = sorted(people, key=lambda row: row.person.surname)
    opened = Enrolment.objects.filter(pk=third.pk)
    with when_inserting(first.person.full_name, lambda: opened.update(state="confirmed")):
        jobs.run(job.pk)
    job.refresh_from_db()
    assert Certificate.objects.count() == 4, "the other one of the chunk has it"
    assert job.error.splitlines()[1] == (f"{third.person.full_name}: Сертификат курс аяқталғаннан кейін ғана беріледі.")


def test_stopped_half_way_what_is_given_stands(cast, run, people):
    job = start(cast, run)
    third = sorted(people, key=lambda row: row.person.surname)[2].person.full_name
    with when_inserting(third, lambda: jobs.cancel(job=job, actor=cast.hq.actor)):
        jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, Certificate.objects.count()) == (JobState.CANCELLED, 4), (
        "the chunk of the third is done to its end"
    )
    assert "күшінде қалады" in cast.hq.client().get(f"/kk/jobs/{job.uid}/").text
    again = start(cast, run)
    jobs.run(again.pk)
    again.refresh_from_db()
    assert (again.state, again.total, Certificate.objects.count()) == (JobState.DONE, 1, 5)


def test_two_do_not_start_it_at_once_and_nobody_starts_it_for_nothing(cast, run, people):
    start(cast, run)
    second = cast.administrator.client().post(f"/kk/teaching/{run.uid}/certificates/issue/")
    assert (second.status_code, Job.objects.count()) == (422, 1)
    assert certificate_batch.running(run) == Job.objects.get()
    empty = rows.past_run(cast.trainer.person)
    assert cast.hq.client().post(f"/kk/teaching/{empty.uid}/certificates/issue/").status_code == 422


def test_who_has_lost_the_role_meanwhile_gives_nothing(cast, run, people):
    job = start(cast, run)
    cast.hq.person.memberships.all().delete()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, Certificate.objects.count()) == (JobState.FAILED, 0)


def test_of_many_failures_twenty_are_named(cast, run):
    sentence = certificate_batch._sentence(1, [f"Адам {n}" for n in range(25)])
    assert len(sentence.splitlines()) == 22
    assert "5" in sentence.splitlines()[-1]
