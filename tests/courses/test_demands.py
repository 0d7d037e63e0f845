"""From demand to seminar: one click, the news to each in the own language, and every way back."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import timezone

from courses import demand_fates, demand_letters, demand_moves, demand_queries, demands, moving, running
from courses.models import Course, Demand, Run
from courses.states import DEMAND_MOVES, CourseState, DemandState, RunState
from schools.errors import Refused, Stale
from schools.models import AuditEntry, Mail, School
from schools.states import MailState
from tests import make
from tests.courses import guests, rows, wishes

pytestmark = pytest.mark.django_db
HOME = "/kk/organise/demand/"
D = DemandState
SUBJECTS = {
    "kk": "Сіз сұраған семинар жарияланды",
    "ru": "Объявлен семинар, о котором вы просили",
    "en": "The seminar that you asked for is announced",
}


@pytest.fixture(autouse=True)
def chain(db):
    """Guests need a chain that asks nobody."""
    return rows.chain()


def at(school, x, y):
    School.objects.filter(pk=school.pk).update(map_x=x, map_y=y)
    return school


def fresh(demand):
    return Demand.objects.select_related("topic", "region", "run").get(pk=demand.pk)


def publish(run, cast):
    """HQ completes the draft: nothing more is needed while the dates are to be announced."""
    if run.course.state == CourseState.DRAFT:
        texts = {f"{name}_{code}": name for name in ("summary", "outcomes", "audience") for code in ("kk", "ru")}
        Course.objects.filter(pk=run.course_id).update(state=CourseState.PUBLISHED, **texts)
    return running.publish_run(run=Run.objects.select_related("course").get(pk=run.pk), actor=cast.hq.actor)


def told():
    return list(Mail.objects.filter(kind="demand_told").order_by("id").values_list("address", "subject"))


def test_three_schools_ask_one_click_drafts_and_each_hears_once_in_the_own_language(
    cast, django_capture_on_commit_callbacks
):
    learned = rows.course()
    held = rows.past_run(cast.trainer.person, course=learned)
    rows.seats(held, [cast.librarian.person], school=cast.school, state="completed")
    seminar = rows.course(kind="seminar")
    at(cast.school, 660.5, 148.4)
    at(cast.other_school, 100, 400)
    demand = wishes.demand(language="ru", region=wishes.kostanay())
    for language in ("kk", "ru", "en"):
        wishes.voice(demand, language=language, email=f"{language}@example.kz", school=make.school(in_network=False))
    wishes.voice(demand, verified=False)
    answer = cast.hq.client().post(f"{HOME}{demand.uid}/plan/")
    run = fresh(demand).run
    assert answer["Location"] == f"/kk/organise/runs/{run.uid}/edit/"
    assert (run.course, run.state, run.outreach, run.language) == (seminar, RunState.DRAFT, True, "ru")
    assert (run.host, run.region, run.contact) == (cast.school, demand.region, cast.hq.person)
    assert [row.person for row in run.trainers.all()] == [cast.librarian.person]
    assert [row.source for row in run.sources.all()] == [learned]
    assert (fresh(demand).state, told()) == (D.PLANNED, [])
    with django_capture_on_commit_callbacks(execute=True):
        publish(run, cast)
    for _again in range(2):
        demand_letters.tell_demand(demand_id=demand.pk)
        demand_letters.tell_untold()
    assert told() == [(f"{code}@example.kz", f"{SUBJECTS[code]}: {_title(seminar, code)}") for code in SUBJECTS]


def _title(course, code):
    return getattr(course, f"title_{code}")


def test_a_letter_leads_to_the_seminar_and_to_the_own_voice(cast):
    demand = wishes.demand(run=guests.run())
    voice = wishes.voice(demand, language="ru")
    demand_letters.tell_demand(demand_id=demand.pk)
    letter = message_from_bytes(bytes(Mail.objects.get().message), policy=policy.default)
    for kind in ("plain", "html"):
        text = letter.get_body((kind,)).get_content()
        assert [f"/ru/seminars/{demand.run.uid}/" in text, f"/d/{voice.uid}1-" in text] == [True, True]


def test_more_people_than_a_batch_are_all_told(cast, monkeypatch):
    monkeypatch.setattr(demand_letters, "BATCH", 2)
    demand = wishes.demand(run=guests.run())
    wishes.voices(demand, 5)
    for _round in range(3):
        demand_letters.tell_untold()
    assert len(told()) == 5
    assert not demand_letters.owed().exists()


def test_a_second_click_is_too_late_and_leaves_no_draft(cast):
    rows.course(kind="seminar")
    demand = wishes.demand()
    stale = fresh(demand)
    demands.plan(demand=demand, actor=cast.hq.actor)
    with pytest.raises(Stale):
        demands.plan(demand=stale, actor=cast.hq.actor)
    assert Run.objects.count() == 1


def test_without_a_seminar_of_the_topic_its_course_is_drafted_in_three_languages(cast):
    topic = rows.topic("law", "Құқық")
    demand = wishes.demand(topic)
    run = demands.plan(demand=demand, actor=cast.hq.actor)
    course = run.course
    assert (course.state, course.kind, course.topic) == (CourseState.DRAFT, "seminar", topic)
    assert [_title(course, code) for code in ("kk", "ru", "en")] == [
        "Семинар: Құқық",
        "Семинар: Құқық",
        "Seminar: Құқық",
    ]
    with pytest.raises(Refused):
        running.publish_run(run=run, actor=cast.hq.actor)


def test_a_published_seminar_is_taken_before_a_draft():
    published = rows.course(kind="seminar")
    rows.course(kind="seminar", state="draft")
    rows.course(kind="seminar", state="archived")
    assert demand_queries.seminar_of(published.topic) == published


def test_the_nearest_school_of_nis_by_the_map(cast):
    at(cast.school, 660.5, 148.4)
    at(cast.other_school, 340, 70)
    at(make.school(in_network=False, kind="general"), 336.2, 66.8)
    assert demand_queries.nearest_school(wishes.kostanay()) == cast.other_school
    nowhere = make.region("KZ-00", name_kk="Белгісіз", name_ru="?", name_en="?")
    assert demand_queries.nearest_school(nowhere) is None


def test_who_learned_and_who_taught_each_once_the_latest_first(cast):
    old = rows.past_run(cast.trainer.person, start=timezone.now() - timedelta(days=400))
    new = rows.past_run(cast.trainer.person)
    other = rows.past_run(cast.hq.person, course=rows.course(topic=rows.topic("law")))
    rows.seats(old, [cast.librarian.person, cast.stranger.person], school=cast.school, state="completed")
    rows.seats(new, [cast.librarian.person], school=cast.school, state="completed")
    rows.seats(new, [cast.colleague.person], school=cast.school, state="not_completed")
    rows.seats(new, [cast.guest.person], state="completed")
    rows.seats(other, [cast.colleague.person], school=cast.school, state="completed")
    topic = new.course.topic
    assert [(row.person, row.run) for row in demand_queries.learned(topic)] == [
        (cast.librarian.person, new),
        (cast.stranger.person, old),
    ]
    assert [(row.person, row.run) for row in demand_queries.taught(topic)] == [(cast.trainer.person, new)]


@pytest.fixture
def planned(cast):
    """A demand of two whose draft was made by one click; the second has not confirmed."""
    rows.course(kind="seminar")
    demand = wishes.demand()
    wishes.voice(demand, email="a@example.kz")
    wishes.voice(demand, email="b@example.kz", verified=False)
    demands.plan(demand=demand, actor=cast.hq.actor)
    return fresh(demand)


def test_a_draft_thrown_away_opens_the_demand_again(cast, planned):
    running.discard_run(run=planned.run, actor=cast.hq.actor)
    assert (fresh(planned).state, fresh(planned).run) == (D.OPEN, None)
    assert AuditEntry.objects.filter(verb="demand.discard", actor=cast.hq.person).count() == 1


def test_a_run_called_off_opens_it_again_and_the_next_one_is_told_anew(cast, planned):
    publish(planned.run, cast)
    demand_letters.tell_untold()
    moving.cancel_run(run=planned.run, actor=cast.hq.actor, reason="Жөндеу")
    assert fresh(planned).state == D.OPEN
    assert Mail.objects.get(kind="demand_told").state == MailState.SUPERSEDED
    publish(demands.plan(demand=planned, actor=cast.hq.actor), cast)
    demand_letters.tell_untold()
    assert [address for address, _subject in told()] == ["a@example.kz"] * 2


def test_where_others_ask_meanwhile_the_voices_come_together(cast, planned):
    publish(planned.run, cast)
    twin = wishes.demand()
    wishes.voice(twin, email="a@example.kz", verified=False)
    wishes.voice(twin, email="b@example.kz")
    wishes.voice(twin, email="c@example.kz")
    wishes.voice(planned, email="d@example.kz")
    moving.cancel_run(run=planned.run, actor=cast.hq.actor, reason="Жөндеу")
    assert (fresh(planned).state, fresh(twin).state) == (D.CLOSED, D.OPEN)
    assert sorted(twin.voices.exclude(verified_at=None).values_list("email", flat=True)) == [
        f"{letter}@example.kz" for letter in "abcd"
    ]
    assert not planned.voices.exists()


def test_what_the_seminar_has_met_is_met_by_itself_or_by_hand(cast, planned):
    with pytest.raises(Refused):
        demands.meet(demand=planned, actor=cast.hq.actor)
    publish(planned.run, cast)
    assert demand_fates.settle_due() == 0
    Run.objects.filter(pk=planned.run_id).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert (demand_fates.settle_due(), demand_fates.settle_due()) == (1, 0)
    assert (fresh(planned).state, fresh(planned).run_id) == (D.MET, planned.run_id)
    other = wishes.demand(language="en", run=guests.run())
    demands.meet(demand=other, actor=cast.hq.actor)
    assert fresh(other).state == D.MET


def test_closing_needs_a_reason_and_can_be_taken_back_while_nobody_else_asks(cast):
    demand = wishes.demand()
    with pytest.raises(Refused):
        demands.close(demand=demand, actor=cast.hq.actor, reason=" ")
    demands.close(demand=demand, actor=cast.hq.actor, reason="Пән бойынша емес")
    assert AuditEntry.objects.get(verb="demand.close").values.note == "Пән бойынша емес"
    twin = wishes.demand()
    with pytest.raises(Refused):
        demands.reopen(demand=demand, actor=cast.hq.actor)
    twin.delete()
    demands.reopen(demand=demand, actor=cast.hq.actor)
    assert fresh(demand).state == D.OPEN


@pytest.mark.parametrize("name", sorted(DEMAND_MOVES))
@pytest.mark.parametrize("state", D.values)
def test_a_move_starts_where_its_table_says_and_nowhere_else(cast, name, state):
    run = guests.run()
    demand = wishes.demand(state=state, run=run if state in (D.PLANNED, D.MET) else None)
    after = run if DEMAND_MOVES[name].target == D.PLANNED else None
    if state in DEMAND_MOVES[name].sources:
        demand_moves.make(demand, name, actor=cast.hq.actor, run=after)
        assert fresh(demand).state == DEMAND_MOVES[name].target
    else:
        with pytest.raises(Stale):
            demand_moves.make(demand, name, actor=cast.hq.actor, run=after)
        assert fresh(demand).state == state


@pytest.mark.parametrize("name", ["librarian", "director", "trainer", "auditor"])
def test_only_coordinators_deal_with_demand(cast, name):
    demand, actor = wishes.demand(), getattr(cast, name).actor
    for deed in (
        lambda: demands.plan(demand=demand, actor=actor),
        lambda: demands.meet(demand=demand, actor=actor),
        lambda: demands.close(demand=demand, actor=actor, reason="x"),
        lambda: demands.reopen(demand=demand, actor=actor),
    ):
        with pytest.raises(Refused):
            deed()


def test_the_organisers_pages_do_each_deed_and_say_what_is_refused(cast, planned):
    client = cast.hq.client()
    page = f"{HOME}{planned.uid}/"
    assert f"/kk/organise/runs/{planned.run.uid}/" in client.get(page).text
    for deed in ("plan", "meet", "reopen"):
        assert client.post(f"{page}{deed}/", follow=True).status_code == 200
    assert client.post(f"{page}close/", {"reason": ""}).status_code == 422
    assert client.post(f"{page}close/", {"reason": "<b>x</b>"}).status_code == 409
    assert fresh(planned).state == D.PLANNED
    running.discard_run(run=planned.run, actor=cast.hq.actor)
    assert client.post(f"{page}close/", {"reason": "Пән емес"}).status_code == 302
    assert client.post(f"{page}reopen/").status_code == 302
    assert fresh(planned).state == D.OPEN


def test_the_most_wanted_stands_first(cast):
    few, many = wishes.demand(), wishes.demand(language="ru")
    wishes.voices(few, 1)
    wishes.voices(many, 3)
    wishes.voice(wishes.demand(language="en"), verified=False)
    assert list(demand_queries.for_organisers(D.OPEN)) == [many, few]
    assert demand_queries.state_counts() == {D.OPEN: 2, D.PLANNED: 0, D.MET: 0, D.CLOSED: 0}


@pytest.mark.parametrize("count", [1, 30])
def test_the_organisers_list_costs_the_same_for_one_and_for_thirty(cast, django_assert_num_queries, count):
    for at_ in range(count):
        wishes.voice(wishes.demand(rows.topic(f"t{at_}"), region=wishes.kostanay()), school=cast.school)
    client = cast.hq.client()
    with django_assert_num_queries(9):  # session, account, roles, menu; states, count, rows; the map and its regions
        assert client.get(HOME).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_of_a_demand_costs_the_same_for_one_and_for_thirty(cast, django_assert_num_queries, count):
    demand = wishes.demand()
    held = rows.past_run(cast.trainer.person)
    people = make.librarians(cast.school, count)
    rows.seats(held, people, school=cast.school, state="completed")
    for _at in range(count):
        wishes.voice(demand, school=cast.school)
    client = cast.hq.client()
    with django_assert_num_queries(14):
        assert client.get(f"{HOME}{demand.uid}/").status_code == 200
