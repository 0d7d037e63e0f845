"""Working days are those of Kazakhstan: weekends, public holidays and the days that make up for them are free."""

from datetime import date

import pytest

from schools.norms import working_day_before, working_days_after, works


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [
        (date(2026, 11, 26), 0, date(2026, 11, 26)),
        (date(2026, 11, 26), 1, date(2026, 11, 27)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # a weekend between
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # asked on a Saturday
        (date(2026, 3, 20), 1, date(2026, 3, 26)),  # Nauryz, and two days for its Saturday and Sunday
        (date(2026, 12, 15), 2, date(2026, 12, 18)),  # Independence Day
        (date(2026, 12, 31), 1, date(2027, 1, 5)),  # two days of New Year, one of them made up for on Monday
    ],
)
def test_the_day_so_many_working_days_later(day, count, then):
    assert working_days_after(day, count) == then


def test_a_moved_working_day_counts():
    """In 2025 people worked on Sunday, 5 January, for Friday the third."""
    assert [works(date(2025, 1, day)) for day in (2, 3, 4, 5, 6, 7, 8)] == [
        False,
        False,
        False,
        True,
        True,
        False,
        True,
    ]


def test_the_last_working_day_before_one():
    assert working_day_before(date(2026, 3, 26)) == date(2026, 3, 20)
