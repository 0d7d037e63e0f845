"""A place goes to a colleague of the same school: whom one may ask, what passes, what nobody loses."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses import (
    commitments,
    deciding,
    enrolling,
    hand_over_ends,
    handing_over,
    letters,
    requiring,
    seats,
    taking_over,
    waiting,
)
from courses.models import Enrolment, EnrolmentMove, HandOver, Intake, SeatShare
from courses.states import EnrolmentState as S
from courses.states import HandOverState as H
from courses.states import RunState, Verb
from schools import registry
from schools.errors import Refused, Stale
from schools.models import AuditEntry, Busy, Mail, Membership
from schools.states import Role
from tests import make
from tests.courses import rows
from tests.courses.handing import asked, place, states, subjects
from tests.courses.reminding import plain_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
SAME_SCHOOL = "A place can be handed only to a colleague who works at the same school."
NOT_FREE = "This person has a place in this course, or an application that awaits another answer."
DEADLINE = "The deadline has passed: nobody else can come in this person's place any more."
ENDED = "This hand-over has ended in the meantime. How it ended is shown."
TOO_LATE = "This place can no longer be handed over: the time is over, or something has changed."


def refused(deed, kind=Refused):
    with pytest.raises(kind) as refusal:
        deed()
    return str(refusal.value)


def agree(cast, row, who="colleague", **words):
    return taking_over.agree(hand_over=row, actor=getattr(cast, who).actor, **words)


def now_is(row):
    return HandOver.objects.get(pk=row.pk).state


def test_without_approval_the_place_passes_with_the_colleagues_yes(cast):
    mine = enrolling.enrol(person=cast.librarian.person, run=rows.run(), actor=cast.librarian.actor)
    waits = enrolling.enrol(person=cast.stranger.person, run=mine.run, actor=cast.stranger.actor)
    mine.run.refresh_from_db()
    line = rows.seats(mine.run, [make.librarian(cast.other_school)], state=S.WAITING, school=cast.other_school)[0]
    handed = asked(cast, mine, reason="Ауырып қалдым")
    assert states(mine.run) == {"Сәрсенова": S.CONFIRMED, "Ермекова": S.CONFIRMED, line.person.surname: S.WAITING}
    assert agree(cast, handed).state == H.DONE
    found = {"Сәрсенова": S.WITHDRAWN, "Ғабитова": S.CONFIRMED, "Ермекова": S.CONFIRMED, line.person.surname: S.WAITING}
    assert states(mine.run) == found
    taker = Enrolment.objects.get(person=cast.colleague.person)
    assert (taker.number, taker.school, taker.of_held, HandOver.objects.get().taker) == (4, cast.school, False, taker)
    busy = dict(Busy.objects.values_list("source", "person").distinct())
    assert busy == {f"enrolment:{taker.pk}": taker.person_id, f"enrolment:{waits.pk}": waits.person_id}
    made = EnrolmentMove.objects.filter(enrolment__in=[mine, taker]).order_by("pk")
    assert list(made.values_list("verb", flat=True)) == [Verb.APPLY, Verb.HAND_OVER, Verb.TAKE_OVER]
    ledger = AuditEntry.objects.filter(verb__startswith="hand_over.").order_by("pk")
    assert list(ledger.values_list("verb", "person", "school")) == [
        ("hand_over.ask", taker.person_id, cast.school.pk),
        ("hand_over.pass", taker.person_id, cast.school.pk),
    ]


def test_it_counts_neither_as_late_nor_as_absence(cast):
    handed = asked(cast, place(cast))
    agree(cast, handed)
    assert commitments.of(cast.librarian.person.pk, on=timezone.localdate()) == commitments.NONE


def test_letters_go_to_both_with_their_calendars(cast):
    handed = asked(cast, place(cast), reason="Ауырып қалдым")
    ask = Mail.objects.get()
    assert (ask.address, "Ауырып қалдым" in plain_text(ask), "Сәрсенова" in plain_text(ask)) == (
        "colleague@example.kz",
        True,
        True,
    )
    agree(cast, handed)
    letters.tell_untold()
    assert subjects("enrolment") == [
        ("librarian", "Орныңыз әріптесіңізге өтті"),
        ("colleague", "Орныңыз расталды"),
    ]
    given, taken = (bytes(row.message) for row in Mail.objects.filter(kind="enrolment").order_by("pk"))
    assert (b"method=CANCEL" in given.replace(b'"', b""), b"method=REQUEST" in taken.replace(b'"', b"")) == (True, True)
    assert not Mail.objects.filter(pk=ask.pk, state="queued").exists()


def test_approval_is_asked_for_again_and_the_place_stays_until_the_last_yes(cast):
    mine = place(cast, chain=rows.two_step_chain())
    handed = asked(cast, mine)
    agree(cast, handed, reason="Қажет")
    taker = Enrolment.objects.get(person=cast.colleague.person)
    assert (now_is(handed), taker.state, taker.decider, taker.reason) == (H.AGREED, S.PENDING, Role.DIRECTOR, "Қажет")
    assert states(mine.run) == {"Сәрсенова": S.CONFIRMED, "Ғабитова": S.PENDING}
    deciding.approve(enrolment=taker, actor=cast.director.actor, seen_step=1)
    assert (now_is(handed), states(mine.run)["Сәрсенова"]) == (H.AGREED, S.CONFIRMED)
    last = deciding.approve(enrolment=taker, actor=cast.hq.actor, seen_step=2, note="Жарайды")
    assert (last.state, now_is(handed)) == (S.CONFIRMED, H.DONE)
    assert states(mine.run) == {"Сәрсенова": S.WITHDRAWN, "Ғабитова": S.CONFIRMED}


def test_who_decides_reads_whose_place_it_is(cast):
    agree(cast, asked(cast, place(cast, chain=rows.director_chain())))
    letters.tell_untold()
    letter = Mail.objects.get(kind="enrolment", address="director@example.kz")
    assert f"Кімнің орнына келеді: {cast.librarian.person.full_name}" in plain_text(letter)
    assert [who for who, _subject in subjects("hand_over")] == ["colleague", "librarian"]


def test_a_full_run_with_a_line_gives_the_place_to_the_colleague_and_not_to_the_line(cast):
    mine = place(cast, capacity=1, chain=rows.director_chain())
    first = rows.seats(mine.run, [cast.stranger.person], state=S.WAITING, school=cast.other_school)[0]
    handed = asked(cast, mine)
    agree(cast, handed)
    taker = Enrolment.objects.get(person=cast.colleague.person)
    deciding.approve(enrolment=taker, actor=cast.director.actor, seen_step=1)
    assert waiting.fill(run_id=mine.run_id) == 0
    first.refresh_from_db()
    assert (states(mine.run)["Ғабитова"], first.state) == (S.CONFIRMED, S.WAITING)


def test_places_cut_below_those_confirmed_are_still_handed_on(cast):
    mine = place(cast, capacity=2)
    rows.seats(mine.run, [cast.stranger.person], school=cast.other_school)
    waiting.set_capacity(run=mine.run, capacity=1, actor=cast.hq.actor)
    agree(cast, asked(cast, mine))
    seated = Enrolment.objects.filter(run=mine.run, state=S.CONFIRMED).values_list("person__surname", flat=True)
    assert sorted(seated) == ["Ермекова", "Ғабитова"]


def test_caps_promises_and_held_places_stay_as_they_are(cast):
    mine = place(cast, of_held=True, capacity=4, school_limit=1, hold_limit=1)
    SeatShare.objects.create(run=mine.run, school=cast.school, held=1)
    SeatShare.objects.create(run=mine.run, school=cast.other_school, floor=3)
    before = seats.tally(mine.run, now=timezone.now())
    agree(cast, asked(cast, mine))
    assert seats.tally(mine.run, now=timezone.now()) == before
    assert Enrolment.objects.get(person=cast.colleague.person).of_held is True
    assert states(mine.run) == {"Сәрсенова": S.WITHDRAWN, "Ғабитова": S.CONFIRMED}


def test_a_colleague_who_waits_uses_the_own_application_up(cast):
    mine = place(cast, capacity=1, chain=rows.director_chain())
    own = rows.seats(mine.run, [cast.colleague.person], state=S.WAITING, school=cast.school)[0]
    agree(cast, asked(cast, mine))  # the chain has said yes to it before
    own.refresh_from_db()
    assert (own.state, own.number, Enrolment.objects.count()) == (S.CONFIRMED, 2, 2)


def test_an_application_under_consideration_gets_the_place_with_the_last_yes(cast):
    mine = place(cast, capacity=1, chain=rows.director_chain())
    own = enrolling.enrol(person=cast.colleague.person, run=mine.run, actor=cast.colleague.actor)
    handed = asked(cast, mine)
    assert agree(cast, handed).taker == own
    assert deciding.approve(enrolment=own, actor=cast.director.actor, seen_step=1).state == S.CONFIRMED
    assert (now_is(handed), Enrolment.objects.count()) == (H.DONE, 2)


@pytest.mark.parametrize("who", ["stranger", "hq", "guest"])
def test_only_a_colleague_of_the_same_school_is_asked(cast, who):
    assert refused(lambda: asked(cast, place(cast), who=who)) == SAME_SCHOOL


def test_directors_and_deputies_work_there_too(cast):
    assert asked(cast, place(cast), who="deputy").to == cast.deputy.person


def test_nobody_hands_over_what_is_not_theirs_or_no_place(cast):
    mine = place(cast)

    def ask(who, row=mine):
        return handing_over.ask(enrolment=row, to=cast.deputy.person, actor=getattr(cast, who).actor)

    assert {refused(lambda who=who: ask(who)) for who in ("colleague", "director", "hq")} == {
        "Only the applicant can do this."
    }
    assert refused(lambda: asked(cast, mine, who="librarian")) == "Choose somebody else: you have the place yourself."
    pending = place(cast, state=S.WAITING)
    assert refused(lambda: asked(cast, pending)) == "Only a confirmed place can be handed to a colleague."


@pytest.mark.parametrize("state", [S.CONFIRMED, S.OFFERED, S.NOMINATED, S.RETURNED])
def test_whoever_has_a_place_or_awaits_another_answer_is_not_asked(cast, state):
    mine = place(cast)
    rows.seats(mine.run, [cast.colleague.person], state=state, school=cast.school)
    assert refused(lambda: asked(cast, mine)) == NOT_FREE


def test_other_courses_parallel_runs_and_taken_time_are_looked_at(cast):
    mine = place(cast, intake=Intake.objects.create())
    beside = rows.run(intake=mine.run.intake, start=rows.START + timedelta(days=90))
    row = rows.seats(beside, [cast.colleague.person], school=cast.school)[0]
    assert refused(lambda: asked(cast, mine)) == "This person has a place in a parallel run already."
    row.delete()
    elsewhere = enrolling.enrol(person=cast.colleague.person, run=rows.run(), actor=cast.colleague.actor)
    assert refused(lambda: asked(cast, mine)) == "The colleague's time is taken by another confirmed event."
    enrolling.withdraw(enrolment=elsewhere, actor=cast.colleague.actor)
    requiring.need(course=mine.run.course, needed=beside.course, actor=cast.hq.actor)
    assert "Needed before this course" in refused(lambda: asked(cast, mine), requiring.Missing)


def test_what_has_changed_is_looked_at_again_with_the_yes(cast):
    mine = place(cast)
    handed = asked(cast, mine)
    enrolling.enrol(person=cast.colleague.person, run=rows.run(), actor=cast.colleague.actor)
    assert "your time is already taken" in refused(lambda: agree(cast, handed))
    assert (now_is(handed), states(mine.run)) == (H.ASKED, {"Сәрсенова": S.CONFIRMED})


def test_one_is_asked_at_a_time_and_by_one(cast):
    mine = place(cast)
    asked(cast, mine)
    assert refused(lambda: asked(cast, mine, who="deputy")) == (
        "You have asked a colleague already. Take that back first."
    )
    other = rows.seats(mine.run, [cast.director.person], school=cast.school)[0]

    def ask():
        return handing_over.ask(enrolment=other, to=cast.colleague.person, actor=cast.director.actor)

    assert refused(ask) == "This colleague is asked already to take another place in this course."
    for twice in ({"enrolment": mine, "to": cast.deputy.person}, {"enrolment": other, "to": cast.colleague.person}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HandOver.objects.create(run=mine.run, until=timezone.now(), **twice)


@pytest.mark.parametrize("days", [{"cancel_until": -1}, {"start": 0}])
def test_after_the_deadline_nothing_is_handed_over(cast, days):
    now = timezone.now()
    fields = {"cancel_until": now - timedelta(hours=1)} if "cancel_until" in days else {"start": now}
    assert refused(lambda: asked(cast, place(cast, **fields))) == DEADLINE


def test_the_colleague_answers_within_the_clock_and_the_deadline(cast):
    now = timezone.now()
    start = now + timedelta(days=30)
    soon = now + timedelta(days=2)
    plain, clocked = rows.run(start=start), rows.run(start=start, offer_hours=24)
    near, undated = rows.run(start=start, offer_hours=72, cancel_until=soon), rows.run(start=None)
    until = [hand_over_ends.answer_until(run, now=now) for run in (plain, clocked, near, undated)]
    week = now + timedelta(days=7)
    assert until == [week, now + timedelta(hours=24), soon, week]


def test_the_place_can_be_kept_after_all(cast):
    mine = place(cast, chain=rows.director_chain())
    handed = asked(cast, mine)
    assert refused(lambda: handing_over.take_back(hand_over=handed, actor=cast.colleague.actor)) == (
        "Only who has the place can do this."
    )
    agree(cast, handed)
    handing_over.take_back(hand_over=handed, actor=cast.librarian.actor)
    assert states(mine.run) == {"Сәрсенова": S.CONFIRMED, "Ғабитова": S.WITHDRAWN}
    assert refused(lambda: handing_over.take_back(hand_over=handed, actor=cast.librarian.actor), Stale) == ENDED
    taker = Enrolment.objects.get(person=cast.colleague.person)
    refused(lambda: deciding.approve(enrolment=taker, actor=cast.director.actor, seen_step=1), Stale)
    assert subjects("hand_over")[-1] == ("colleague", "Әріптесіңіз орнын өзінде қалдырды")


def test_the_colleague_says_no_and_nobody_else_answers(cast):
    handed = asked(cast, place(cast))
    for who in ("librarian", "deputy", "director", "hq"):
        assert refused(lambda who=who: agree(cast, handed, who)) == "Only the colleague who is asked can do this."
    taking_over.refuse(hand_over=handed, actor=cast.colleague.actor, note="Ол апта бос емеспін")
    row = HandOver.objects.get()
    assert (row.state, row.answer, row.settled_at is None) == (H.REFUSED, "Ол апта бос емеспін", False)
    assert refused(lambda: agree(cast, handed), Stale) == ENDED
    assert subjects("hand_over")[-1] == ("librarian", "Әріптесіңіз орынды алмайды")


def test_an_approver_who_declines_leaves_the_place_where_it_is(cast):
    mine = place(cast, chain=rows.director_chain())
    handed = asked(cast, mine)
    agree(cast, handed)
    taker = Enrolment.objects.get(person=cast.colleague.person)
    deciding.decline(enrolment=taker, actor=cast.director.actor, seen_step=1, note="Жоқ")
    assert hand_over_ends.settle(run_id=mine.run_id) == 1
    assert (now_is(handed), states(mine.run)["Сәрсенова"]) == (H.DECLINED, S.CONFIRMED)
    assert hand_over_ends.settle() == 0


def test_a_returned_application_is_sent_again_and_still_gets_the_place(cast):
    mine = place(cast, chain=rows.director_chain())
    handed = asked(cast, mine)
    agree(cast, handed)
    taker = Enrolment.objects.get(person=cast.colleague.person)
    deciding.send_back(enrolment=taker, actor=cast.director.actor, seen_step=1, note="Толықтырыңыз")
    assert hand_over_ends.settle() == 0
    enrolling.resubmit(enrolment=taker, actor=cast.colleague.actor, reason="Толықтырдым")
    assert deciding.approve(enrolment=taker, actor=cast.director.actor, seen_step=1).state == S.CONFIRMED
    assert now_is(handed) == H.DONE


def lapse(cast, mine, handed):
    HandOver.objects.filter(pk=handed.pk).update(until=timezone.now())


def leave(cast, mine, handed):
    enrolling.withdraw(enrolment=mine, actor=cast.librarian.actor)


def call_off(cast, mine, handed):
    type(mine.run).objects.filter(pk=mine.run_id).update(state=RunState.CANCELLED)


def move_away(who):
    def deed(cast, mine, handed):
        Membership.objects.filter(person=getattr(cast, who).person).update(school=cast.other_school)

    return deed


def begin(cast, mine, handed):
    type(mine.run).objects.filter(pk=mine.run_id).update(starts_on=timezone.localdate(), ends_on=timezone.localdate())


def get_a_seat(cast, mine, handed):
    rows.seats(mine.run, [cast.colleague.person], school=cast.school)


ENDS = [
    (lapse, H.LAPSED),
    (leave, H.FALLEN),
    (call_off, H.FALLEN),
    (move_away("librarian"), H.FALLEN),
    (move_away("colleague"), H.FALLEN),
    (begin, H.LAPSED),
    (get_a_seat, H.FALLEN),
]


@pytest.mark.parametrize(("deed", "state"), ENDS)
def test_what_can_no_longer_happen_ends_by_itself_and_is_refused_until_then(cast, deed, state):
    mine = place(cast)
    handed = asked(cast, mine)
    deed(cast, mine, handed)
    assert refused(lambda: agree(cast, handed), Stale) == TOO_LATE
    assert (hand_over_ends.settle(), now_is(handed)) == (1, state)
    told = {who for who, _subject in subjects("hand_over")[1:]}
    assert told == ({"colleague"} if deed in (leave,) else {"colleague", "librarian"})


def test_agreed_in_time_it_may_be_approved_after_the_deadline_but_not_after_the_start(cast):
    mine = place(cast, chain=rows.director_chain())
    handed = asked(cast, mine)
    agree(cast, handed)
    now = timezone.now()
    lapse(cast, mine, handed)
    type(mine.run).objects.filter(pk=mine.run_id).update(cancel_until=now)
    assert hand_over_ends.settle() == 0
    begin(cast, mine, handed)
    taker = Enrolment.objects.get(person=cast.colleague.person)
    refused(lambda: deciding.approve(enrolment=taker, actor=cast.director.actor, seen_step=1), Stale)
    assert (hand_over_ends.settle(), now_is(handed)) == (1, H.LAPSED)
    taker.refresh_from_db()
    assert taker.state == S.WITHDRAWN


def test_an_application_that_was_there_before_stays_when_the_hand_over_falls(cast):
    mine = place(cast, chain=rows.director_chain(), capacity=1)
    own = enrolling.enrol(person=cast.colleague.person, run=mine.run, actor=cast.colleague.actor)
    handed = asked(cast, mine)
    agree(cast, handed)
    leave(cast, mine, handed)
    assert deciding.approve(enrolment=own, actor=cast.director.actor, seen_step=1).state == S.CONFIRMED
    assert (hand_over_ends.settle(), now_is(handed)) == (1, H.FALLEN)
    own.refresh_from_db()
    assert own.state == S.CONFIRMED


def test_words_of_the_erased_go_and_the_other_is_told(cast):
    mine = place(cast)
    handed = asked(cast, mine, reason="Ауырып қалдым")
    person = cast.colleague.person
    person.archived_at = timezone.now()
    person.save()
    registry.erased.tell(person=person, actor=cast.administrator.actor)
    assert hand_over_ends.settle() == 1
    row = HandOver.objects.get(pk=handed.pk)
    assert (row.state, row.reason, row.answer) == (H.FALLEN, "", "")
    queued = Mail.objects.filter(kind="hand_over", state="queued").values_list("address", flat=True)
    assert list(queued) == ["librarian@example.kz"]


def test_a_moment_is_not_longer_than_the_day_before_the_start(cast):
    now = timezone.now()
    run = rows.run(start=now + timedelta(days=3))
    assert hand_over_ends.answer_until(run, now=now) == hand_over_ends.begins(run)
    assert isinstance(hand_over_ends.begins(run), datetime)
