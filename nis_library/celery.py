"""The Celery application. Its settings stand in `settings.py` under `CELERY_`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nis_library.settings")

app = Celery("nis_library")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
