"""Settings with dates for many days at once: a list asks once, whatever its length."""

from collections.abc import Callable
from datetime import date

from schools.models.norm import Norm
from schools.norms import DEFAULTS


def by_day(key: str) -> Callable[[date], int]:
    """As `norms.value`, for many days by one query. Raises KeyError for a name that is not listed in DEFAULTS."""
    default = DEFAULTS[key]
    rows = list(Norm.objects.filter(key=key).order_by("-valid_from").values_list("valid_from", "value"))
    return lambda on: next((value for since, value in rows if since <= on), default)
