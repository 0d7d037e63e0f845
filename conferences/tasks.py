"""What workers do for conferences and trips. Tasks take keys, load, and call one verb; a missing row is left."""

from celery import shared_task

from conferences import coming_back_letters, documents, keeping, promise_letters, trip_letters


@shared_task(name="conferences.tasks.keep_promises", ignore_result=True)
def keep_promises() -> None:
    """Find out which promises were kept since the last look, and which are open again."""
    keeping.keep_due()


@shared_task(name="conferences.tasks.tell_trip", ignore_result=True)
def tell_trip(move_id: int) -> None:
    """Put the letters about one move of a trip into the outbox."""
    trip_letters.tell_trip(move_id=move_id)


@shared_task(name="conferences.tasks.sweep_trips", ignore_result=True)
def sweep_trips() -> None:
    """Tell what a dead worker or broker left untold."""
    trip_letters.tell_untold()


@shared_task(name="conferences.tasks.remind_approvers", ignore_result=True)
def remind_approvers() -> None:
    """Remind those whose word on a trip is due or overdue."""
    trip_letters.remind_approvers()


@shared_task(name="conferences.tasks.remind_promises", ignore_result=True)
def remind_promises() -> None:
    """Remind those whose promise is due or overdue, and a week later those who wait for it."""
    promise_letters.remind_due()


@shared_task(name="conferences.tasks.tell_advance", ignore_result=True)
def tell_advance(move_id: int) -> None:
    """Put the letters about one move of an account into the outbox."""
    coming_back_letters.tell_advance(move_id=move_id)


@shared_task(name="conferences.tasks.sweep_reports", ignore_result=True)
def sweep_reports() -> None:
    """Tell what a dead worker or broker left untold."""
    coming_back_letters.tell_untold()


@shared_task(name="conferences.tasks.remind_of_reports", ignore_result=True)
def remind_of_reports() -> None:
    """Remind those whose reports of a trip are due or late."""
    coming_back_letters.remind()


@shared_task(name="conferences.tasks.review_documents", ignore_result=True)
def review_documents() -> None:
    """Let the days on which copies of papers go follow their trips."""
    documents.review_terms()
