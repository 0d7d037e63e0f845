"""Appeals: once, in time, answered with words; and who hears of them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from courses import appeal_letters, appealing
from courses.models import Allocation, AllocationOutcome, Appeal, Enrolment
from courses.states import AppealState, EnrolmentState
from schools import desk, registry
from schools.errors import Refused, Stale
from schools.models import Mail
from tests.allocation_world import AllocationWorld
from tests.cast import Cast


class Told(AllocationWorld):
    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    @property
    def outcome(self) -> AllocationOutcome:
        rows = AllocationOutcome.objects.select_related("allocation", "enrolment")
        return rows.get(allocation=self.published, enrolment=self.without_place)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def world(cast: Cast) -> Told:
    return Told(cast)


def test_one_appeal_an_applicant(cast: Cast, world: Told) -> None:
    made = world.appeal
    assert (made.state, made.enrolment.person) == (AppealState.OPEN, cast.librarian.person)
    with pytest.raises(Stale):
        appealing.appeal(outcome=world.outcome, text="Тағы", actor=cast.librarian.actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(allocation=made.allocation, enrolment=made.enrolment, text="Тағы")


def test_who_may_appeal(cast: Cast, world: Told) -> None:
    with pytest.raises(Refused, match="Only the applicant"):
        appealing.appeal(outcome=world.outcome, text="Солай", actor=cast.director.actor)
    with pytest.raises(Refused, match="Write what"):
        appealing.appeal(outcome=world.outcome, text=" ", actor=cast.librarian.actor)
    placed = AllocationOutcome.objects.get(allocation=world.published, run__isnull=False)
    with pytest.raises(Refused, match="without a place"):
        appealing.appeal(outcome=placed, text="Солай", actor=cast.stranger.actor)


def test_until_the_last_day(cast: Cast, world: Told) -> None:
    late = timezone.now() - timedelta(days=15)
    Allocation.objects.filter(pk=world.published.pk).update(published_at=late)
    with pytest.raises(Refused, match="time for appeals is over"):
        appealing.appeal(outcome=world.outcome, text="Солай", actor=cast.librarian.actor)


def test_a_refusal_needs_words_and_keeps_the_number(cast: Cast, world: Told) -> None:
    with pytest.raises(Refused, match="Write a word of reason"):
        appealing.refuse(appeal=world.appeal, answer="", actor=cast.hq.actor)
    with pytest.raises(Refused, match="Only coordinators"):
        appealing.refuse(appeal=world.appeal, answer="Жоқ", actor=cast.director.actor)
    appealing.refuse(appeal=world.appeal, answer="Барлығы ескерілген", actor=cast.hq.actor)
    row = Enrolment.objects.get(pk=world.without_place.pk)
    assert (row.state, row.number) == (EnrolmentState.WAITING, world.without_place.number)
    with pytest.raises(Stale):
        appealing.refuse(appeal=world.appeal, answer="Тағы", actor=cast.hq.actor)


def test_upheld_gives_a_place_with_the_answer_as_its_reason(cast: Cast, world: Told) -> None:
    answer = {"appeal": world.appeal, "enrolment": world.without_place, "answer": "Курс ескерілді"}
    with pytest.raises(Refused):
        appealing.uphold(**answer, actor=cast.hq.actor)
    world.appeal.refresh_from_db()
    assert world.appeal.state == AppealState.OPEN
    appealing.uphold(**answer, actor=cast.hq.actor, add_place=True)
    world.without_place.refresh_from_db()
    assert world.without_place.state == EnrolmentState.CONFIRMED
    assert world.without_place.moves.last().note == "Курс ескерілді"


def test_letters_both_ways(cast: Cast, world: Told) -> None:
    appeal_letters.tell_appeal(appeal_id=world.appeal.pk)
    appeal_letters.tell_untold()
    assert list(Mail.objects.filter(kind="appeal").values_list("person", flat=True)) == [cast.hq.person.pk]
    appealing.refuse(appeal=world.appeal, answer="Барлығы ескерілген", actor=cast.hq.actor)
    appeal_letters.tell_untold()
    assert Mail.objects.filter(kind="appeal", person=cast.librarian.person).count() == 1


def test_appeals_count_among_the_decisions(cast: Cast, world: Told) -> None:
    before = desk.count(cast.hq.actor), desk.count(cast.director.actor)
    assert world.appeal
    assert (desk.count(cast.hq.actor), desk.count(cast.director.actor)) == (before[0] + 1, before[1])


def test_the_form_appeals_and_the_coordinator_answers(cast: Cast, world: Told) -> None:
    page = reverse("courses:enrolment", args=[world.without_place.uid])
    client = cast.librarian.client()
    empty = client.post(reverse("courses:appeal", args=[world.without_place.uid]), {"text": ""})
    assert empty.status_code == 422
    sent = client.post(reverse("courses:appeal", args=[world.without_place.uid]), {"text": "Қараңызшы"})
    assert (sent.status_code, sent.url) == (302, page)
    made = Appeal.objects.get()
    url = reverse("courses:appeal_answer", args=[made.uid])
    hq = cast.hq.client()
    typed = {"answer": "Ескерілді", "run": world.without_place.uid, "verdict": "uphold"}
    refused = hq.post(url, typed)
    assert refused.status_code == 422
    assert "Ескерілді" in refused.text
    assert hq.post(url, {**typed, "add_place": "on"}).status_code == 302
    made.refresh_from_db()
    assert made.state == AppealState.UPHELD
    assert "Ескерілді" in client.get(page).text


def test_the_director_reads_why(cast: Cast, world: Told) -> None:
    page = reverse("courses:enrolment", args=[world.without_place.uid])
    assert cast.other_director.client().get(page).status_code == 404
    answer = cast.director.client().get(page)
    assert "Points in all" in answer.text
    assert reverse("courses:appeal", args=[world.without_place.uid]) not in answer.text


def test_an_erased_persons_words_go(cast: Cast, world: Told) -> None:
    appealing.refuse(appeal=world.appeal, answer="Барлығы ескерілген", actor=cast.hq.actor)
    registry.erased.tell(person=cast.librarian.person, actor=cast.hq.actor)
    world.appeal.refresh_from_db()
    assert (world.appeal.text, world.appeal.answer) == ("—", "—")
