"""Events shortly before or after a run are pointed out to who applies and who decides, and block nobody."""

from datetime import timedelta

import pytest
from django.utils import translation

from courses import enrolling, near_dates
from courses.models import Enrolment, Run
from courses.states import EnrolmentState as S
from schools import agenda
from schools.models import Norm
from tests.courses import rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def apply(member, run):
    return enrolling.enrol(person=member.person, run=run, actor=member.actor)


def at(after: int, **fields) -> Run:
    """A run of two days that begins so many days after (before, if negative) START."""
    return rows.run(start=rows.START + timedelta(days=after), **fields)


def seen(member, run):
    return near_dates.around(member.person.pk, Run.objects.prefetch_related("meetings").get(pk=run.pk))


@pytest.mark.parametrize(("days", "between"), [(-16, None), (-15, 14), (-3, 2), (-2, 1), (2, 1), (15, 14), (16, None)])
def test_within_the_distance_it_is_told_with_the_days_between(cast, days, between):
    near = at(days)
    apply(cast.librarian, near)
    found = seen(cast.librarian, at(0))
    assert found.clash == []
    expected = [] if between is None else [(str(near.course), between)]
    assert [(event.title, event.days) for event in found.near] == expected


def test_the_distance_is_a_norm(cast):
    apply(cast.librarian, at(5))
    Norm.objects.create(key="clash_warning_days", value=3, valid_from="2020-01-01")
    assert seen(cast.librarian, at(0)).near == []


def test_a_clash_is_no_near_event_and_something_between_two_meetings_is(cast):
    run = at(0, days=3)
    run.meetings.filter(day=run.starts_on + timedelta(days=1)).delete()
    apply(cast.librarian, at(1, days=1))
    [inside] = seen(cast.librarian, run).near
    assert inside.days == 0
    agenda.take(person=cast.librarian.person, spans=[(rows.START, rows.START + timedelta(hours=1))], source="trip:1")
    found = seen(cast.librarian, run)
    assert ([event.title for event in found.clash], len(found.near)) == ([""], 1)


def test_who_only_waits_has_no_event(cast):
    rows.seats(at(5), [cast.librarian.person], state=S.WAITING)
    assert seen(cast.librarian, at(0)).near == []


def test_the_page_points_it_out_and_takes_the_application(cast):
    near = at(5)
    apply(cast.librarian, near)
    client, page = cast.librarian.client(), f"/en/courses/{at(0).uid}/"
    shown = client.get(page).content.decode()
    assert f"{near.course} · days between: 4" in shown
    assert client.post(f"{page}apply/", {}).status_code == 302
    assert "days between" not in cast.colleague.client().get(page).content.decode()


def test_the_approver_reads_it_and_may_approve(cast):
    near = at(5)
    apply(cast.librarian, near)
    row = apply(cast.librarian, at(0, chain=rows.director_chain()))
    director, page = cast.director.client(), f"/en/applications/{row.uid}/"
    assert f"{near.course} · days between: 4" in director.get(page).content.decode()
    assert "days between" not in cast.librarian.client().get(page).content.decode()
    director.post(f"{page}decide/", {"verdict": "approve", "step": 1})
    assert Enrolment.objects.get(pk=row.pk).state == S.CONFIRMED


@pytest.mark.parametrize("many", [1, 4])
def test_three_queries_whatever_there_is(cast, many, django_assert_num_queries):
    for days in range(2, 2 + 3 * many, 3):
        apply(cast.librarian, at(days))
    run = Run.objects.prefetch_related("meetings").get(pk=at(0).pk)
    with django_assert_num_queries(3):
        assert len(near_dates.around(cast.librarian.person.pk, run).near) == many
