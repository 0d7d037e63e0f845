"""What workers do for courses. Tasks take keys, load, and call one verb; a missing row is logged and left."""

from celery import shared_task

from courses import (
    allocation_letters,
    appeal_letters,
    asking,
    demand_fates,
    demand_letters,
    guest_letters,
    hand_over_ends,
    held_letters,
    letters,
    notices,
    offers,
    reminders,
    waiting,
)
from schools import bell


@shared_task(name="courses.tasks.tell_move", ignore_result=True)
def tell_move(move_id: int) -> None:
    """Put the mails about one move into the outbox."""
    letters.tell_move(move_id=move_id)


@shared_task(name="courses.tasks.sweep_moves", ignore_result=True)
def sweep_moves() -> None:
    """Tell what a dead worker or broker left untold."""
    letters.tell_untold()
    guest_letters.tell_untold()
    demand_letters.tell_untold()
    allocation_letters.tell_untold()
    appeal_letters.tell_untold()


@shared_task(name="courses.tasks.tell_allocation", ignore_result=True)
def tell_allocation(allocation_id: int) -> None:
    """Tell every applicant what the allocation gave and why."""
    allocation_letters.tell_allocation(allocation_id=allocation_id)


@shared_task(name="courses.tasks.tell_appeal", ignore_result=True)
def tell_appeal(appeal_id: int) -> None:
    """Put the letters about an appeal or its answer into the outbox."""
    appeal_letters.tell_appeal(appeal_id=appeal_id)


@shared_task(name="courses.tasks.tell_signup", ignore_result=True)
def tell_signup(signup_id: int) -> None:
    """Put the letter that is owed to a contact of guests into the outbox."""
    guest_letters.tell_signup(signup_id=signup_id)


@shared_task(name="courses.tasks.expire_offers", ignore_result=True)
def expire_offers() -> None:
    """Take back seats that were not confirmed in time."""
    offers.expire_due()


@shared_task(name="courses.tasks.settle_hand_overs", ignore_result=True)
def settle_hand_overs(run_id: int | None = None) -> None:
    """End hand-overs of places (in one run, or everywhere) whose time is over or that have become impossible."""
    hand_over_ends.settle(run_id=run_id)


@shared_task(name="courses.tasks.tell_run", ignore_result=True)
def tell_run(notice_id: int) -> None:
    """Tell everybody in a run that it was moved, changed or called off."""
    notices.tell_run(notice_id=notice_id)


@shared_task(name="courses.tasks.sweep_notices", ignore_result=True)
def sweep_notices() -> None:
    """Finish telling what a dead worker or broker left untold."""
    notices.tell_untold()


@shared_task(name="courses.tasks.fill_waiting", ignore_result=True)
def fill_waiting() -> None:
    """Give free seats to those who wait, where a process died between the two transactions."""
    for run_id in waiting.runs_to_fill():
        waiting.fill(run_id=run_id)


@shared_task(name="courses.tasks.tell_of_held", ignore_result=True)
def tell_of_held() -> None:
    """Write to directors about held places without a name: before they go to all, and once they have."""
    held_letters.tell_due()


@shared_task(name="courses.tasks.send_reminders", ignore_result=True)
def send_reminders() -> None:
    """Write the reminders that are due; what time did not suffice for is left to the next worker."""
    _written, more = reminders.send_due()
    if more:
        bell.ring(send_reminders)


@shared_task(name="courses.tasks.tell_demand", ignore_result=True)
def tell_demand(demand_id: int) -> None:
    """Tell those who asked for a seminar that it is announced."""
    demand_letters.tell_demand(demand_id=demand_id)


@shared_task(name="courses.tasks.tidy_demand", ignore_result=True)
def tidy_demand() -> None:
    """Forget voices that were never confirmed; call demands met whose seminar is over."""
    asking.expire_unconfirmed()
    demand_fates.settle_due()
