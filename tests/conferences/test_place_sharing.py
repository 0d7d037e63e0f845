"""Sharing places for a conference: the same function as for courses, edits with a reason, letters, appeals."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from conferences import delegating, delegation_queries, place_appeals, place_sharing, wishing
from conferences.delegation_inputs import credits_of, gather
from conferences.delegation_standing import standing, verify
from conferences.models import Delegation, DelegationCredit, DelegationProposal, Wish, WishAppeal
from courses.allocation import inputs_to_json
from schools import norms, roles
from schools.errors import Refused, Stale
from schools.models import AuditEntry, Mail, Person
from schools.states import Role
from tests import make
from tests.conferences import places, rows
from tests.conferences.trips import gone_trip, promise
from tests.courses.reminding import plain_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(cast) -> Delegation:
    return places.closed(rows.edition(), cast)


def wish_of(made: Delegation, who) -> Wish:
    return made.wishes.get(person=who.person)


def states(made: Delegation) -> dict[str, str]:
    return {row.person.email.split("@")[0]: row.state for row in made.wishes.select_related("person")}


def letters() -> dict[str, str]:
    """Reader and text of each letter."""
    return {mail.address.split("@")[0]: plain_text(mail) for mail in Mail.objects.filter(kind="place")}


def applicant(made: Delegation, who):
    inputs = gather(made, seed="x", today=timezone.localdate())
    return next(one for one in inputs.applicants if one.key == wish_of(made, who).uid)


def test_the_committee_decides_where_all_else_is_equal(cast, closed):
    places.shared(closed, cast)
    assert states(closed) == {"librarian": "placed", "stranger": "unplaced"}


def test_inputs_count_promises_scores_and_earlier_conferences(cast, closed):
    today = timezone.localdate()
    places.scored(wish_of(closed, cast.librarian), cast.administrator.person, 25)
    trip = gone_trip(cast.librarian, edition=rows.edition(year=today.year - 1))
    promise(trip, cast.librarian, due_on=today - timedelta(days=3))
    promise(trip, cast.librarian, due_on=today + timedelta(days=3))
    one, other = applicant(closed, cast.librarian), applicant(closed, cast.stranger)
    assert (one.committee, one.kept, one.broken, one.school_places, one.school_people) == (575, 0, 1, 1, 2)
    assert one.months_since_last is not None
    assert (other.committee, other.kept, other.broken, other.school_places) == (400, 0, 0, 0)
    assert other.months_since_last is None


def test_a_broken_promise_and_a_late_journey_cost_the_place(cast):
    made = places.delegation(days=-1, places=1)
    for who in (cast.librarian, cast.stranger):
        places.scored(places.wish(made, who), cast.hq.person, 60)
    trip = gone_trip(cast.librarian, edition=rows.edition(year=timezone.localdate().year - 1))
    promise(trip, cast.librarian, due_on=timezone.localdate() - timedelta(days=3))
    places.shared(made, cast)
    assert states(made) == {"librarian": "unplaced", "stranger": "placed"}


def test_nothing_is_proposed_while_applications_come_in_or_by_others(cast, closed):
    with pytest.raises(Refused):
        place_sharing.propose(delegation=closed, actor=cast.director.actor)
    Delegation.objects.update(closes_on=timezone.localdate())
    with pytest.raises(Refused):
        place_sharing.propose(delegation=closed, actor=cast.hq.actor)


def test_nobody_draws_again_until_the_draw_suits(cast, closed):
    for _again in range(2):
        place_sharing.propose(delegation=closed, actor=cast.hq.actor)
    first, second = DelegationProposal.objects.order_by("pk")
    assert (first.seed, first.digest, first.result) == (second.seed, second.digest, second.result)
    assert (first.state, second.state) == ("dropped", "draft")


def test_a_proposal_comes_out_the_same_again_and_a_forged_one_is_found(cast, closed):
    places.proposed(closed, cast)
    call_command("verify_places")
    row = DelegationProposal.objects.get()
    DelegationProposal.objects.update(result=row.result.replace('"wish":1', '"wish":2'))
    assert len(verify()) == 1
    DelegationProposal.objects.update(seed="another")
    with pytest.raises(CommandError):
        call_command("verify_places")


def test_an_edit_needs_a_reason_and_a_free_place(cast, closed):
    places.proposed(closed, cast)
    change = {"delegation": closed, "actor": cast.hq.actor}
    first, second = wish_of(closed, cast.librarian), wish_of(closed, cast.stranger)
    for wish, gives, reason in ((first, False, " "), (second, True, "x"), (first, True, "x"), (second, False, "x")):
        with pytest.raises(Refused):
            place_sharing.edit(wish=wish, gives=gives, reason=reason, **change)
    place_sharing.edit(wish=first, gives=False, reason="Виза мерзімі өтеді", **change)
    place_sharing.edit(wish=second, gives=True, reason="Баяндама жасайды", **change)
    place_sharing.publish(delegation=closed, actor=cast.hq.actor)
    assert states(closed) == {"librarian": "unplaced", "stranger": "placed"}
    told = letters()
    assert "Виза мерзімі өтеді" in told["librarian"]
    assert "Баяндама жасайды" in told["stranger"]
    assert "Баяндама жасайды" not in told["librarian"]


def test_everybody_gets_one_letter_with_the_reason(cast, closed):
    places.shared(closed, cast)
    told = letters()
    assert sorted(told) == ["librarian", "stranger"]
    stands = standing(closed.proposals.get())
    for who in ("librarian", "stranger"):
        points = stands.outcomes[wish_of(closed, getattr(cast, who)).uid].points
        assert str(points) in told[who]


@pytest.mark.parametrize("change", ["score", "places", "withdrawn"])
def test_what_changed_after_the_proposal_asks_for_a_new_one(cast, closed, change):
    places.proposed(closed, cast)
    if change == "score":  # as a transfer to the reviewer's school takes it back
        wish_of(closed, cast.stranger).scores.all().delete()
    elif change == "places":
        Delegation.objects.update(places=2)
    else:
        Wish.objects.filter(person=cast.stranger.person).update(state="withdrawn")
    with pytest.raises(Stale):
        place_sharing.publish(delegation=closed, actor=cast.hq.actor)
    assert not Mail.objects.filter(kind="place").exists()
    places.shared(closed, cast)


def test_places_are_given_once(cast, closed):
    places.shared(closed, cast)
    for deed in (place_sharing.publish, place_sharing.propose):
        with pytest.raises(Stale):
            deed(delegation=closed, actor=cast.hq.actor)


def test_an_edit_that_was_taken_back_is_none(cast, closed):
    places.proposed(closed, cast)
    first = wish_of(closed, cast.librarian)
    for gives in (False, True):
        place_sharing.edit(delegation=closed, actor=cast.hq.actor, wish=first, gives=gives, reason="Қателестім")
    place_sharing.publish(delegation=closed, actor=cast.hq.actor)
    assert states(closed)["librarian"] == "placed"
    assert "Қателестім" not in letters()["librarian"]


def test_a_school_that_went_away_empty_carries_credit(cast, closed):
    places.shared(closed, cast)
    assert list(DelegationCredit.objects.values_list("school", "change")) == [(cast.other_school.pk, 500)]
    assert credits_of([cast.school.pk, cast.other_school.pk]) == {cast.other_school.pk: 500}
    later = places.closed(rows.edition(year=2028), cast)
    assert applicant(later, cast.stranger).credit == 500


def test_no_school_gets_more_than_its_cap(cast):
    made = places.delegation(days=-1, places=2, school_cap=1)
    for who, score in ((cast.librarian, 90), (cast.colleague, 80), (cast.stranger, 10)):
        places.scored(places.wish(made, who), cast.hq.person, score)
    places.shared(made, cast)
    assert states(made) == {"librarian": "placed", "colleague": "unplaced", "stranger": "placed"}


def test_one_appeal_is_answered_and_a_yes_takes_nobodys_place(cast, closed):
    places.shared(closed, cast)
    wish = wish_of(closed, cast.stranger)
    cast.stranger.client().post(f"/kk/conferences/applications/{wish.uid}/appeal/", {"appeal": "Баяндамам бар"})
    with pytest.raises(Stale):
        place_appeals.appeal(wish=wish, text="x", actor=cast.stranger.actor)
    assert "Баяндамам бар" in letters()["hq"]
    cast.hq.client().post(
        f"/kk/conferences/applications/{wish.uid}/answer/", {"gives": "yes", "answer": "Орын табылды"}
    )
    closed.refresh_from_db()
    assert states(closed) == {"librarian": "placed", "stranger": "placed"}
    assert (closed.places, WishAppeal.objects.get().state) == (2, "upheld")
    answers = Mail.objects.filter(kind="place", address=cast.stranger.person.email).order_by("pk")
    assert "Орын табылды" in plain_text(answers.last())
    with pytest.raises(Stale):
        place_appeals.answer(wish=wish, gives=False, words="x", actor=cast.hq.actor)


def test_who_may_appeal_and_until_when(cast, closed):
    places.shared(closed, cast)
    lucky, unlucky = wish_of(closed, cast.librarian), wish_of(closed, cast.stranger)
    with pytest.raises(Stale):
        place_appeals.appeal(wish=lucky, text="x", actor=cast.librarian.actor)
    with pytest.raises(Refused):
        place_appeals.appeal(wish=unlucky, text="x", actor=cast.other_director.actor)
    with pytest.raises(Refused):
        place_appeals.appeal(wish=unlucky, text=" ", actor=cast.stranger.actor)
    Delegation.objects.update(published_at=timezone.now() - timedelta(days=30))
    with pytest.raises(Stale):
        place_appeals.appeal(wish=unlucky, text="x", actor=cast.stranger.actor)
    last = norms.working_days_after(timezone.localdate(), 5)
    Delegation.objects.update(published_at=timezone.now())
    closed.refresh_from_db()
    assert place_appeals.until(closed) == last


def test_nobody_answers_the_own_appeal(cast, closed):
    places.shared(closed, cast)
    wish = wish_of(closed, cast.stranger)
    WishAppeal.objects.create(wish=wish, text="x")
    make.role(cast.stranger.person, "hq")
    page = f"/kk/conferences/applications/{wish.uid}/answer/"
    answer = cast.stranger.client().post(page, {"gives": "yes", "answer": "x"})
    assert (answer.status_code, WishAppeal.objects.get().state) == (422, "open")


def test_whoever_has_a_place_is_led_to_the_trip(cast, closed):
    places.shared(closed, cast)
    ask = f"/kk/trips/new/?edition={closed.edition.uid}"
    page = f"/kk/conferences/{closed.edition.uid}/places/"
    assert ask in cast.librarian.client().get(page).content.decode()
    assert ask not in cast.stranger.client().get(page).content.decode()
    assert cast.librarian.client().get(ask).status_code == 200


def test_the_trip_of_somebody_without_a_place_says_so_to_those_who_weigh_it(cast, closed):
    trip = gone_trip(cast.stranger, edition=closed.edition)
    assert delegation_queries.without_place(trip) == []
    places.shared(closed, cast)
    page, name = f"/kk/trips/{trip.uid}/", "Бұл конференцияға орындар бөлінді"
    assert delegation_queries.without_place(trip) == [cast.stranger.person.full_name]
    for who, said in (("hq", True), ("other_director", True), ("stranger", False)):
        assert (name in getattr(cast, who).client().get(page).content.decode()) is said
    placed = gone_trip(cast.librarian, edition=closed.edition)
    assert delegation_queries.without_place(placed) == []


@pytest.mark.parametrize("typed", [{"wish": "x"}, {"gives": "maybe"}, {"reason": ""}])
def test_a_change_that_makes_no_sense_comes_back_as_typed(cast, closed, typed):
    places.proposed(closed, cast)
    data = {"wish": wish_of(closed, cast.librarian).uid, "gives": "no", "reason": "Себеп", **typed}
    answer = cast.hq.client().post(f"/kk/conferences/{closed.edition.uid}/places/change/", data)
    assert answer.status_code == 422
    assert data["reason"] in answer.content.decode()


def test_the_database_keeps_one_draft_and_one_published_proposal(cast, closed):
    places.proposed(closed, cast)
    row = DelegationProposal.objects.get()
    row.pk, row.uid = None, "another222"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_what_is_stored_is_what_was_gathered(cast, closed):
    places.proposed(closed, cast)
    row = DelegationProposal.objects.get()
    assert row.inputs == inputs_to_json(gather(closed, seed=row.seed, today=timezone.localdate()))


@pytest.mark.parametrize("number", [1, 30])
def test_the_proposal_asks_as_much_for_many_as_for_one(cast, number, django_assert_num_queries):
    made = places.delegation(days=-1)
    for at in range(number):
        person = make.person(surname=f"Тегі{at}", given_name="А")
        make.role(person, Role.LIBRARIAN, cast.school)
        wish = Wish.objects.create(delegation=made, person=person, school=cast.school, text="x")
        places.scored(wish, cast.hq.person, 50)
    places.proposed(made, cast)
    client = cast.hq.client()
    with django_assert_num_queries(12):
        answer = client.get(f"/kk/conferences/{made.edition.uid}/places/proposal/")
    assert answer.status_code == 200


def leave(person, day) -> None:
    """The person's work as a librarian ends with that day."""
    person.memberships.update(valid_to=day)


def test_whoever_is_no_librarian_when_the_conference_begins_has_no_part_and_hears_why(cast, closed):
    leave(cast.librarian.person, closed.edition.starts_on - timedelta(days=1))
    places.shared(closed, cast)
    assert states(closed) == {"librarian": "unplaced", "stranger": "placed"}
    assert set(letters()) == {"librarian", "stranger"}


def test_whoever_works_to_the_first_day_has_a_part(cast, closed):
    """The twin."""
    leave(cast.librarian.person, closed.edition.starts_on)
    places.shared(closed, cast)
    assert states(closed) == {"librarian": "placed", "stranger": "unplaced"}


def test_whoever_leaves_after_the_proposal_asks_for_a_new_one(cast, closed):
    places.proposed(closed, cast)
    leave(cast.librarian.person, timezone.localdate())
    with pytest.raises(Stale):
        place_sharing.publish(delegation=closed, actor=cast.hq.actor)


def test_an_application_goes_along_to_the_new_school_without_the_scores_from_there(cast, closed):
    wish = wish_of(closed, cast.librarian)
    places.scored(wish, cast.other_director.person, 10)
    roles.transfer(person=cast.librarian.person, school=cast.other_school, on=timezone.localdate(), actor=cast.hq.actor)
    wish.refresh_from_db()
    assert (wish.school, [row.reviewer for row in wish.scores.all()]) == (cast.other_school, [cast.hq.person])
    assert AuditEntry.objects.filter(verb="wish.transfer").count() == 1


@pytest.mark.parametrize("when", ["begins before", "places are given"])
def test_an_application_stays_where_the_conference_was_or_places_are_given(cast, closed, when):
    wish, on = wish_of(closed, cast.librarian), timezone.localdate()
    if when == "begins before":
        on = closed.edition.starts_on + timedelta(days=1)
    else:
        places.shared(closed, cast)
    roles.transfer(person=cast.librarian.person, school=cast.other_school, on=on, actor=cast.hq.actor)
    wish.refresh_from_db()
    assert wish.school == cast.school


def proposal_page(cast, made) -> str:
    return cast.hq.client().get(f"/en/conferences/{made.edition.uid}/places/proposal/").text


def test_a_proposal_ends_the_scores_and_coordinators_who_could_read_it_judge_no_more(cast):
    made = places.delegation(days=-1, places=1)
    one, other = places.wish(made, cast.librarian), places.wish(made, cast.stranger)
    places.scored(one, cast.hq.person, 90)
    rows.review(rows.presentation(cast.stranger.person, edition=made.edition), cast.other_director.person)
    assert "Applications that you have not judged yet: 1" in proposal_page(cast, made)
    places.proposed(made, cast)
    for who in (cast.hq, cast.other_director):
        with pytest.raises(Stale):
            wishing.score(wish=one, points=10, word="", actor=who.actor)
    assert "is judged no more" in cast.hq.client().get(f"/en/conferences/applications/{other.uid}/").text
    shown = proposal_page(cast, made)
    assert other.person.surname in shown
    assert "not judged yet" not in shown
    answer = post(cast, made, "drop")
    assert "scores are taken again" in answer
    assert "not judged yet" not in answer
    with pytest.raises(Stale):
        wishing.score(wish=other, points=10, word="", actor=cast.hq.actor)
    assert wishing.score(wish=one, points=10, word="", actor=cast.other_director.actor).score == 10
    late = places.wish(made, cast.colleague, created_at=timezone.now())
    assert wishing.score(wish=late, points=70, word="", actor=cast.hq.actor).score == 70


def test_what_a_score_would_change_stands_until_it_is_published(cast, closed):
    """The changes of a proposal are not lost to somebody's late score."""
    places.proposed(closed, cast)
    wish = wish_of(closed, cast.stranger)
    place_sharing.edit(
        delegation=closed, wish=wish_of(closed, cast.librarian), gives=False, reason="Себеп", actor=cast.hq.actor
    )
    answer = cast.hq.client().post(f"/en/conferences/applications/{wish.uid}/", {"score": 100, "word": ""})
    assert answer.status_code == 409
    place_sharing.publish(delegation=closed, actor=cast.hq.actor)
    assert states(closed) == {"librarian": "unplaced", "stranger": "unplaced"}


def test_without_a_proposal_nothing_is_dropped_and_a_later_last_day_drops_it(cast, closed):
    with pytest.raises(Stale):
        place_sharing.drop(delegation=closed, actor=cast.hq.actor)
    with pytest.raises(Refused):
        place_sharing.drop(delegation=closed, actor=cast.director.actor)
    places.proposed(closed, cast)
    values = delegating.Places(places=1, school_cap=None, closes_on=timezone.localdate() + timedelta(days=3))
    delegating.set_places(edition=closed.edition, values=values, actor=cast.hq.actor)
    assert [row.state for row in closed.proposals.all()] == ["dropped"]


def post(cast, made, deed: str, **typed: str) -> str:
    page = f"/en/conferences/{made.edition.uid}/places/{deed}/"
    return cast.hq.client().post(page, typed, follow=True).text


@pytest.mark.parametrize("gone", ["left", "removed"])
def test_nobody_has_to_judge_who_has_left_or_was_removed(cast, gone):
    made = places.delegation(days=-1, places=1)
    one, other = places.wish(made, cast.librarian), places.wish(made, cast.stranger)
    places.scored(one, cast.hq.person, 90)
    if gone == "left":
        leave(cast.stranger.person, timezone.localdate())
    else:
        Person.objects.filter(pk=other.person_id).update(archived_at=timezone.now())
    before = proposal_page(cast, made)
    assert ("not judged yet" in before, "without any score" in before) == (False, False)
    places.proposed(made, cast)
    page = proposal_page(cast, made)
    assert "Publish and send the letters" in page
    assert other.uid not in page


def test_a_refusal_is_said_where_there_is_no_form_any_more(cast, closed):
    edit = {"wish": wish_of(closed, cast.librarian).uid, "gives": "no", "reason": "Себеп"}
    assert "This has changed in the meantime" in post(cast, closed, "change", **edit)
    places.shared(closed, cast)
    assert "Choose one of the list" in post(cast, closed, "change", **edit)


def test_whoever_does_not_judge_reads_it_and_so_does_everybody_once_places_are_given(cast, closed):
    closed.wishes.get(person=cast.librarian.person).scores.all().delete()
    places.proposed(closed, cast)
    page = cast.administrator.client().get(f"/en/conferences/{closed.edition.uid}/places/proposal/").text
    assert cast.librarian.person.surname in page
    place_sharing.publish(delegation=closed, actor=cast.hq.actor)
    assert cast.librarian.person.surname in proposal_page(cast, closed)
