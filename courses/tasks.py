"""What workers do for courses. Tasks take keys, load, and call one verb; a missing row is logged and left."""

from celery import shared_task

from courses import letters, waiting


@shared_task(name="courses.tasks.tell_move", ignore_result=True)
def tell_move(move_id: int) -> None:
    """Put the mails about one move into the outbox."""
    letters.tell_move(move_id=move_id)


@shared_task(name="courses.tasks.sweep_moves", ignore_result=True)
def sweep_moves() -> None:
    """Tell what a dead worker or broker left untold."""
    letters.tell_untold()


@shared_task(name="courses.tasks.fill_waiting", ignore_result=True)
def fill_waiting() -> None:
    """Give free seats to those who wait, where a process died between the two transactions."""
    for run_id in waiting.runs_to_fill():
        waiting.fill(run_id=run_id)
