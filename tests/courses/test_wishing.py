"""The applicant's own order among parallel runs."""

import pytest
from django.urls import reverse

from courses import enrolling, wishing
from courses.models import Enrolment
from courses.states import EnrolmentState
from schools.errors import Refused, Stale
from schools.models import AuditEntry
from tests.cast import Cast
from tests.courses import intakes, rows


def order(cast: Cast) -> list[tuple[str, int]]:
    mine = Enrolment.objects.filter(person=cast.librarian.person).order_by("wish", "pk")
    return list(mine.values_list("uid", "wish"))


@pytest.fixture
def three(cast: Cast) -> list[Enrolment]:
    return intakes.apply(cast.librarian.person, *intakes.runs(1, 1, 1))


def test_wishes_are_numbered_as_one_applies(cast: Cast, three: list[Enrolment]) -> None:
    assert order(cast) == [(row.uid, number) for number, row in enumerate(three, start=1)]


def test_a_run_of_its_own_is_the_first_wish(cast: Cast) -> None:
    intakes.apply(cast.librarian.person, *intakes.runs(1, 1))
    (row,) = intakes.apply(cast.librarian.person, rows.run(start=None))
    assert row.wish == 1


def test_up_and_down_without_gaps(cast: Cast, three: list[Enrolment]) -> None:
    first, second, third = three
    wishing.move(enrolment=third, up=True, actor=cast.librarian.actor)
    assert order(cast) == [(first.uid, 1), (third.uid, 2), (second.uid, 3)]
    wishing.move(enrolment=first, up=False, actor=cast.librarian.actor)
    assert order(cast) == [(third.uid, 1), (first.uid, 2), (second.uid, 3)]
    wishing.move(enrolment=third, up=True, actor=cast.librarian.actor)
    assert order(cast) == [(third.uid, 1), (first.uid, 2), (second.uid, 3)]
    assert AuditEntry.objects.filter(verb="enrolment.wish").count() == 4


def test_what_is_withdrawn_leaves_no_hole(cast: Cast, three: list[Enrolment]) -> None:
    first, second, third = three
    enrolling.withdraw(enrolment=first, actor=cast.librarian.actor)
    wishing.move(enrolment=third, up=True, actor=cast.librarian.actor)
    left = Enrolment.objects.filter(person=cast.librarian.person, state=EnrolmentState.POOLED).order_by("wish")
    assert list(left.values_list("uid", "wish")) == [(third.uid, 1), (second.uid, 2)]
    with pytest.raises(Stale):
        wishing.move(enrolment=first, up=True, actor=cast.librarian.actor)


def test_only_the_applicant_and_only_in_time(cast: Cast, three: list[Enrolment]) -> None:
    with pytest.raises(Refused):
        wishing.move(enrolment=three[1], up=True, actor=cast.hq.actor)
    intakes.close(three[0].run.intake)
    with pytest.raises(Refused):
        wishing.move(enrolment=three[1], up=True, actor=cast.librarian.actor)
    assert [number for _uid, number in order(cast)] == [1, 2, 3]


def test_the_page_moves_a_wish_without_javascript(cast: Cast, three: list[Enrolment]) -> None:
    client, url = cast.librarian.client(), reverse("courses:wishes", args=[three[0].uid])
    answer = client.post(url, {"wish": three[1].uid, "to": "up"})
    assert (answer.status_code, answer.url) == (302, url)
    assert order(cast)[0] == (three[1].uid, 1)
    intakes.close(three[0].run.intake)
    assert client.post(url, {"wish": three[1].uid, "to": "down"}).status_code == 422
