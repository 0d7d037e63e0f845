"""The tests' settings with a room of slow work, for workers that are killed in the middle of it."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.slow_work"]
