import os
import secrets

from celery import current_app
from django.apps import AppConfig
from django.db import transaction


class TwinsConfig(AppConfig):
    name = "tests.faults.twins"

    def ready(self) -> None:
        for twin in os.environ.get("TEST_TWINS", "").split():
            TWINS[twin]()


def at_any_hour() -> None:
    """No twin but a convenience: reminders go out at night too, in small chunks, so that a test need not wait."""
    from courses import due, reminders

    due.MORNING, due.NIGHT = 0, 24
    reminders.CHUNK = 20


def without_the_fact() -> None:
    """The key of a letter says nothing of rule, day and enrolment."""
    from courses import due

    due.key = lambda *facts: secrets.token_hex(8)


def never_taking_back() -> None:
    """Letters of a dead worker stay with it."""
    from schools import delivery

    delivery.take_back = lambda: 0


def ringing_plainly() -> None:
    """The broker is spoken to as Celery's guide has it, without patience for its absence."""
    from schools import bell

    def ring(task, *ids) -> None:
        name = task if isinstance(task, str) else task.name
        transaction.on_commit(lambda: current_app.send_task(name, args=ids))

    bell.ring = ring


TWINS = {twin.__name__: twin for twin in (at_any_hour, without_the_fact, never_taking_back, ringing_plainly)}
