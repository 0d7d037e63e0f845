"""A director holds seats before names are known, names colleagues, gives back; what has no name goes to all."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from courses import deciding, enrolling, held_letters, holding, letters, seats, tasks, waiting
from courses.models import Enrolment, Intake, SeatShare
from courses.states import EnrolmentState as S
from courses.states import RunState
from schools.errors import Refused
from schools.models import AuditEntry, Mail
from schools.states import Role
from tests import make
from tests.courses import rows
from tests.courses.reminding import plain_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MERGE = datetime(2030, 3, 20, 13, 0, tzinfo=UTC)


def run_with(*, capacity=5, hold_limit=3, merge_at=MERGE, **fields):
    return rows.run(capacity=capacity, hold_limit=hold_limit, merge_at=merge_at, **fields)


def hold(cast, run, count, *, by=None, school=None):
    return holding.hold(run=run, school=school or cast.school, count=count, actor=(by or cast.director).actor)


def name(cast, run, member, *, by=None):
    return enrolling.nominate(person=member.person, run=run, actor=(by or cast.director).actor, of_held=True)


def accept(row, member):
    return enrolling.accept_nomination(enrolment=row, actor=member.actor)


def held(run):
    return dict(run.shares.values_list("school__code", "held"))


def refused(deed):
    with pytest.raises(Refused) as refusal:
        deed()
    return str(refusal.value)


def test_a_director_holds_seats_and_nobody_else_gets_them(cast):
    run = run_with(capacity=3)
    assert hold(cast, run, 2) == 2
    stranger = enrolling.enrol(person=cast.stranger.person, run=run, actor=cast.stranger.actor)
    colleague = enrolling.enrol(person=cast.colleague.person, run=run, actor=cast.colleague.actor)
    assert (stranger.state, colleague.state) == (S.CONFIRMED, S.WAITING)
    entry = AuditEntry.objects.get(verb="run.hold")
    assert (entry.values.values, entry.school) == ({"held": [0, 2]}, cast.school)


def test_a_deputy_and_a_coordinator_hold_too(cast):
    run = run_with()
    hold(cast, run, 1, by=cast.deputy)
    hold(cast, run, 2, by=cast.hq, school=cast.other_school)
    assert held(run) == {cast.school.code: 1, cast.other_school.code: 2}


@pytest.mark.parametrize("who", ["other_director", "librarian", "trainer", "auditor", "finance"])
def test_nobody_else_holds_for_the_school(cast, who):
    run = run_with()
    assert refused(lambda: hold(cast, run, 1, by=getattr(cast, who))) == (
        "Places are held by the director of the school."
    )
    assert held(run) == {}


def test_refusals_name_the_numbers(cast):
    run = run_with(capacity=4, hold_limit=3)
    assert refused(lambda: hold(cast, run, 4)) == "One school may hold at most this many places: 3."
    rows.seats(run, make.librarians(cast.other_school, 2), school=cast.other_school)
    assert refused(lambda: hold(cast, run, 3)) == (
        "So many places are not free. Free for all: 2. Your school could hold: 2."
    )
    run.school_limit = 1
    run.save()
    assert refused(lambda: hold(cast, run, 2)) == (
        "Of one school not so many people get places. Your school could hold: 1."
    )
    run.school_limit, run.region_limit = None, 1
    run.save()
    assert refused(lambda: hold(cast, run, 2)) == (
        "Of one region not so many people get places. Your school could hold: 1."
    )


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"hold_limit": 0}, "One school may hold at most this many places: 0."),
        ({"merge_at": datetime(2026, 1, 1, tzinfo=UTC)}, "The held places have gone to all: no more can be held."),
        ({"opens_at": datetime(2030, 1, 1, tzinfo=UTC)}, "Registration for this course is closed."),
        ({"closes_at": datetime(2026, 1, 1, tzinfo=UTC), "opens_at": None}, "Registration for this course is closed."),
        ({"state": RunState.CANCELLED}, "Registration for this course is closed."),
    ],
)
def test_seats_are_held_while_they_can_be(cast, fields, text):
    run = run_with(**fields)
    assert refused(lambda: hold(cast, run, 1)) == text


def test_where_places_are_allocated_none_are_held(cast):
    run = run_with(intake=Intake.objects.create(by_allocation=True))
    assert refused(lambda: hold(cast, run, 1)) == "Places of this run are allocated: no places can be held."


def test_whoever_waits_and_fits_comes_before_a_hold(cast):
    run = run_with(capacity=2)
    rows.seats(run, [cast.stranger.person], state=S.WAITING, school=cast.other_school)
    text = "People wait for the places that are free, and they come first."
    assert refused(lambda: hold(cast, run, 1)) == text
    waiting.fill(run_id=run.pk)
    assert hold(cast, run, 1) == 1


def test_what_is_given_back_goes_to_the_list_at_once(cast):
    run = run_with(capacity=2)
    hold(cast, run, 2)
    line = [enrolling.enrol(person=m.person, run=run, actor=m.actor) for m in (cast.stranger, cast.colleague)]
    assert [row.state for row in line] == [S.WAITING, S.WAITING]
    hold(cast, run, 1)
    assert [Enrolment.objects.get(pk=row.pk).state for row in line] == [S.CONFIRMED, S.WAITING]
    hold(cast, run, 0)
    assert Enrolment.objects.filter(state=S.CONFIRMED).count() == 2
    assert not SeatShare.objects.exists()


def test_a_promise_to_the_school_outlives_what_it_holds(cast):
    run = run_with()
    SeatShare.objects.create(run=run, school=cast.school, floor=1, held=1)
    hold(cast, run, 0)
    assert list(run.shares.values_list("floor", "held")) == [(1, 0)]


def test_a_named_colleague_accepts_and_has_the_seat_without_a_second_word_of_the_director(cast):
    run = run_with(capacity=1, chain=rows.director_chain())
    hold(cast, run, 1)
    row = name(cast, run, cast.librarian)
    assert (row.state, row.of_held, row.nominated_by) == (S.NOMINATED, True, cast.director.person)
    rival = enrolling.enrol(person=cast.stranger.person, run=run, actor=cast.stranger.actor)
    deciding.approve(enrolment=rival, actor=cast.other_director.actor, seen_step=1)
    assert Enrolment.objects.get(pk=rival.pk).state == S.WAITING
    assert accept(row, cast.librarian).state == S.CONFIRMED
    assert seats.verify() == []


def test_hq_still_decides_where_the_chain_asks_it(cast):
    run = run_with(capacity=1, chain=rows.chain(Role.DIRECTOR, Role.HQ, Role.DIRECTOR))
    hold(cast, run, 1)
    row = accept(name(cast, run, cast.librarian), cast.librarian)
    assert (row.state, row.step, row.decider) == (S.PENDING, 2, Role.HQ)
    assert deciding.approve(enrolment=row, actor=cast.hq.actor, seen_step=2).state == S.CONFIRMED


def test_a_name_that_hq_returned_is_looked_at_by_hq_again(cast):
    run = run_with(capacity=1, chain=rows.two_step_chain())
    hold(cast, run, 1)
    row = accept(name(cast, run, cast.librarian), cast.librarian)
    deciding.send_back(enrolment=row, actor=cast.hq.actor, seen_step=2, note="Толықтырыңыз")
    row = enrolling.resubmit(enrolment=row, actor=cast.librarian.actor, reason="Толықтырдым")
    assert (row.state, row.step) == (S.PENDING, 2)


def test_a_coordinator_s_naming_is_not_the_director_s_word(cast):
    run = run_with(chain=rows.director_chain())
    hold(cast, run, 1, by=cast.hq)
    row = accept(name(cast, run, cast.librarian, by=cast.hq), cast.librarian)
    assert (row.state, row.decider) == (S.PENDING, Role.DIRECTOR)


def test_only_colleagues_are_named_and_never_oneself(cast):
    run = run_with()
    hold(cast, run, 3)
    own = "You can nominate only colleagues of your own school."
    assert refused(lambda: name(cast, run, cast.stranger)) == own
    assert refused(lambda: name(cast, run, cast.director)) == own
    assert refused(lambda: name(cast, run, cast.librarian, by=cast.other_director)) == own
    assert not Enrolment.objects.exists()


def test_there_are_no_more_names_than_held_seats_and_a_refused_one_makes_room(cast):
    run = run_with()
    assert refused(lambda: name(cast, run, cast.librarian)).startswith("Your school holds 0 places")
    hold(cast, run, 1)
    first = name(cast, run, cast.librarian)
    assert refused(lambda: name(cast, run, cast.colleague)) == (
        "Your school holds 1 place, and it has a name. Hold one more first."
    )
    assert refused(lambda: hold(cast, run, 0)) == "1 held place has a name: you can hold no fewer."
    enrolling.refuse_nomination(enrolment=first, actor=cast.librarian.actor)
    second = accept(name(cast, run, cast.colleague), cast.colleague)
    assert second.state == S.CONFIRMED
    enrolling.withdraw(enrolment=second, actor=cast.colleague.actor)
    assert name(cast, run, cast.librarian).state == S.NOMINATED


def test_once_the_day_has_come_nobody_is_named_and_an_old_name_goes_the_usual_way(cast, time_machine):
    run = run_with(capacity=1, chain=rows.director_chain())
    hold(cast, run, 1)
    row = name(cast, run, cast.librarian)
    run.refresh_from_db()
    rival = rows.seats(run, [cast.stranger.person], state=S.WAITING, school=cast.other_school)[0]
    time_machine.move_to(MERGE, tick=False)
    tasks.fill_waiting()
    assert Enrolment.objects.get(pk=rival.pk).state == S.CONFIRMED
    assert refused(lambda: name(cast, run, cast.colleague)).startswith("The held places have gone to all.")
    row = accept(row, cast.librarian)
    assert (row.state, row.decider) == (S.PENDING, Role.DIRECTOR)
    row = deciding.approve(enrolment=row, actor=cast.director.actor, seen_step=1)
    assert row.state == S.WAITING


def test_an_offer_s_clock_is_not_asked_of_a_name(cast):
    run = run_with(capacity=1, offer_hours=48)
    hold(cast, run, 1)
    assert accept(name(cast, run, cast.librarian), cast.librarian).state == S.CONFIRMED


def letter_to(member):
    return Mail.objects.filter(person=member.person).order_by("-id").first()


def test_the_nomination_says_that_a_place_is_held_and_until_when(cast):
    cast.librarian.person.language = "en"
    cast.librarian.person.save()
    run = run_with()
    hold(cast, run, 1)
    row = name(cast, run, cast.librarian)
    letters.tell_move(move_id=row.moves.get().pk)
    letter = plain_text(letter_to(cast.librarian))
    assert "A place is kept for you until: 20 March 2030, 18:00" in letter
    page = cast.librarian.client().get(f"/en/applications/{row.uid}/").text
    assert "Your school holds a place for you. It is kept until: 20 March 2030, 18:00" in page


def told(occasion):
    return sorted(
        Mail.objects.filter(dedupe_key__startswith=f"held:{occasion}:").values_list("person__email", flat=True)
    )


def test_directors_are_reminded_once_of_seats_without_a_name(cast, time_machine):
    run = run_with()
    hold(cast, run, 2)
    hold(cast, run, 1, by=cast.other_director, school=cast.other_school)
    name(cast, run, cast.stranger, by=cast.other_director)
    time_machine.move_to(MERGE - timedelta(days=3, minutes=1), tick=False)
    assert held_letters.tell_due() == 0
    time_machine.move_to(MERGE - timedelta(days=3), tick=False)
    assert (held_letters.tell_due(), held_letters.tell_due()) == (2, 0)
    assert told("soon") == ["deputy@example.kz", "director@example.kz"]
    run.merge_at = MERGE - timedelta(hours=2)
    run.save()
    assert held_letters.tell_due() == 2  # another day is another occasion


def test_directors_hear_that_seats_without_a_name_went_to_all(cast, time_machine):
    run = run_with()
    hold(cast, run, 2)
    accept(name(cast, run, cast.librarian), cast.librarian)
    hold(cast, run, 1, by=cast.other_director, school=cast.other_school)
    accept(name(cast, run, cast.stranger, by=cast.other_director), cast.stranger)
    time_machine.move_to(MERGE, tick=False)
    assert (held_letters.tell_due(), held_letters.tell_due()) == (2, 0)
    assert (told("gone"), told("soon")) == (["deputy@example.kz", "director@example.kz"], [])


def test_a_run_called_off_reminds_nobody(cast, time_machine):
    run = run_with()
    hold(cast, run, 2)
    run.state = RunState.CANCELLED
    run.save()
    time_machine.move_to(MERGE - timedelta(days=1), tick=False)
    assert held_letters.tell_due() == 0


def test_without_such_a_day_they_go_to_all_at_the_application_deadline(cast, time_machine):
    run = run_with(capacity=2, merge_at=None, closes_at=MERGE)
    hold(cast, run, 1)
    first, second = (enrolling.enrol(person=who.person, run=run, actor=who.actor) for who in (cast.stranger, cast.hq))
    assert (first.state, second.state) == (S.CONFIRMED, S.WAITING)
    time_machine.move_to(MERGE - timedelta(days=1))
    assert (waiting.fill(run_id=run.pk), held_letters.tell_due()) == (0, 2)
    time_machine.move_to(MERGE + timedelta(hours=2))
    assert waiting.fill(run_id=run.pk) == 1
    assert held_letters.tell_due() == 2


def test_where_places_are_allocated_promises_outlive_the_deadline_until_it_is_published(cast):
    intake = Intake.objects.create(by_allocation=True)
    run = run_with(hold_limit=0, merge_at=None, closes_at=timezone.now() - timedelta(days=1), opens_at=None)
    assert not run.holds_back(timezone.now())
    run.intake = intake
    assert run.holds_back(timezone.now())
    intake.published_at = timezone.now()
    assert not run.holds_back(timezone.now())


def test_a_name_under_decision_is_a_name_until_the_day_and_what_is_lost_then_is_told(cast, time_machine):
    run = run_with(chain=rows.two_step_chain())
    hold(cast, run, 1)
    accept(name(cast, run, cast.librarian), cast.librarian)
    assert Enrolment.objects.get(run=run).state == S.PENDING
    time_machine.move_to(MERGE - timedelta(hours=2), tick=False)
    assert held_letters.tell_due() == 0
    cast.director.person.language = "en"
    cast.director.person.save()
    time_machine.move_to(MERGE + timedelta(hours=2), tick=False)
    assert (held_letters.tell_due(), held_letters.tell_due()) == (2, 0)
    assert (told("gone"), told("soon")) == (["deputy@example.kz", "director@example.kz"], [])
    assert "Held places without a confirmed name: 1" in " ".join(plain_text(letter_to(cast.director)).split())
