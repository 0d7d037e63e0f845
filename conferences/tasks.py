"""What workers do for conferences and trips. Tasks take keys, load, and call one verb; a missing row is left."""

from celery import shared_task

from conferences import keeping


@shared_task(name="conferences.tasks.keep_promises", ignore_result=True)
def keep_promises() -> None:
    """Find out which promises were kept since the last look, and which are open again."""
    keeping.keep_due()
