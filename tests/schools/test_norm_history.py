"""Settings with dates, read for many days at once."""

from datetime import date

import pytest

from schools.models import Norm
from schools.norm_history import by_day
from schools.norms import value


def test_many_days_are_read_at_once(db, django_assert_num_queries):
    days = [date(2026, 1, 1), date(2026, 6, 1), date(2026, 6, 2), date(2027, 1, 1)]
    for since, number in ((date(2026, 6, 1), 7), (date(2026, 12, 1), 9)):
        Norm.objects.create(key="advance_report_days", valid_from=since, value=number)
    with django_assert_num_queries(1):
        known = by_day("advance_report_days")
        assert [known(day) for day in days] == [5, 7, 7, 9]
    assert [value("advance_report_days", on=day) for day in days] == [5, 7, 7, 9]


def test_an_unknown_name_is_a_mistake(db):
    with pytest.raises(KeyError):
        by_day("no_such_setting")
