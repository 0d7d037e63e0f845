"""Settings with dates: what holds on a day, and working days counted from one."""

from datetime import date, timedelta

from schools.models.norm import Norm

DEFAULTS: dict[str, int] = {
    "target_hours": 80,  # academic hours in the moving window
    "target_years": 3,  # length of the moving window, years
    "attendance_percent": 80,  # share of hours to attend before a certificate
    "feedback_minimum": 5,  # answers needed before anonymous feedback is shown
    "approval_days": 5,  # working days for a decision
    "signup_hold_hours": 24,  # how long a guest's seat waits for the link in the mail
    "guest_link_days": 400,  # how long after the last day a guest's link opens
}
SATURDAY = 5


def value(key: str, *, on: date) -> int:
    """The value in force on that day: the newest row not after it, else the default.

    Raises KeyError for a name that is not listed in DEFAULTS.
    """
    default = DEFAULTS[key]
    row = Norm.objects.filter(key=key, valid_from__lte=on).order_by("-valid_from").values_list("value", flat=True)
    return next(iter(row[:1]), default)


def working_days_after(day: date, count: int) -> date:
    """The date `count` working days (Monday to Friday) after `day`. Public holidays are not known here."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            count -= 1
    return day
