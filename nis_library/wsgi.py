"""The entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nis_library.settings")

application = get_wsgi_application()

from schools import bell  # noqa: E402  # the rooms are there only now

bell.warm()
