"""Wall clocks and instants. What an organiser types is the time where the run meets; what is kept is UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from schools.errors import Refused

LAST_MINUTE = time(23, 59)
NONE = timedelta(0)


def instant(local: datetime, zone: str) -> datetime:
    """The instant (UTC) of a wall-clock time in a time zone.

    Raises Refused where clocks are put back and the time comes twice (in Almaty 29 February 2024, 23:00-24:00),
    or where they are put forward and it never comes.
    """
    place = ZoneInfo(zone)
    first, second = local.replace(tzinfo=place, fold=0), local.replace(tzinfo=place, fold=1)
    before, after = first.utcoffset() or NONE, second.utcoffset() or NONE
    if before != after:
        shown = {"time": f"{local:%d.%m.%Y %H:%M}", "zone": zone}
        if before > after:
            raise Refused(_("%(time)s comes twice there, since the clock is put back (%(zone)s).") % shown)
        raise Refused(_("%(time)s does not exist there, since the clock is put forward (%(zone)s).") % shown)
    return first.astimezone(UTC)


def wall_clock(moment: datetime | None, zone: str) -> datetime | None:
    """What the clock shows there at that instant, without a zone: for the fields of forms."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if moment else None


def local_day(moment: datetime, zone: str) -> date:
    """The date there at that instant."""
    return moment.astimezone(ZoneInfo(zone)).date()


def end_of(day: date, zone: str) -> datetime:
    """The last minute of a day there (UTC)."""
    return datetime.combine(day, LAST_MINUTE, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def shifted(moment: datetime, days: int, zone: str) -> datetime:
    """The same wall-clock time some days later; where the clock change makes that doubtful, the earlier reading."""
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + timedelta(days=days)
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
