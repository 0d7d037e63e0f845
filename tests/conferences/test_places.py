"""Places for a conference: opening them, applying, the committee's blind scores, and who reads what."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from conferences import delegating, wishing
from conferences.delegating import Places
from conferences.models import Delegation, Wish, WishScore
from schools import registry
from schools.access import SYSTEM
from schools.errors import Refused, Stale
from schools.models import AuditEntry
from tests import make
from tests.conferences import places, rows
from tests.test_ui import HOSTILE

pytestmark = pytest.mark.django_db


def day(days: int):
    return timezone.localdate() + timedelta(days=days)


def address(delegation: Delegation, deed: str = "") -> str:
    return f"/kk/conferences/{delegation.edition.uid}/places/{deed}"


def test_hq_opens_places_and_changes_them_until_they_are_given(cast):
    edition = rows.edition()
    row = delegating.set_places(edition=edition, values=Places(3, None, day(5)), actor=cast.hq.actor)
    delegating.set_places(edition=edition, values=Places(2, 1, day(9)), actor=cast.hq.actor)
    row.refresh_from_db()
    assert (row.places, row.school_cap, row.closes_on) == (2, 1, day(9))
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "delegation.open",
        "delegation.change",
    ]
    Delegation.objects.update(published_at=timezone.now())
    with pytest.raises(Stale):
        delegating.set_places(edition=edition, values=Places(9, 1, day(9)), actor=cast.hq.actor)


@pytest.mark.parametrize("who", ["librarian", "director", "auditor", "finance"])
def test_nobody_else_opens_places(cast, who):
    with pytest.raises(Refused):
        delegating.set_places(edition=rows.edition(), values=Places(1, None, day(5)), actor=getattr(cast, who).actor)


@pytest.mark.parametrize(
    ("fields", "closes"), [({}, -1), ({}, 400), ({"state": "held"}, 5), ({"state": "not_held"}, 5)]
)
def test_days_that_make_no_sense_are_refused(cast, fields, closes):
    edition = rows.edition(year=day(300).year, starts_on=day(300), ends_on=day(302), **fields)
    with pytest.raises(Refused):
        delegating.set_places(edition=edition, values=Places(1, None, day(closes)), actor=cast.hq.actor)


def test_a_librarian_applies_changes_withdraws_and_applies_again(cast):
    made, client = places.delegation(), cast.librarian.client()
    client.post(address(made, "apply/"), {"text": "Бірінші"})
    client.post(address(made, "apply/"), {"text": "Екінші"})
    assert list(Wish.objects.values_list("text", "state", "school")) == [("Екінші", "open", cast.school.pk)]
    client.post(address(made, "withdraw/"))
    client.post(address(made, "apply/"), {"text": "Қайта"})
    assert list(Wish.objects.values_list("text", "state")) == [("Екінші", "withdrawn"), ("Қайта", "open")]
    client.post(address(made, "withdraw/"))
    client.post(address(made, "withdraw/"))
    assert list(Wish.objects.values_list("state", flat=True)) == ["withdrawn", "withdrawn"]


def test_the_last_day_itself_is_open_and_the_next_is_not(cast):
    made = places.delegation(days=0)
    wishing.apply(delegation=made, text="x", actor=cast.librarian.actor)
    Delegation.objects.update(closes_on=day(-1))
    for deed in (
        lambda: wishing.apply(delegation=made, text="y", actor=cast.librarian.actor),
        lambda: wishing.withdraw(delegation=made, actor=cast.librarian.actor),
    ):
        with pytest.raises(Stale):
            deed()
    assert list(Wish.objects.values_list("text", "state")) == [("x", "open")]


@pytest.mark.parametrize("who", ["director", "hq", "finance", "trainer", "auditor", "administrator"])
def test_only_librarians_apply(cast, who):
    made = places.delegation()
    answer = getattr(cast, who).client().post(address(made, "apply/"), {"text": "x"})
    assert (answer.status_code, Wish.objects.count()) == (422, 0)


def test_the_database_keeps_one_live_application_a_person(cast):
    made = places.delegation()
    places.wish(made, cast.librarian, state="withdrawn")
    places.wish(made, cast.librarian)
    with pytest.raises(IntegrityError), transaction.atomic():
        places.wish(made, cast.librarian)
    with pytest.raises(IntegrityError), transaction.atomic():
        places.wish(made, cast.stranger, text="")
    with pytest.raises(IntegrityError), transaction.atomic():
        places.delegation(rows.edition(year=2028), places=0)


def closed(cast, *who) -> list[Wish]:
    made = places.delegation(days=-1)
    return [places.wish(made, one) for one in who]


def test_the_committee_scores_blind_and_a_new_score_replaces_the_old(cast):
    (wish,) = closed(cast, cast.librarian)
    places.scored(wish, cast.administrator.person, 13)
    WishScore.objects.update(word="Құмыра")
    client = cast.hq.client()
    for score in (41, 87):
        client.post(f"/kk/conferences/applications/{wish.uid}/", {"score": score, "word": "Жақсы"})
    assert WishScore.objects.get(reviewer=cast.hq.person).score == 87
    for page in (f"/kk/conferences/applications/{wish.uid}/", address(wish.delegation)):
        text = client.get(page).content.decode()
        assert "87" in text
        assert "Құмыра" not in text
        assert "13" not in re.sub(r"<[^>]*>", "", text.split("<main")[1].split("</main")[0])


@pytest.mark.parametrize("who", ["director", "administrator", "auditor", "stranger", "other_director"])
def test_nobody_but_the_committee_scores(cast, who):
    (wish,) = closed(cast, cast.librarian)
    with pytest.raises(Refused):
        wishing.score(wish=wish, points=50, word="", actor=getattr(cast, who).actor)
    assert not WishScore.objects.exists()


def test_a_reviewer_of_proposals_is_on_the_committee_but_not_for_the_own_school(cast):
    own, other = closed(cast, cast.librarian, cast.stranger)
    rows.review(rows.presentation(cast.stranger.person, edition=own.delegation.edition), cast.colleague.person)
    wishing.score(wish=other, points=60, word="", actor=cast.colleague.actor)
    with pytest.raises(Refused):
        wishing.score(wish=own, points=60, word="", actor=cast.colleague.actor)
    page = cast.colleague.client().get(address(own.delegation)).content.decode()
    assert other.person.surname in page
    assert own.uid not in page


def test_who_applies_judges_nobody(cast):
    own, other = closed(cast, cast.colleague, cast.stranger)
    rows.review(rows.presentation(cast.stranger.person, edition=own.delegation.edition), cast.colleague.person)
    for wish in (own, other):
        with pytest.raises(Refused):
            wishing.score(wish=wish, points=60, word="", actor=cast.colleague.actor)


def test_hq_who_works_at_the_school_too_does_not_judge_it(cast):
    (wish,) = closed(cast, cast.librarian)
    make.role(cast.hq.person, "deputy", cast.school)
    answer = cast.hq.client().post(f"/kk/conferences/applications/{wish.uid}/", {"score": 5})
    assert (answer.status_code, WishScore.objects.count()) == (422, 0)


def test_scores_wait_for_the_last_day_and_end_with_the_places(cast):
    (wish,) = closed(cast, cast.librarian)
    for changed in ({"closes_on": day(1)}, {"closes_on": day(-1), "published_at": timezone.now()}):
        Delegation.objects.update(**changed)
        with pytest.raises(Stale):
            wishing.score(wish=wish, points=50, word="", actor=cast.hq.actor)


def test_other_words_take_scores_back(cast):
    (wish,) = closed(cast, cast.librarian)
    places.scored(wish, cast.hq.person, 90)
    Delegation.objects.update(closes_on=day(1))
    wishing.apply(delegation=wish.delegation, text=wish.text, actor=cast.librarian.actor)
    assert wish.scores.count() == 1
    wishing.apply(delegation=wish.delegation, text="Басқа", actor=cast.librarian.actor)
    assert wish.scores.count() == 0


@pytest.mark.parametrize("score", ["", "-1", "101", "көп", "5.5"])
def test_a_score_that_is_none_comes_back_with_what_was_typed(cast, score):
    (wish,) = closed(cast, cast.librarian)
    answer = cast.hq.client().post(f"/kk/conferences/applications/{wish.uid}/", {"score": score, "word": "Сөз"})
    assert (answer.status_code, WishScore.objects.count()) == (422, 0)
    assert "Сөз" in answer.content.decode()


@pytest.mark.parametrize("typed", [{"places": "0"}, {"places": "501"}, {"school_cap": "0"}, {"closes_on": "x"}])
def test_places_that_are_none_come_back_with_a_word_at_the_field(cast, typed):
    edition = rows.edition()
    data = {"places": "2", "school_cap": "", "closes_on": f"{day(4):%Y-%m-%d}", **typed}
    answer = cast.hq.client().post(f"/kk/conferences/{edition.uid}/places/edit/", data)
    assert (answer.status_code, Delegation.objects.count()) == (422, 0)
    assert "is-invalid" in answer.content.decode()


def test_markup_in_an_application_is_text(cast):
    made = places.delegation(days=-1)
    wish = places.wish(made, cast.librarian, text=HOSTILE)
    assert HOSTILE not in cast.hq.client().get(f"/kk/conferences/applications/{wish.uid}/").content.decode()


def test_a_director_sees_the_own_school_alone(cast):
    own, other = closed(cast, cast.librarian, cast.stranger)
    page = cast.director.client().get(address(own.delegation)).content.decode()
    assert own.uid in page
    assert other.uid not in page


def test_words_go_with_the_data_of_a_person(cast):
    (wish,) = closed(cast, cast.librarian)
    WishScore.objects.create(wish=wish, reviewer=cast.hq.person, score=4, word="x")
    registry.erased.tell(person=cast.librarian.person, actor=SYSTEM)
    registry.erased.tell(person=cast.hq.person, actor=SYSTEM)
    assert list(Wish.objects.values_list("text")) == [("—",)]
    assert list(WishScore.objects.values_list("word")) == [("",)]


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_asks_as_much_for_many_as_for_one(cast, number, django_assert_num_queries):
    made = places.delegation(days=-1)
    for at in range(number):
        person = make.person(surname=f"Тегі{at}", given_name="А")
        Wish.objects.create(delegation=made, person=person, school=cast.school, text="x")
    client = cast.hq.client()
    with django_assert_num_queries(11):
        answer = client.get(address(made))
    assert answer.status_code == 200
