"""Settings of the tests: the portal's own, on databases, queues and folders that nothing else uses.

What the tests may use is said by `tests/run.py` in TEST_DATABASE_URL and TEST_REDIS_URL. DATABASE_URL and
REDIS_URL of the shell are never looked at, so that a test run cannot touch a database that it merely found.
Servers and workers that a test starts as processes of their own read this module too (see `tests/services`).
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "TEST_ROOT" not in os.environ:
    os.environ["TEST_ROOT"] = tempfile.mkdtemp(prefix="portal-tests-")
    atexit.register(shutil.rmtree, os.environ["TEST_ROOT"], ignore_errors=True)

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
WORKER_NUMBER = int(WORKER.removeprefix("gw")) + 1 if WORKER.startswith("gw") else 0
HERE = Path(os.environ["TEST_ROOT"]) / WORKER

for name in (
    "EMAIL_URL",
    "SECRET_KEY",
    "FIELD_KEY",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "NIS_ENV",
    "DEBUG",
    "WEB_CONCURRENCY",
):
    os.environ.pop(name, None)
os.environ["DATA_DIR"] = str(HERE)
os.environ["SITE_URL"] = os.environ.get("TEST_SITE_URL", "http://testserver")
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{HERE / 'portal.sqlite3'}"
os.environ["REDIS_URL"] = os.environ.get("TEST_REDIS_URL", "")
os.environ["EMAIL_URL"] = os.environ.get("TEST_EMAIL_URL", "")
# Playwright keeps an event loop in the thread of the test, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from nis_library import logs  # noqa: E402
from nis_library.settings import *  # noqa: E402, F403
from nis_library.settings import CACHES, CELERY_BEAT_SCHEDULE, DATABASES, REDIS_URL, STATIC_ROOT  # noqa: E402

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# Only a real server hands out static files; looking for them costs each new test client some 20 ms.
STATIC_ROOT = HERE / "static"
WHITENOISE_USE_FINDERS = os.environ.get("TEST_STATIC") == "1"
WHITENOISE_AUTOREFRESH = False
if packed := os.environ.get("TEST_STATIC_ROOT"):  # as readers get them: named by content and packed
    STORAGES["staticfiles"] = {"BACKEND": "nis_library.home.staticfiles.PortalStaticStorage"}
    STATIC_ROOT, WHITENOISE_USE_FINDERS = Path(packed), False
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file and not memory, so that a server or a worker started by a test can open it too.
    DATABASES["default"]["TEST"] = {"NAME": str(HERE / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

if REDIS_URL:
    # The Redis of the run serves every process of it: two databases each. A test's own Redis has its number in
    # the address. The cache is emptied between tests, so it is apart from the broker's messages.
    server, _, number = REDIS_URL.removeprefix("redis://").partition("/")
    number = int(number or 2 * WORKER_NUMBER)
    CELERY_BROKER_URL = f"redis://{server}/{number}"
    CACHES["default"]["LOCATION"] = f"redis://{server}/{number + 1}"

if every := os.environ.get("TEST_BEAT_SECONDS"):
    for entry in CELERY_BEAT_SCHEDULE.values():
        entry["schedule"] = float(every)
LOGGING = logs.settings_for(os.environ.get("TEST_LOG_LEVEL", "WARNING"))
