"""Settings of the bench: the portal's own, with the views of the limits beside its pages.

Everything else comes from the environment that `run.py` writes: a production portal behind a proxy, on
PostgreSQL and Redis. Nothing is set here that a portal in use does not have.
"""

from nis_library.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
