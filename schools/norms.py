"""Settings with dates: what holds on a day, and working days counted from one."""

from collections.abc import Collection
from datetime import date
from functools import cache

from holidays import HolidayBase, country_holidays

from schools.models.norm import Norm

DEFAULTS: dict[str, int] = {
    "target_hours": 80,  # academic hours in the moving window
    "target_years": 3,  # length of the moving window, years
    "attendance_percent": 80,  # share of hours to attend before a certificate
    "feedback_minimum": 5,  # answers needed before anonymous feedback is shown
    "approval_days": 5,  # working days for a decision
    "advance_report_days": 5,  # working days after a trip for its reports
    "passport_days": 30,  # after a trip that copies of its travellers' papers are kept
    "review_days": 21,  # before abstracts are due, for the internal review
    "registration_days": 60,  # before a conference, where no early-bird date says so
    "order_days": 30,  # before a trip, for its approval and order
    "insurance_days": 40,  # before a trip abroad
    "visa_days": 60,  # before a trip abroad, for the visa application
    "visa_least_days": 21,  # the quickest that a visa comes
    "tickets_days": 45,  # before a trip
    "offer_hours": 48,  # how long an offered place waits for an answer, where a run sets nothing else
    "offer_hours_near": 6,  # the same shortly before the start
    "offer_near_days": 3,  # what «shortly» means
    "merge_reminder_days": 3,  # before held places go to all, for directors who hold some without a name
    "clash_warning_days": 14,  # other events so near to a course are pointed out
    "appeal_days": 5,  # working days to appeal against an allocation
    "signup_hold_hours": 24,  # how long a guest's seat waits for the link in the mail
    "guest_link_days": 400,  # how long after the last day a guest's link opens
}


def value(key: str, *, on: date) -> int:
    """The value in force on that day: the newest row not after it, else the default.

    Raises KeyError for a name that is not listed in DEFAULTS.
    """
    default = DEFAULTS[key]
    row = Norm.objects.filter(key=key, valid_from__lte=on).order_by("-valid_from").values_list("value", flat=True)
    return next(iter(row[:1]), default)


def values(keys: Collection[str], *, on: date) -> dict[str, int]:
    """As `value`, for many names in one query."""
    found = {key: DEFAULTS[key] for key in keys}
    rows = Norm.objects.filter(key__in=found, valid_from__lte=on).order_by("valid_from")
    return found | dict(rows.values_list("key", "value"))


def works(day: date) -> bool:
    """True for a working day in Kazakhstan: public holidays are free, and so are the days that make up for them.

    Days that the government moves by a decree of its own are known once the library that lists them is renewed;
    the date of Kurban Ait is an estimate until then.
    """
    return _calendar().is_working_day(day)


def working_days_after(day: date, count: int) -> date:
    """The date `count` working days after `day`; the day itself for 0."""
    return _calendar().get_nth_working_day(day, count) if count > 0 else day


def working_day_before(day: date) -> date:
    """The last working day before `day`."""
    return _calendar().get_nth_working_day(day, -1)


@cache
def _calendar() -> HolidayBase:
    """Years are worked out when first asked for."""
    return country_holidays("KZ")
