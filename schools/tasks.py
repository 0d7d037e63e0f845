"""Background tasks of the ground floor. Each takes ids, loads and calls one verb; all may run twice."""

from celery import shared_task


@shared_task(ignore_result=True)
def deliver_mail(mail_id: int) -> None:
    """Send what is due, this letter among it."""
