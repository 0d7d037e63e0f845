"""The Celery application. Its settings stand in `settings.py` under `CELERY_`."""

import os
import warnings

from celery import Celery, Task
from celery.signals import setup_logging, task_postrun, task_prerun

from nis_library.logs import current_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nis_library.settings")

# Celery's warning is about unpickling as root; our messages are JSON, and containers do not run as root.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

app = Celery("nis_library")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def leave_logging_alone(**kwargs: object) -> None:
    """Workers log as the rest of the portal does. Celery keeps its hands off once this signal has a receiver."""


@task_prerun.connect
def name_the_log_lines(task_id: str, task: Task, **kwargs: object) -> None:
    """Lines of a task carry its name and the start of its id."""
    current_id.set(f"{task.name}/{task_id[:8]}")


@task_postrun.connect
def forget_the_name(**kwargs: object) -> None:
    current_id.set("-")
