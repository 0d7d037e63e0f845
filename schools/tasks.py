"""Background tasks of the ground floor. Each takes ids, loads and calls one verb; all may run twice."""

from celery import shared_task

from schools import bell, delivery, files, jobs, sealing


@shared_task(ignore_result=True)
def deliver_mail(mail_id: int) -> None:
    """Send what is due, the letter that was rung for among it."""
    _sent, more = delivery.drain()
    if more:
        bell.ring(deliver_mail, mail_id)


@shared_task(ignore_result=True)
def sweep_outbox() -> None:
    """Take up letters of dead workers, then send what is due and what the bell missed."""
    delivery.take_back()
    delivery.drain()


@shared_task(ignore_result=True)
def seal_audit() -> None:
    """Chain the audit entries that were committed since."""
    sealing.seal_all()


@shared_task(ignore_result=True)
def run_job(job_id: int) -> None:
    """Do one job, if no other worker has it."""
    jobs.run(job_id)


@shared_task(ignore_result=True)
def sweep_jobs() -> None:
    """Ring again for jobs that no worker has."""
    for job_id in jobs.waiting():
        bell.ring(run_job, job_id)


@shared_task(ignore_result=True)
def sweep_files() -> None:
    """Delete private files whose time is over, and what crashes left of others."""
    files.sweep()
