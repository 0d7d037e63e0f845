"""Chance that can be repeated: the same seed gives the same rows."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from schools.models.base import ALPHABET, UID_LENGTH

ALMATY = ZoneInfo("Asia/Almaty")


class Chance(Random):
    """A stream of chance, made by `stream()`."""

    def uid(self) -> str:
        """A public name as `make_uid` gives, but repeatable."""
        return "".join(self.choices(ALPHABET, k=UID_LENGTH))

    def happens(self, share: float) -> bool:
        return self.random() < share

    def between(self, first: datetime, last: datetime) -> datetime:
        """An instant of that span, on a full minute."""
        minutes = int((last - first).total_seconds() // 60)
        return first + timedelta(minutes=self.randrange(minutes)) if minutes > 0 else first

    def weighted(self, weights: Mapping[Any, float]) -> str:
        """A key, by weight."""
        return str(self.choices(list(weights), list(weights.values()))[0])


def stream(seed: int, name: str) -> Chance:
    """A stream of its own for each part, so that a change in one part leaves the others alone."""
    return Chance(f"{seed}/{name}")


def times(count: int, scale: float, *, least: int = 1) -> int:
    """So many at this scale; something stays of everything, however small the scale."""
    return max(least, round(count * scale)) if count else 0


def at(day: date, hour: int, minute: int = 0, zone: ZoneInfo = ALMATY) -> datetime:
    """A local time as an instant in UTC."""
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)
