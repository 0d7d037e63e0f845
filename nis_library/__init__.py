"""The roof: wiring, and the pages and reports that need every room."""

from nis_library.celery import app as celery_app

__all__ = ["celery_app"]
