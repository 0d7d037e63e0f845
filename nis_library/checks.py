"""Checks that Django runs before it starts anything."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

ALMATY = timedelta(hours=5)
"""All of Kazakhstan has been at UTC+5 since 1 March 2024."""


@register()
def kazakhstan_is_at_five(app_configs: Sequence[Any] | None, **kwargs: object) -> list[CheckMessage]:
    """Old zone data would put every meeting an hour off."""
    offset = datetime.now(UTC).astimezone(ZoneInfo(settings.TIME_ZONE)).utcoffset()
    if offset == ALMATY:
        return []
    return [
        Error(
            f"{settings.TIME_ZONE} is at {offset} instead of +5:00: the time zone data is old.",
            hint=f"Install a newer tzdata (pip has {version('tzdata')}; 2024a was the first to know).",
            id="portal.E001",
        )
    ]
