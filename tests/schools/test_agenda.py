"""The ledger of taken time: what clashes with several spans and what lies between them."""

from datetime import UTC, datetime, timedelta

import pytest

from schools import agenda
from schools.models import Busy

DAY = datetime(2030, 4, 8, tzinfo=UTC)
MEETINGS = [(DAY + timedelta(hours=start), DAY + timedelta(hours=end)) for start, end in ((9, 12), (14, 17), (33, 36))]
pytestmark = pytest.mark.django_db


def taken(person, start: float, end: float, source: str = "trip:1") -> None:
    agenda.take(person=person, spans=[(DAY + timedelta(hours=start), DAY + timedelta(hours=end))], source=source)


@pytest.mark.parametrize(
    ("start", "end", "clashes"),
    [
        (8, 9, False),
        (12, 14, False),
        (17, 33, False),
        (36, 40, False),
        (11.5, 12, True),
        (13, 14.5, True),
        (10, 11, True),
        (16, 40, True),
        (0, 50, True),
    ],
)
def test_only_an_overlap_with_a_meeting_is_a_clash(cast, start, end, clashes):
    taken(cast.librarian.person, start, end)
    taken(cast.colleague.person, 0, 50)
    met = agenda.first_clash(person=cast.librarian.person, spans=MEETINGS)
    assert met == (Busy.objects.get(person=cast.librarian.person) if clashes else None)
    whole = agenda.clashes(
        person=cast.librarian.person, spans=Busy.objects.filter(source="x"), start="start", end="end"
    )
    agenda.take(person=cast.director.person, spans=MEETINGS, source="x")
    assert whole.exists() is clashes


def test_the_earliest_counts_and_one_source_may_be_left_out(cast, django_assert_num_queries):
    taken(cast.librarian.person, 15, 16, "trip:2")
    taken(cast.librarian.person, 10, 11, "enrolment:1")
    with django_assert_num_queries(1):
        assert agenda.first_clash(person=cast.librarian.person, spans=MEETINGS).source == "enrolment:1"
    met = agenda.first_clash(person=cast.librarian.person, spans=MEETINGS, but="enrolment:1")
    assert met.source == "trip:2"
    assert agenda.first_clash(person=cast.librarian.person, spans=[]) is None
