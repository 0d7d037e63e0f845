"""When a run meets: working days, and hours spread over them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from courses.models import Course
from courses.states import CourseKind, Format
from nis_library.home.demo.chance import at
from schools import norms

DAY = timedelta(days=1)
FULL_DAY, EVENING = 8, 4
"""Academic hours of a day in a classroom, and of a meeting online after work."""


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting: its local day, its instants, its academic hours."""

    day: date
    starts_at: datetime
    ends_at: datetime
    hours: int


def works(day: date) -> bool:
    """A working day, and not in the weeks around New Year."""
    winter = (day.month, day.day) >= (12, 28) or (day.month, day.day) <= (1, 8)
    return not winter and norms.works(day)


def working(day: date) -> date:
    """The day itself, or the next on which people work."""
    while not works(day):
        day += DAY
    return day


def back(day: date, count: int) -> date:
    """The working day `count` days before, or the nearest one before that."""
    day -= count * DAY
    while not works(day):
        day -= DAY
    return day


@dataclass(frozen=True, slots=True)
class Window:
    """When people may apply for a run, and until when they may withdraw."""

    opens: datetime
    closes: datetime
    withdraw_until: datetime


@lru_cache(maxsize=256)
def window(first: date) -> Window:
    """The usual window of a run that begins on that day."""
    return Window(at(back(first, 40), 9), at(back(first, 8), 18), at(back(first, 3), 18))


def sessions(course: Course, first: date, zone: ZoneInfo) -> list[Session]:
    """All meetings of a run that begins on `first` (a working day): together they make the course's hours."""
    if course.kind in (CourseKind.SEMINAR, CourseKind.WEBINAR):
        start = 10 if course.format == Format.IN_PERSON else 15
        return [_session(first, start, course.hours, zone)]
    classroom = {Format.IN_PERSON: course.hours, Format.ONLINE: 0, Format.BLENDED: course.hours // 2}[
        Format(course.format)
    ]
    found = _spread(first, classroom, FULL_DAY, 1, 9, zone)
    if course.hours > classroom:
        after = found[-1].day + 5 * DAY if found else first
        found += _spread(after, course.hours - classroom, EVENING, 3, 15, zone)
    return found


def _spread(first: date, hours: int, most: int, gap: int, start: int, zone: ZoneInfo) -> list[Session]:
    found, day = [], first
    while hours > 0:
        day = working(day)
        found.append(_session(day, start, min(most, hours), zone))
        hours -= most
        day += gap * DAY
    return found


def _session(day: date, start: int, hours: int, zone: ZoneInfo) -> Session:
    """Hours of 45 minutes with breaks between them, and an hour's lunch in a long day."""
    begins = at(day, start, zone=zone)
    minutes = hours * 45 + (hours - 1) // 2 * 10 + (60 if hours > 5 else 0)
    return Session(day, begins, begins + timedelta(minutes=minutes), hours)
